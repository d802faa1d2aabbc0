import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { between, cameraOf, FROM_ANTERIOR, rotated, stateOf, zoomed, type Camera } from "../src/camera";
import { conflictOf, spanText } from "../src/company/conflicts";
import { eased } from "../src/company/glide";
import { editorOf, peopleOf, personOf } from "../src/company/people";
import { Refusals } from "../src/company/refusals";
import { modeOf, OWN_SIGHT, see, type Sight, type SightEvent } from "../src/company/sight";
import { withNewIds } from "../src/instructions";
import type { Activity, Presence } from "../src/protocol";
import { dot, length } from "../src/vector";

const ME = "me";

/** Run events from one's own sight; return the modes after each. */
function modes(events: SightEvent[]): string[] {
  let sight: Sight = OWN_SIGHT;
  return events.map((event) => {
    sight = see(sight, event, ME);
    return modeOf(sight);
  });
}
const presenter = (member_id: string | null): SightEvent => ({ type: "presenter", member_id });
const follow = (member_id: string): SightEvent => ({ type: "follow", member_id });
const LEAVE: SightEvent = { type: "leave" };
const RETURN: SightEvent = { type: "return" };

describe("whose view is looked through", () => {
  test("is the presenter's, until one leaves, and again after returning", () => {
    expect(modes([presenter("ana"), LEAVE, RETURN])).toEqual(["led", "left", "led"]);
  });

  test("is one's own again when nobody presents any more, also after leaving", () => {
    expect(modes([presenter("ana"), presenter(null)])).toEqual(["led", "own"]);
    expect(modes([presenter("ana"), LEAVE, presenter(null)])).toEqual(["led", "left", "own"]);
  });

  test("goes on to the one to whom it was handed over, also for who left", () => {
    expect(modes([presenter("ana"), LEAVE, presenter("ben")])).toEqual(["led", "left", "led"]);
  });

  test("is one's own while one presents oneself", () => {
    expect(modes([presenter("ana"), presenter(ME), presenter("ben")])).toEqual(["led", "own", "led"]);
  });

  test("is never one's own through oneself", () => {
    expect(modes([follow(ME), RETURN])).toEqual(["own", "own"]);
  });

  test("ends with the one who was followed going away, and with nobody else", () => {
    const gone = (member_id: string): SightEvent => ({ type: "gone", member_id });
    expect(modes([follow("ana"), gone("ben"), gone("ana")])).toEqual(["following", "following", "own"]);
  });

  test("can be another member's while somebody presents", () => {
    expect(modes([presenter("ana"), follow("ben"), LEAVE])).toEqual(["led", "following", "left"]);
    expect(modes([follow("ben"), presenter("ana"), presenter(null)])).toEqual(["following", "led", "own"]);
  });
});

describe("a camera that is told to others", () => {
  const size = { width: 800, height: 600 };
  const tilted = zoomed(rotated(FROM_ANTERIOR, size, [120, 60]), size, [100, 100], 0.4);

  test("comes back as it was, zoom included", () => {
    const back = cameraOf(stateOf(tilted)) as Camera;
    for (const axis of [0, 1, 2]) {
      expect(back.focal[axis]).toBeCloseTo(tilted.focal[axis], 9);
      expect(back.direction[axis]).toBeCloseTo(tilted.direction[axis], 9);
      expect(back.up[axis]).toBeCloseTo(tilted.up[axis], 9);
    }
    expect(back.half_height_mm).toBeCloseTo(tilted.half_height_mm, 9);
  });

  test("is none where it looks nowhere", () => {
    const { focal_point, view_up } = stateOf(tilted);
    expect(cameraOf({ position: focal_point, focal_point, view_up })).toBeNull();
    expect(cameraOf({ position: [Number.NaN, 0, 0], focal_point, view_up })).toBeNull();
    expect(cameraOf({ ...stateOf(FROM_ANTERIOR), view_up: [0, 1, 0] })).toBeNull();
  });

  test.each([0, 0.2, 0.5, 0.9, 1])("stays square on its way to another one, at %d", (share) => {
    const camera = between(FROM_ANTERIOR, tilted, share);
    expect(length(camera.direction)).toBeCloseTo(1, 9);
    expect(dot(camera.direction, camera.up)).toBeCloseTo(0, 9);
  });

  test("arrives", () => {
    let camera = FROM_ANTERIOR;
    let frames = 0;
    for (; camera !== tilted && frames < 200; frames += 1) camera = eased(camera, tilted, 16);
    expect(camera).toBe(tilted);
    expect(frames).toBeGreaterThan(5);
  });

  test("arrives also where it looks from the other side", () => {
    let camera = FROM_ANTERIOR;
    const behind: Camera = { ...FROM_ANTERIOR, direction: [0, -1, 0] };
    for (let frames = 0; camera !== behind && frames < 200; frames += 1) camera = eased(camera, behind, 16);
    expect(camera).toBe(behind);
  });
});

describe("a change that replaced another", () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, seconds)).toISOString();
  const activity = (revision: number, member_id: string, summary: string): Activity => ({
    revision, member_id, at: at(revision), summary, branch_id: "main",
  });
  const bens = activity(3, "ben", "moved Skull 1 by 2.0 mm, 0.0°");
  const anas = activity(5, "ana", "moved Skull 1 by 9.0 mm, 0.0°");
  const replaced = [{ kind: "fragment", record_id: "f", member_id: "ben", summary: bens.summary }];
  const names: Record<string, string> = { ana: "Ana", ben: "Ben" };
  const told = (me: string) => conflictOf(anas, replaced, me, (id) => names[id], [bens]);

  test("is told to who made it, with whose it was and when", () => {
    expect(told("ana")).toEqual({
      side: "yours replaced",
      text: "You moved Skull 1 by 9.0 mm, 0.0°. That replaced what Ben did 2 s earlier: moved Skull 1 by 2.0 mm, 0.0°.",
    });
  });

  test("is told to whose change is gone", () => {
    expect(told("ben")?.side).toBe("replaced yours");
    expect(told("ben")?.text).toContain("after you");
  });

  test("is nothing to anybody else, and nothing where nothing was replaced", () => {
    expect(told("cleo")).toBeNull();
    expect(conflictOf(anas, [], "ana", (id) => names[id], [bens])).toBeNull();
  });

  test("is told without a time where that is not known", () => {
    expect(conflictOf(anas, replaced, "ana", (id) => names[id], [])?.text).toContain("what Ben did: moved");
  });

  test("has an age that is read at a glance", () => {
    expect([3, 89, 120, 7200, 400_000].map(spanText)).toEqual(["3 s", "89 s", "2 min", "2 h", "5 days"]);
  });
});

describe("what the panels draw of people", () => {
  const ben: Presence = { lag_ms: 12.4, editing: { kind: "cut", record_id: "c" }, branch_id: "b1" };

  test("is complete, and does not change with the pointer", () => {
    const people = peopleOf(new Map([["ben", ben]]), ME, {});
    expect(people.ben).toEqual({
      idle: false, lag_ms: 10, tool: "select", editing: ben.editing, following: null, branch_id: "b1",
    });
    expect(people[ME].branch_id).toBe("main");
    expect(personOf({ ...ben, cursor: { solid_id: "s", point_mm: [1, 2, 3] } })).toEqual(people.ben);
  });

  test("tells who edits a record, by an open editor or by the hand", () => {
    const hand: Presence = { dragging: { type: "plane", cut_id: "d", plane: { origin: [0, 0, 0], normal: [0, 0, 1] } } };
    const nearby: [string, Presence][] = [["ben", ben], ["ana", hand]];
    expect([editorOf(nearby, "c"), editorOf(nearby, "d"), editorOf(nearby, "e")]).toEqual(["ben", "ana", null]);
  });
});

describe("refused commands", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("are shown where the hand was when they were given, for a while", () => {
    const refusals = new Refusals();
    refusals.hand = [10, 20];
    refusals.remember("op");
    refusals.hand = [300, 400];
    expect(refusals.show("op", "too late")).toBe(true);
    expect(refusals.list).toMatchObject([{ reason: "too late", at: [10, 20] }]);
    vi.advanceTimersByTime(60_000);
    expect(refusals.list).toHaveLength(0);
  });

  test("from the panels have no place in the view", () => {
    const refusals = new Refusals();
    refusals.remember("op");
    expect(refusals.show("op", "too late")).toBe(false);
  });
});

test("ids that a panel leaves open are made by the view", () => {
  const command = { type: "send_message", message_id: "new", text: "new" } as never;
  const made = withNewIds(command) as unknown as Record<string, string>;
  expect(made.message_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(made.text).toBe("new");
});
