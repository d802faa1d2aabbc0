import { describe, expect, test } from "vitest";
import { buildBvh } from "../src/bvh";
import { lettersOf, project, rayThrough, rightOf, type Camera } from "../src/camera";
import { AS_SCANNED, type Frame } from "../src/frames";
import { smoothNormals, type Mesh } from "../src/mesh";
import type { SliceId } from "../src/panes/pane";
import { aboutAxis, apply, fromDisplacement, IDENTITY, inverse, multiply, applyToPlane, type Quaternion } from "../src/rigid";
import { axesOf, cameraOn, fitted, stepMm } from "../src/slices/axes";
import { turnDeg } from "../src/slices/crosshair_lines";
import { handlesAcross, sheetAcross } from "../src/slices/across";
import { areaOf, outlineOf } from "../src/slices/outlines";
import { lengthsOf, worldOnCurve } from "../src/images/curved";
import { curveIn, downFor } from "../src/slices/straight";
import { flatten, placeOn, type Section } from "../src/slices/sections";
import type { Volume } from "../src/images/listing";
import { cross, dot, scale, subtract, type Vector } from "../src/vector";
import { ball } from "./shapes";

const IDS: SliceId[] = ["axial", "coronal", "sagittal"];
const STRAIGHT = IDENTITY.rotation;
const SIZE = { width: 400, height: 300 };
const letters = (camera: { direction: Vector; up: Vector }) => {
  const right = rightOf(camera as Camera);
  return { right: lettersOf(right), up: lettersOf(camera.up) };
};

describe("the axes of slices", () => {
  test("show the patient's left on the right, and the front to the left in a sagittal one", () => {
    expect(letters(axesOf("axial", AS_SCANNED, STRAIGHT))).toEqual({ right: "L", up: "A" });
    expect(letters(axesOf("coronal", AS_SCANNED, STRAIGHT))).toEqual({ right: "L", up: "S" });
    expect(letters(axesOf("sagittal", AS_SCANNED, STRAIGHT))).toEqual({ right: "P", up: "S" });
  });

  test("are the subject's own in a subject's frame", () => {
    // Twin B of the phantom at 30 degrees: head down, turned about the common axis.
    const twin: Frame = { name: "B", left: [-0.8660254, -0.5, 0], posterior: [-0.5, 0.8660254, 0], superior: [0, 0, -1] };
    expect(dot(cross(twin.left, twin.posterior), twin.superior)).toBeCloseTo(1, 6);
    const { direction, up } = axesOf("coronal", twin, STRAIGHT);
    expect(dot(direction, twin.posterior)).toBeCloseTo(1, 6);
    expect(dot(up, twin.superior)).toBeCloseTo(1, 6);
    expect(dot(cross(direction, up), twin.left)).toBeCloseTo(1, 6);
  });

  test("stay at right angles however they are turned, and never mirror", () => {
    let turn: Quaternion = STRAIGHT;
    for (let i = 1; i < 30; i += 1) {
      turn = multiply(aboutAxis([Math.sin(i), Math.cos(2 * i), Math.sin(3 * i)], 17 * i), turn);
      const axes = IDS.map((id) => axesOf(id, AS_SCANNED, turn));
      for (const { direction, up } of axes) {
        expect(dot(direction, up)).toBeCloseTo(0, 9);
        expect(Math.hypot(...up)).toBeCloseTo(1, 9);
        expect(Math.hypot(...direction)).toBeCloseTo(1, 9);
      }
      const [axial, coronal, sagittal] = axes.map(({ direction }) => direction);
      expect(dot(axial, coronal)).toBeCloseTo(0, 9);
      expect(dot(cross(axial, coronal), sagittal)).toBeCloseTo(1, 9);
    }
  });

  test("leave the picture as it is when the others turn about it", () => {
    const before = axesOf("axial", AS_SCANNED, STRAIGHT);
    const after = axesOf("axial", AS_SCANNED, aboutAxis(before.direction, 35));
    expect(after.up.map((value, i) => value - before.up[i]).every((off) => Math.abs(off) < 1e-9)).toBe(true);
  });

  test("turn the others as far as the knob went round the crosshair", () => {
    const camera: Camera = { focal: [0, 0, 0], half_height_mm: 75, ...axesOf("axial", AS_SCANNED, STRAIGHT) };
    // A point at the right, then the same point turned by 20 degrees about the way one looks.
    const from = project(camera, SIZE, [30, 0, 0]);
    const turn = aboutAxis(camera.direction, 20);
    const to = project(camera, SIZE, apply({ rotation: turn, translation_mm: [0, 0, 0] }, [30, 0, 0]));
    expect(turnDeg(project(camera, SIZE, [0, 0, 0]), from, to)).toBeCloseTo(20, 6);
  });
});

describe("the camera of a slice", () => {
  test("looks at the plane through the crosshair, and stays where it was in it", () => {
    const axes = axesOf("coronal", AS_SCANNED, STRAIGHT);
    const { focal } = cameraOn(axes, [5, -3, 8], [90, 17, 60], 80);
    expect(focal).toEqual([5, 17, 8]);
  });

  test("holds all of a box, whichever side is the longer one", () => {
    const axes = axesOf("axial", AS_SCANNED, STRAIGHT);
    expect(fitted(axes, [30, 40, 90], { width: 400, height: 400 })).toBeCloseTo(42.4, 6);
    expect(fitted(axes, [80, 40, 90], { width: 200, height: 400 })).toBeCloseTo(1.06 * 160, 6);
  });

  test("steps by a voxel, also across tilted slices, and by a millimetre without images", () => {
    const volume = (affine_lps: number[][]) => ({ affine_lps, shape_kji: [10, 10, 10] }) as unknown as Volume;
    const upright = volume([[0.4, 0, 0, 0], [0, 0.5, 0, 0], [0, 0, 1.5, 0], [0, 0, 0, 1]]);
    expect(stepMm([0, 0, 1], upright)).toBeCloseTo(1.5, 9);
    expect(stepMm([-1, 0, 0], upright)).toBeCloseTo(0.4, 9);
    // A gantry tilted by 20 degrees: the table still moves along z, slices are nearer to each other.
    const [c, s] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
    const tilted = volume([[0.5, 0, 0, 0], [0, 0.5 * c, 0, 0], [0, 0.5 * s, 3, 0], [0, 0, 0, 1]]);
    expect(stepMm([0, -s, c], tilted)).toBeCloseTo(3 * c, 9);
    expect(stepMm([0, 0, 1], undefined)).toBe(1);
  });
});

describe("a place on a slice", () => {
  const meshOf = (radius: number, centre: Vector): Mesh => {
    const { vertices, triangles } = ball(radius, 40, centre);
    return { vertices, triangles, normals: smoothNormals(vertices, triangles), bvh: buildBvh(vertices, triangles) };
  };
  const camera: Camera = { focal: [0, 0, 0], half_height_mm: 75, ...axesOf("axial", AS_SCANNED, STRAIGHT) };
  const section = (id: string, mesh: Mesh, transform = IDENTITY): Section => {
    const plane = applyToPlane(inverse(transform), { origin: camera.focal, normal: camera.direction });
    const outline = outlineOf(mesh, plane);
    return { id, transform, outline, area: areaOf(outline, plane.normal), solid: {} as Section["solid"], colour: [1, 1, 1], opacity: 1 };
  };
  const at = (sections: Section[], world: Vector) => placeOn(sections, camera, SIZE, project(camera, SIZE, world), world);
  const skin = section("skin", meshOf(60, [0, 0, 0]));
  const brain = section("brain", meshOf(40, [0, 0, 0]));

  test("belongs to the smallest solid around it", () => {
    expect(at([skin, brain], [10, 5, 0]).solid_id).toBe("brain");
    expect(at([skin, brain], [0, -50, 0]).solid_id).toBe("skin");
  });

  test("belongs to the outline that it is on", () => {
    expect(at([skin, brain], [59.8, 0, 0]).solid_id).toBe("skin");
    expect(at([skin, brain], [61.5, 0, 0]).solid_id).toBe("skin");
    expect(at([skin, brain], [40.5, 0, 0]).solid_id).toBe("brain");
  });

  test("is of the images alone beside all solids", () => {
    expect(at([skin, brain], [0, 70, 0])).toEqual({ solid_id: null, point_mm: [0, 70, 0], world_mm: [0, 70, 0] });
  });

  test("is told where the piece was scanned when it is on a moved piece", () => {
    const transform = fromDisplacement(aboutAxis([0, 0, 1], 90), [30, 0, 0], [0, 0, 0]);
    const moved = section("piece", meshOf(10, [20, 0, 0]), transform);
    // The ball about (20, 0, 0) is turned to (0, 20, 0) and shifted to (30, 20, 0).
    const place = at([moved], [33, 20, 0]);
    expect(place.solid_id).toBe("piece");
    place.point_mm.forEach((value, i) => expect(value).toBeCloseTo([20, -3, 0][i], 9));
  });

  test("is drawn where the camera sees it, also through a motion", () => {
    const transform = fromDisplacement(aboutAxis([1, 2, 3], 50), [5, 6, 7], [1, 1, 1]);
    const [u, v, x, y] = flatten(camera, SIZE, transform);
    const point: Vector = [11, -7, 3];
    const [px, py] = project(camera, SIZE, apply(transform, point));
    expect(x + dot(u, point)).toBeCloseTo(px, 9);
    expect(y + dot(v, point)).toBeCloseTo(py, 9);
  });

  test("comes back from its pixel", () => {
    const world: Vector = [12, -31, 0];
    const { origin } = rayThrough(camera, SIZE, project(camera, SIZE, world), 0);
    origin.forEach((value, i) => expect(value).toBeCloseTo(world[i], 9));
  });
});

test("a plane in a slice is shifted by its middle and tilted by its ends, about the way one looks", () => {
  const camera: Camera = { focal: [0, 0, 2], half_height_mm: 75, direction: [0, 0, 1], up: [0, -1, 0] };
  const pane = { id: "axial", camera, size: SIZE, depthOf: (world: Vector) => world[2] - 2 };
  const corners: Vector[] = [[-50, 1, -80], [50, 1, -80], [50, 1, 80], [-50, 1, 80]];
  const [shift, ...knobs] = handlesAcross(pane as never, corners, [0, 1, 0]);
  expect(shift).toMatchObject({ kind: "shift", axis: [0, 1, 0], centre: [0, 1, 2] });
  expect(knobs).toHaveLength(2);
  for (const { kind, axis, points } of knobs) {
    expect([kind, axis]).toEqual(["turn", [0, 0, 1]]);
    expect(points[0][1]).toBeCloseTo(1, 9);
    expect(points[0][2]).toBeCloseTo(2, 9);
    expect(Math.abs(points[0][0])).toBeCloseTo(45, 9);
  }
});

test("the sheet of a cut crosses a slice in a line, or not at all", () => {
  const pane = { depthOf: (world: Vector) => dot(subtract(world, [0, 0, 2]), [0, 0, 1]) };
  const corners: Vector[] = [[-5, 1, -8], [5, 1, -8], [5, 1, 8], [-5, 1, 8]];
  expect(sheetAcross(pane as never, corners)).toEqual([[5, 1, 2], [-5, 1, 2]]);
  expect(sheetAcross(pane as never, corners.map((corner) => scale(corner, 0.1)))).toBeNull();
});

describe("a straightened curve", () => {
  // A quarter of a circle of 40 mm in an axial plane.
  const arc = Array.from({ length: 91 }, (_, i): Vector => [40 * Math.cos((Math.PI * i) / 180), 40 * Math.sin((Math.PI * i) / 180), 7]);

  test("is as long as the curve, and its pixels come from beside it", () => {
    const curve = curveIn(arc, downFor(arc, AS_SCANNED), { width: 328, height: 120 });
    const lengthMm = lengthsOf(arc)[90];
    expect(lengthMm).toBeCloseTo(20 * Math.PI, 2);
    expect(curve.mm_per_pixel).toBeCloseTo(lengthMm / 300, 9);
    const at = (mm: number, y: number) => worldOnCurve(curve, (mm - curve.from_mm) / curve.mm_per_pixel, y) as Vector;
    at(0, 59.5).forEach((value, i) => expect(value).toBeCloseTo([40, 0, 7][i], 6));
    // Ten pixels further down is further towards the feet.
    at(lengthMm / 2, 69.5).forEach((value, i) =>
      expect(value).toBeCloseTo([40 * Math.SQRT1_2, 40 * Math.SQRT1_2, 7 - 10 * curve.mm_per_pixel][i], 2),
    );
  });

  test("looks towards the feet, or to the back where the curve itself runs down", () => {
    expect(downFor(arc, AS_SCANNED).map((value) => value + 0)).toEqual([0, 0, -1]);
    expect(downFor([[0, 0, 0], [3, 0, -50]], AS_SCANNED).map((value) => value + 0)).toEqual([0, 1, 0]);
  });
});
