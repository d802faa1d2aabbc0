import { describe, expect, test } from "vitest";
import { FROM_ANTERIOR, project, type Camera } from "../src/camera";
import { begun, clickMeans, finished, previewOf, problemWith, withoutLast, withPlace, type Draft } from "../src/markups/draft";
import { KINDS, kindOf, promptFor } from "../src/markups/kinds";
import type { ControlPoint, MarkupKind } from "../src/records";
import { EDIT, PLACE, type PlaceEvent } from "../src/markups/tables";
import { NOWHERE, SLICE_VIEWS, type Pane, type PaneId, type Place, type SliceId } from "../src/panes/pane";
import { Machine, type Table } from "../src/tools/machine";
import type { Vector } from "../src/vector";

type AnyTable = Table<string, string, string>;

function run(table: AnyTable, events: string[], start = "idle") {
  const done: string[] = [];
  const acts = new Proxy({}, { get: (_, name) => () => void done.push(String(name)) });
  const machine = new Machine<string, string, string, null>(table, start, acts);
  for (const event of events) machine.send(event, null);
  return { state: machine.state, done };
}

const worldOf = ({ point_mm }: ControlPoint): Vector => point_mm;
const nameOf = (id: string) => id;

function pane(id: PaneId): Pane {
  const camera: Camera = id === "3d" ? FROM_ANTERIOR : { ...FROM_ANTERIOR, ...SLICE_VIEWS[id as SliceId] };
  const size = { width: 400, height: 240 };
  return { ...NOWHERE, id, camera, size, toScreen: (world) => project(camera, size, world) };
}
const SPACE = pane("3d");
const AXIAL = pane("axial");

const on = (solid_id: string | null, world_mm: Vector): Place => ({ solid_id, point_mm: world_mm, world_mm });

/** Place points one after the other. */
function placed(kind: MarkupKind, where: Pane, places: Place[]): Draft {
  return places.reduce((draft, place) => withPlace(draft, place, where, worldOf), begun(kindOf(kind)));
}

describe.each([
  ["placing", PLACE as unknown as AnyTable],
  ["editing", EDIT as unknown as AnyTable],
])("the table of %s", (_, table) => {
  test("leads only to states that it has, and reaches them all", () => {
    const reached = new Set(["idle"]);
    for (const state of reached) for (const step of Object.values(table[state])) reached.add(step!.to);
    expect([...reached].sort()).toEqual(Object.keys(table).sort());
  });

  test("comes back to idle by Escape", () => {
    for (const state of Object.keys(table)) expect(run(table, ["cancel", "cancel"], state).state).toBe("idle");
  });
});

describe("placing", () => {
  const table = PLACE as unknown as AnyTable;

  test("finishes by itself with the last point, else when it is told to", () => {
    expect(run(table, ["click", "hover", "last"])).toEqual({ state: "idle", done: ["add", "preview", "addAndCommit"] });
    expect(run(table, ["click", "click", "click", "finish"]).done.at(-1)).toBe("commit");
    expect(run(table, ["finish"]).done).toEqual([]);
  });

  test("takes points back one by one, and is over without any", () => {
    expect(run(table, ["click", "click", "back", "empty"])).toEqual({
      state: "idle",
      done: ["add", "add", "takeBack", "discard"],
    });
  });

  test("draws with the pen down only", () => {
    expect(run(table, ["draw", "drag", "drag", "release"])).toEqual({
      state: "idle",
      done: ["draw", "draw", "draw", "commit"],
    });
    expect(run(table, ["drag", "release"]).done).toEqual([]);
  });

  test("keeps a text only when it is saved", () => {
    expect(run(table, ["write", "cancel"]).done).toEqual(["open", "discard"]);
    expect(run(table, ["write", "write", "save"]).done).toEqual(["open", "open", "commit"]);
  });
});

describe("editing", () => {
  test("moves nothing that was not taken hold of, and tells it once", () => {
    const table = EDIT as unknown as AnyTable;
    expect(run(table, ["chosen", "drag", "release"]).done).toEqual([]);
    expect(run(table, ["chosen", "grab", "drag", "drag", "release"]).done).toEqual(["hold", "preview", "preview", "commit"]);
    expect(run(table, ["chosen", "grab", "drag", "cancel"]).done.at(-1)).toBe("revert");
  });
});

describe("what a click means", () => {
  const means = (draft: Draft, where: Pane, at: Vector): PlaceEvent | null =>
    clickMeans(draft, where.toScreen(at), where, worldOf);

  test("every kind says what the next click does", () => {
    for (const kind of KINDS) for (let n = 0; n < 5; n += 1) expect(promptFor(kind, n).length).toBeGreaterThan(8);
    expect(promptFor(kindOf("angle"), 1)).toBe("Click the vertex of the angle");
  });

  test("keys are one each in their menu", () => {
    for (const tool of ["measure", "annotate"]) {
      const keys = KINDS.filter((kind) => kind.tool === tool).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test("a line ends with its second point, an angle with its third", () => {
    const line = placed("line", SPACE, [on("bone", [0, -60, 0])]);
    expect(means(line, SPACE, [40, -60, 0])).toBe("last");
    const angle = placed("angle", SPACE, [on("bone", [0, -60, 0])]);
    expect(means(angle, SPACE, [40, -60, 0])).toBe("click");
  });

  test("the second half of a double click adds no point, it finishes", () => {
    const path = placed("surface_path", SPACE, [on("bone", [0, -60, 0]), on("bone", [40, -60, 0])]);
    expect(means(path, SPACE, [40.2, -60, 0])).toBe("finish");
    const begin = placed("surface_path", SPACE, [on("bone", [0, -60, 0])]);
    expect(means(begin, SPACE, [0.2, -60, 0])).toBeNull();
  });

  test("an outline is closed on its first point, once it has three", () => {
    const three = [on(null, [0, 0, 0]), on(null, [40, 0, 0]), on(null, [40, 40, 0])];
    expect(means(placed("closed_curve", AXIAL, three), AXIAL, [2, 1, 0])).toBe("finish");
    expect(means(placed("closed_curve", AXIAL, three.slice(0, 2)), AXIAL, [2, 1, 0])).toBe("click");
  });
});

describe("where a kind can be placed", () => {
  const problem = (draft: Draft, place: Place, where: Pane) => problemWith(draft, place, where, nameOf);

  test("a region of an ellipse is drawn in a slice, and stays on the one it was begun on", () => {
    const empty = begun(kindOf("roi_ellipse"));
    expect(problem(empty, on("bone", [0, 0, 0]), SPACE)).toMatch(/slice/);
    expect(problem(empty, on(null, [0, 0, 5]), AXIAL)).toBeNull();
    const begunAt5 = placed("roi_ellipse", AXIAL, [on(null, [0, 0, 5])]);
    expect(problem(begunAt5, on(null, [9, 0, 5]), AXIAL)).toBeNull();
    expect(problem(begunAt5, on(null, [9, 0, 6]), AXIAL)).toMatch(/another slice/);
    expect(problem(begunAt5, on(null, [9, 0, 5]), pane("coronal"))).toMatch(/another slice/);
  });

  test("a path stays on one surface", () => {
    const path = placed("surface_path", SPACE, [on("bone", [0, -60, 0])]);
    expect(problem(path, on("skin", [5, -70, 0]), SPACE)).toBe("A path stays on one surface, here bone.");
    expect(problem(begun(kindOf("surface_path")), on(null, [5, -70, 0]), AXIAL)).toMatch(/structure/);
  });

  test("a gap is between two", () => {
    const one = placed("gap", SPACE, [on("bone", [0, -60, 0])]);
    expect(problem(one, on("bone", [3, -60, 0]), SPACE)).toMatch(/another structure/);
    expect(finished(withPlace(one, on("skin", [3, -70, 0]), SPACE, worldOf), worldOf)).toEqual({
      kind: "gap",
      points: [],
      plane: null,
      solid_ids: ["bone", "skin"],
    });
  });
});

describe("what the room is asked to keep", () => {
  test("points stick to what they were placed on, and stand in the images elsewhere", () => {
    const draft = placed("line", AXIAL, [on("bone", [0, -60, 5]), on(null, [9, 0, 5])]);
    expect(finished(draft, worldOf)).toEqual({
      kind: "line",
      points: [
        { point_mm: [0, -60, 5], solid_id: "bone" },
        { point_mm: [9, 0, 5], solid_id: null },
      ],
      plane: { origin: [0, -60, 5], normal: [0, 0, 1] },
      solid_ids: [],
    });
  });

  test("a line from one slice to another lies on none", () => {
    const begun5 = placed("line", AXIAL, [on(null, [0, 0, 5])]);
    expect(finished(withPlace(begun5, on(null, [9, 0, 8]), AXIAL, worldOf), worldOf)?.plane).toBeNull();
    expect(finished(withPlace(begun5, on("bone", [9, 0, 5]), SPACE, worldOf), worldOf)?.plane).toBeNull();
  });

  test("a region sticks to nothing, has upright axes, and two points make a circle", () => {
    const two = placed("roi_ellipse", AXIAL, [on("bone", [0, 0, 5]), on(null, [6, 0, 5])]);
    expect(finished(two, worldOf)?.points.map((p) => p.solid_id)).toEqual([null, null, null]);
    expect(finished(two, worldOf)?.points[2].point_mm).toEqual([0, 6, 5]);
    const three = withPlace(two, on(null, [2, 4, 5]), AXIAL, worldOf);
    expect(finished(three, worldOf)?.points[2].point_mm).toEqual([0, 4, 5]);
  });

  test("what is too small to be meant is not kept", () => {
    expect(finished(placed("line", SPACE, [on("bone", [0, 0, 0]), on("bone", [0.05, 0, 0])]), worldOf)).toBeNull();
    expect(finished(placed("line", SPACE, [on("bone", [0, 0, 0])]), worldOf)).toBeNull();
    const flat = placed("roi_ellipse", AXIAL, [on(null, [0, 0, 5]), on(null, [6, 0, 5]), on(null, [3, 0, 5])]);
    expect(finished(flat, worldOf)).toBeNull();
  });

  test("the preview follows the pointer, and a point taken back is gone", () => {
    const line = { ...placed("line", SPACE, [on("bone", [0, 0, 0])]), hover: [5, 0, 0] as Vector };
    expect(previewOf(line, worldOf)).toEqual([[0, 0, 0], [5, 0, 0]]);
    expect(previewOf(withoutLast(line), worldOf)).toEqual([[5, 0, 0]]);
    const box = { ...placed("roi_box", AXIAL, [on(null, [0, 0, 5])]), hover: [10, 4, 5] as Vector };
    expect(previewOf(box, worldOf)).toEqual([[0, 0, 3], [10, 4, 7]]);
  });
});
