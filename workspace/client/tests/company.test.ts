import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { between, cameraOf, FROM_ANTERIOR, rotated, stateOf, zoomed, type Camera, type Pixel } from "../src/camera";
import { conflictOf, spanText } from "../src/company/conflicts";
import { frustumOf } from "../src/company/frusta";
import { eased } from "../src/company/glide";
import { editorOf, peopleOf, personOf } from "../src/company/people";
import { placeIn } from "../src/company/pointers";
import { Refusals } from "../src/company/refusals";
import { spotOf } from "../src/company/showing";
import { modeOf, OWN_SIGHT, see, type Sight, type SightEvent } from "../src/company/sight";
import { withNewIds } from "../src/instructions";
import { NOWHERE } from "../src/panes/pane";
import type { Activity, Change, Presence } from "../src/protocol";
import { add, distanceMm, dot, length, normalize, scale, subtract, type Vector } from "../src/vector";

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

describe("where a change is", () => {
  const cut: Change = { kind: "cuts", id: "c", value: { world_plane: { origin: [1, 2, 3], normal: [0, 0, 1] } } };
  const piece: Change = { kind: "fragments", id: "f", value: { name: "Bone 1" } };

  test("is the plane of a cut, also where pieces come with it", () => {
    expect(spotOf([piece, cut])).toEqual({ point_mm: [1, 2, 3], id: "c" });
  });

  test("is the first point of what was drawn, the piece that was moved, the place of a note", () => {
    expect(spotOf([{ kind: "markups", id: "m", value: { world_points: [[4, 5, 6], [7, 8, 9]] } }])?.point_mm).toEqual([4, 5, 6]);
    expect(spotOf([piece])).toEqual({ point_mm: null, id: "f" });
    expect(spotOf([{ kind: "notes", id: "n", value: { world_mm: [1, 1, 1] } }])?.id).toBe("n");
  });

  test("is nowhere where it was taken away, or is about no place", () => {
    expect(spotOf([{ ...cut, value: null }])).toBeNull();
    expect(spotOf([{ kind: "status", id: "status", value: {} }])).toBeNull();
  });
});

describe("the pointer of another", () => {
  const slice = { ...NOWHERE, size: { width: 100, height: 100 }, toScreen: ([x, y]: Vector): Pixel => [x, y], depthOf: ([, , z]: Vector) => z };

  test("is clear in the slice, faint beside it, and not far from it or outside", () => {
    expect(placeIn(slice, [10, 20, 1])).toEqual({ at: [10, 20], off: false });
    expect(placeIn(slice, [10, 20, -5])).toEqual({ at: [10, 20], off: true });
    expect(placeIn(slice, [10, 20, 60])).toBeNull();
    expect(placeIn(slice, [101, 20, 0])).toBeNull();
  });
});

test("the pyramid of another's view looks the way they look, and fits into one's own", () => {
  const camera = { focal: [10, 20, 30] as Vector, direction: [0, 1, 0] as Vector, up: [0, 0, 1] as Vector, half_height_mm: 500 };
  const { eye, corners, focal } = frustumOf(camera, 100);
  expect(focal).toEqual([10, 20, 30]);
  expect(distanceMm(eye, focal)).toBeCloseTo(62, 9);
  expect(eye[1]).toBeLessThan(20);
  const middle = corners.reduce((sum, corner) => add(sum, scale(corner, 0.25)), [0, 0, 0] as Vector);
  expect(normalize(subtract(middle, eye))).toEqual([0, 1, 0]);
  expect(distanceMm(corners[0], corners[1]) / distanceMm(corners[1], corners[2])).toBeCloseTo(4 / 3, 9);
});
