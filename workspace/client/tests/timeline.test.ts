import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Advanced } from "../src/protocol";
import type { Room } from "../src/room";
import { emptyView } from "../src/store";
import { appended, branchAt, placeOf, timeText, type Moment } from "../src/timeline/moments";
import { move, stayMs, type PlayEvent, type Playhead } from "../src/timeline/playing";
import { Timeline } from "../src/timeline/timeline";
import { shallowReactive } from "vue";

/** Moments 1, 2, ... at these seconds. */
const moments = (...seconds: number[]): Moment[] =>
  seconds.map((second, i) => ({
    revision: i + 1, at: new Date(Date.UTC(2026, 0, 1, 9, 0, second)).toISOString(),
    member_id: "ana", summary: `did ${i + 1}`, branch_id: "main", mark: null, label: "",
  }));
const run = (head: Playhead, count: number, ...events: PlayEvent[]) =>
  events.reduce((at, event) => move(at, event, count), head);
const AT_END: Playhead = { place: 4, playing: false };

describe("the playhead", () => {
  test("plays from the beginning when it stands at the end, and stops there", () => {
    const start = run(AT_END, 5, { type: "play" });
    expect(start).toEqual({ place: 0, playing: true });
    const shown = Array<PlayEvent>(4).fill({ type: "shown" });
    expect(run(start, 5, ...shown)).toEqual({ place: 4, playing: false });
  });

  test("pauses when it is taken hold of, and never leaves the strip", () => {
    expect(run({ place: 2, playing: true }, 5, { type: "seek", place: 99 })).toEqual(AT_END);
    expect(run({ place: 0, playing: true }, 5, { type: "step", by: -1 })).toEqual({ place: 0, playing: false });
  });

  test("stays at now when there is more, and stays in the past when it is there", () => {
    expect(run(AT_END, 5, { type: "grown", count: 6 }).place).toBe(5);
    expect(run({ place: 2, playing: false }, 5, { type: "grown", count: 6 }).place).toBe(2);
  });

  test("does not move where nothing plays", () => {
    expect(run({ place: 1, playing: false }, 5, { type: "shown" }).place).toBe(1);
    expect(run({ place: 0, playing: false }, 1, { type: "play" })).toEqual({ place: 0, playing: false });
  });
});

describe("a moment", () => {
  test("stays as long as it did, divided by the speed", () => {
    expect(stayMs(moments(0, 2), 0, 1)).toBe(2000);
    expect(stayMs(moments(0, 2), 0, 10)).toBe(200);
    expect(stayMs(moments(0, 2), 0, Infinity)).toBe(0);
  });

  test("of a pause is shortened", () => {
    expect(stayMs(moments(0, 40_000), 0, 1)).toBe(3000);
    expect(stayMs(moments(0, 40_000), 0, 60)).toBe(50);
  });

  test("stays long enough to be seen, also where the clock went back", () => {
    expect(stayMs(moments(5, 5), 0, 60)).toBe(40);
    expect(stayMs(moments(5, 1), 0, 1)).toBe(40);
  });

  test("that is the last one stays", () => {
    expect(stayMs(moments(0, 2), 1, 1)).toBeNull();
  });

  test("is found by its revision", () => {
    const five = moments(0, 1, 2, 3, 4);
    expect([0, 1, 3, 5, 9].map((revision) => placeOf(five, revision))).toEqual([0, 0, 2, 4, 4]);
  });

  test("of a time before a branch was opened shows the branch that it came from", () => {
    const plan = {
      branches: { b: { from_version_id: "v", created_at: "2026-01-02T00:00:00Z" }, c: { from_version_id: "w", created_at: "2026-01-03T00:00:00Z" } },
      versions: { v: { branch_id: "main" }, w: { branch_id: "b" } },
    } as unknown as Parameters<typeof branchAt>[0];
    const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
    expect([1, 2, 3].map((day) => branchAt(plan, "c", at(day)))).toEqual(["main", "b", "c"]);
    expect(branchAt(plan, "main", at(1))).toBe("main");
    expect(branchAt(plan, "gone", at(1))).toBe("gone");
  });

  test("is appended once", () => {
    const two = moments(0, 1);
    expect(appended(two, two[1])).toBe(two);
    expect(appended(two, { ...two[1], revision: 3 })).toHaveLength(3);
  });

  test("has a time that is read at a glance, and none where there is none", () => {
    expect(timeText("2026-01-01T09:00:00Z")).toMatch(/1 Jan 2026, \d\d:00:00/);
    expect(timeText("")).toBe("");
  });
});

describe("a timeline over a server", () => {
  const asked: string[] = [];
  const room = () => {
    const state = shallowReactive({ past: null as number | null, branchId: "main", view: emptyView() });
    return {
      state,
      now: emptyView(),
      showPast(revision: number, view: object) {
        Object.assign(state, { past: revision, view });
      },
      showNow() {
        state.past = null;
      },
    };
  };
  const note = (revision: number) => ({
    revision, changes: [{ kind: "notes", id: `n${revision}`, value: { text: `${revision}` } }],
  });
  const answers = (url: string): unknown => {
    if (url.endsWith("timeline")) return { first: 1, last: 5, moments: moments(0, 1, 2, 3, 4) };
    if (url.includes("/at/")) return { view: { ...emptyView(), notes: { n1: { text: "1" } } } };
    return { steps: [2, 3, 4, 5].map(note) };
  };

  beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
    vi.stubGlobal("requestAnimationFrame", (act: () => void) => setTimeout(act, 0));
    vi.stubGlobal("fetch", (url: string) => {
      asked.push(url);
      return Promise.resolve({ ok: !url.includes("/at/4"), status: 404, json: () => Promise.resolve(answers(url)) });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("asks for one moment, and steps on to the others", async () => {
    const it = room();
    const timeline = new Timeline(it as unknown as Room, "/r/m/");
    await timeline.show(1);
    await vi.runOnlyPendingTimersAsync();
    expect(it.state.past).toBe(1);
    timeline.act({ type: "play" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(it.state.past).toBeNull();
    expect(timeline.state.head).toEqual({ place: 4, playing: false });
    expect(asked.filter((url) => url.includes("/at/"))).toEqual(["/r/m/at/1?branch=main"]);
    expect(asked.filter((url) => url.includes("steps"))).toEqual(["/r/m/steps?after=1&count=200&branch=main"]);
  });

  test("counts what happens meanwhile, and forgets it at now", async () => {
    const it = room();
    const timeline = new Timeline(it as unknown as Room, "/r/m/");
    await timeline.show(2);
    await vi.runOnlyPendingTimersAsync();
    const activity = { revision: 6, member_id: "ben", at: "", summary: "x", branch_id: "main" };
    const changes = [{ kind: "versions", id: "v1", value: {} }];
    timeline.grow({ activity, changes } as unknown as Advanced, emptyView());
    expect(timeline.state.since).toBe(1);
    expect(timeline.state.moments.map(({ mark }) => mark)).toEqual([null, null, null, null, null, "version"]);
    expect(timeline.state.head.place).toBe(1);
    timeline.act({ type: "now" });
    expect([it.state.past, timeline.state.since]).toEqual([null, 0]);
  });

  test("says so where the history does not come, and stays where it was", async () => {
    const it = room();
    const timeline = new Timeline(it as unknown as Room, "/r/m/");
    await timeline.show(4);
    await vi.runOnlyPendingTimersAsync();
    expect(timeline.state.failure).toContain("404");
    expect(it.state.past).toBeNull();
  });
});
