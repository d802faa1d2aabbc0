import { describe, expect, test } from "vitest";
import { project, type Camera } from "../src/camera";
import { HAND, movedInView, type HandEvent } from "../src/panes/cursor";
import { SLICE_VIEWS } from "../src/panes/pane";
import { aboutAxis, rotate } from "../src/rigid";
import { Machine } from "../src/tools/machine";
import { dot, length, subtract, type Vector } from "../src/vector";

function run(events: HandEvent[]) {
  const done: string[] = [];
  const note = (name: string) => () => void done.push(name);
  const machine = new Machine(HAND, "pointer", { move: note("move"), click: note("click"), finish: note("finish") });
  for (const event of events) machine.send(event, null);
  return { state: machine.state, done };
}

describe("Enter", () => {
  test("places a point at the crosshair, and the next one once that has moved", () => {
    expect(run(["enter", "move", "enterBegun"])).toEqual({ state: "keys", done: ["click", "move", "click"] });
  });

  test("pressed twice is a click made twice: the place in hand ends as by a double click", () => {
    expect(run(["move", "enter", "move", "enterBegun", "enterBegun"]).done).toEqual(["move", "click", "move", "click", "click"]);
  });

  test("ends what a pointer has begun, and grows nothing at the crosshair", () => {
    expect(run(["press", "enterBegun"])).toEqual({ state: "pointer", done: ["finish"] });
    expect(run(["move", "press", "enterBegun"]).done).toEqual(["move", "finish"]);
  });

  test("goes on with keys where a pointer began, once they have moved the crosshair", () => {
    expect(run(["press", "move", "enterBegun"]).done).toEqual(["move", "click"]);
  });
});

describe("the crosshair moved by keys", () => {
  const START: Vector = [10, -20, 30];
  const SIZE = { width: 400, height: 240 };
  const oblique = aboutAxis([1, 2, 3].map((v) => v / Math.sqrt(14)) as Vector, 37);
  const cameras: [string, Camera][] = Object.entries(SLICE_VIEWS).flatMap(([name, { direction, up }]) => {
    const straight: Camera = { focal: [1, 2, 3], direction, up, half_height_mm: 60 };
    const turned: Camera = { ...straight, direction: rotate(oblique, direction), up: rotate(oblique, up) };
    return [[name, straight], [`${name}, oblique`, turned]] as [string, Camera][];
  });

  test.each(cameras)("stays in the plane and goes as far as told: %s", (_, camera) => {
    const moved = movedInView(START, camera, [3, -4]);
    const way = subtract(moved, START);
    expect(dot(way, camera.direction)).toBeCloseTo(0, 12);
    expect(length(way)).toBeCloseTo(5, 12);
    const [before, after] = [project(camera, SIZE, START), project(camera, SIZE, moved)];
    // Half a millimetre a pixel: 3 mm to the right, 4 mm upwards on the screen.
    expect(after[0] - before[0]).toBeCloseTo(6, 9);
    expect(after[1] - before[1]).toBeCloseTo(-8, 9);
  });

  test("goes towards the patient's left where the right arrow points, in axial and coronal slices", () => {
    for (const id of ["axial", "coronal"] as const) {
      const camera: Camera = { focal: START, ...SLICE_VIEWS[id], half_height_mm: 60 };
      expect(movedInView(START, camera, [5, 0])).toEqual([15, -20, 30]);
    }
    const sagittal: Camera = { focal: START, ...SLICE_VIEWS.sagittal, half_height_mm: 60 };
    expect(movedInView(START, sagittal, [5, 0])).toEqual([10, -15, 30]);
  });
});
