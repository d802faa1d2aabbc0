import { describe, expect, it } from "vitest";
import { SLICE_VIEWS } from "../src/panes/pane";
import { axisAcross, gridOf, indexAt, moved, worldAt } from "../src/images/grid";
import { sampleRow, voxelAt } from "../src/images/sampling";
import { nativeSlice, slicePlane, sliceNative, trimmed, type Raster } from "../src/images/slicing";
import { add, cross, dot, normalize, scale, type Vector } from "../src/vector";
import { AFFINES, fieldOf, halved, ramp, rampField, SHAPE } from "./fields";

const names = Object.keys(AFFINES);
const at = ({ origin, across, down }: Raster, x: number, y: number): Vector =>
  add(origin, add(scale(across, x), scale(down, y)));

/** Pixels whose samples lie between voxel centres: beyond them a volume has its edge values. */
function inside(raster: Raster, field: { grid: ReturnType<typeof gridOf> }, margin = 0) {
  const found: [number, Vector][] = [];
  for (let y = 0; y < raster.height; y += 1)
    for (let x = 0; x < raster.width; x += 1) {
      const world = at(raster, x, y);
      const index = indexAt(field.grid, world);
      if (index.every((v, axis) => v >= margin && v <= field.grid.counts[axis] - 1 - margin))
        found.push([raster.values[x + y * raster.width], world]);
    }
  return found;
}

/** The largest difference between pixels and the value of their places; `more` is expected on top. */
const worst = (pixels: [number, Vector][], more = 0): number =>
  Math.max(...pixels.map(([value, world]) => Math.abs(value - ramp(world) - more)));

function planeThrough(field: { grid: ReturnType<typeof gridOf> }, normal: Vector, up: Vector, mm = 0.6) {
  const middle = worldAt(field.grid, [10.3, 8.2, 6.4]);
  const right = cross(normal, up);
  const [across, down] = [scale(right, mm), scale(up, -mm)];
  const size = { width: 61, height: 47 };
  const corner = add(scale(across, -(size.width - 1) / 2), scale(down, -(size.height - 1) / 2));
  return { ...size, across, down, origin: add(middle, corner) };
}

describe.each(names)("on a grid that is %s", (name) => {
  const field = rampField(AFFINES[name]);

  it("index and world are each other's inverse", () => {
    const index: Vector = [3.25, 11.5, 7.75];
    indexAt(field.grid, worldAt(field.grid, index)).forEach((v, n) => expect(v).toBeCloseTo(index[n], 9));
  });

  it.each(["axial", "coronal", "sagittal"] as const)("a %s plane shows the value of each place", (view) => {
    const { direction, up } = SLICE_VIEWS[view];
    const raster = slicePlane(field, planeThrough(field, direction, up), direction, null);
    const pixels = inside(raster, field);
    expect(pixels.length).toBeGreaterThan(100);
    expect(worst(pixels)).toBeLessThan(1e-3);
  });

  it("an oblique plane shows the value of each place, at every level", () => {
    const normal = normalize([0.4, -0.7, 0.59]);
    const up = normalize(cross(normal, [1, 0, 0.2]));
    for (const level of [field, halved(field)]) {
      const raster = slicePlane(level, planeThrough(field, normal, up), normal, null);
      const pixels = inside(raster, level);
      expect(pixels.length).toBeGreaterThan(100);
      expect(worst(pixels)).toBeLessThan(1e-3);
    }
  });

  it("slices along the grid's own axes are its voxels, where they lie, at every level", () => {
    for (const level of [field, halved(field)])
      for (const axis of [0, 1, 2]) {
        const { steps } = level.grid;
        const normal = normalize(cross(steps[(axis + 1) % 3], steps[(axis + 2) % 3]));
        expect(axisAcross(level.grid, normal)).toBe(axis);
        const slice = nativeSlice(level.grid, worldAt(level.grid, [4, 4, 4]), normal, null);
        expect(slice).toEqual({ axis, first: 4, last: 4 });
        const raster = sliceNative(level, slice!, "max");
        const pixels = inside(raster, level, -1e-6);
        expect(pixels.length).toBe(raster.width * raster.height);
        expect(worst(pixels)).toBeLessThan(1e-3);
      }
  });

  it("the mean of a slab of a straight function is its middle, the maximum its highest side", () => {
    const normal = normalize([0.2, 0.9, -0.4]);
    const up = normalize(cross(normal, [1, 0, 0]));
    const frame = planeThrough(field, normal, up);
    const slope = dot([2, -3, 5], normal);
    const slab = (mode: "max" | "min" | "mean") => slicePlane(field, frame, normal, { mm: 3, mode });
    const [mean, max, min] = [slab("mean"), slab("max"), slab("min")];
    const whole = inside(mean, field, 3.5);
    expect(whole.length).toBeGreaterThan(20);
    expect(worst(whole)).toBeLessThan(1e-3);
    expect(worst(inside(max, field, 3.5), 1.5 * Math.abs(slope))).toBeLessThan(1e-3);
    expect(worst(inside(min, field, 3.5), -1.5 * Math.abs(slope))).toBeLessThan(1e-3);
  });

  it("the value at a point is the voxel's in which it lies, and none outside", () => {
    expect(voxelAt(field, worldAt(field.grid, [5.4, 2.6, 7]))).toBeCloseTo(ramp(worldAt(field.grid, [5, 3, 7])), 3);
    expect(voxelAt(field, worldAt(field.grid, [-0.6, 2, 7]))).toBeNull();
    expect(voxelAt(field, worldAt(field.grid, [5, 2, SHAPE[0] - 0.4]))).toBeNull();
  });
});

describe("a slab along the grid", () => {
  it("takes the slices whose centres lie in it, and at least the nearest", () => {
    const { grid } = rampField(AFFINES.straight);
    const normal: Vector = [0, 0, 1];
    const of = (k: number, mm: number) =>
      nativeSlice(grid, worldAt(grid, [0, 0, k]), normal, { mm, mode: "mean" });
    expect(of(5, 4.5)).toEqual({ axis: 2, first: 4, last: 6 });
    expect(of(5, 0)).toEqual({ axis: 2, first: 5, last: 5 });
    expect(of(5.4, 0.1)).toEqual({ axis: 2, first: 5, last: 5 });
    expect(of(-9, 3)).toEqual({ axis: 2, first: 0, last: -1 });
  });

  it("of a straight function has the mean of its middle", () => {
    const field = rampField(AFFINES["sheared by a tilted gantry"]);
    const slice = nativeSlice(field.grid, worldAt(field.grid, [0, 0, 6]), [0, 0, 1], { mm: 8.4, mode: "mean" });
    const raster = sliceNative(field, slice!, "mean");
    expect(worst(inside(raster, field))).toBeLessThan(1e-3);
  });
});

it("beyond the volume there is nothing, and at its edge the voxel's own value", () => {
  const field = rampField(AFFINES.straight);
  const values = new Float32Array(7);
  const start = worldAt(field.grid, [-1.5, 3, 3]);
  sampleRow(field, { start, step: scale(field.grid.steps[0], 0.5), count: 7 }, { values, offset: 0, stride: 1 });
  const first = ramp(worldAt(field.grid, [0, 3, 3]));
  expect(values[0]).toBeNaN();
  expect(values[1]).toBeNaN();
  expect(values[2]).toBeCloseTo(first, 3);
  expect(values[3]).toBeCloseTo(first, 3);
  expect(values[4]).toBeCloseTo(ramp(worldAt(field.grid, [0.5, 3, 3])), 3);
});

it("a part of a plane that cannot see the volume is left out, and nothing else", () => {
  const field = rampField(AFFINES.rotated);
  const normal = normalize([0.4, -0.7, 0.59]);
  const frame = planeThrough(field, normal, normalize(cross(normal, [1, 0, 0.2])), 2);
  const whole = slicePlane(field, frame, normal, null);
  const part = slicePlane(field, trimmed(frame, field.grid)!, normal, null);
  expect(part.values.length).toBeLessThan(whole.values.length);
  const seen = (values: Float32Array) => values.filter((value) => !Number.isNaN(value)).length;
  expect(seen(part.values)).toBe(seen(whole.values));
});

it("a registered volume lies where its matrix puts it", () => {
  const field = rampField(AFFINES.rotated);
  const c = Math.cos(0.3);
  const s = Math.sin(0.3);
  const matrix = [[c, -s, 0, 5], [s, c, 0, -2], [0, 0, 1, 9], [0, 0, 0, 1]];
  const placed = { ...field, grid: moved(field.grid, matrix) };
  const own = worldAt(field.grid, [6, 7, 8]);
  const there: Vector = [c * own[0] - s * own[1] + 5, s * own[0] + c * own[1] - 2, own[2] + 9];
  expect(voxelAt(placed, there)).toBeCloseTo(ramp(own), 3);
});

describe("left is left", () => {
  // bright only on the patient's left: x > 0 in LPS
  const left = (world: Vector) => (world[0] > 0 ? 1000 : 0);

  it.each(names)("on a grid that is %s: axial and coronal show it on the right side of the screen", (name) => {
    const field = fieldOf(gridOf(AFFINES[name], [30, 30, 30]), left);
    for (const view of ["axial", "coronal"] as const) {
      const { direction, up } = SLICE_VIEWS[view];
      const right = cross(direction, up);
      expect(right[0]).toBeGreaterThan(0.99);
      const frame = { ...planeThrough(field, direction, up), origin: add(worldAt(field.grid, [14, 14, 14]), add(scale(right, -10), scale(up, 6))), across: scale(right, 0.5), down: scale(up, -0.5) };
      const raster = slicePlane(field, frame, direction, null);
      const wrong = Array.from(raster.values).filter((value, n) => {
        const world = at(raster, n % raster.width, Math.floor(n / raster.width));
        return !Number.isNaN(value) && Math.abs(world[0]) >= 2 && value !== (world[0] > 0 ? 1000 : 0);
      });
      expect(wrong).toEqual([]);
    }
  });

  it("sagittal looks from the left: anterior lies on the left side of the screen", () => {
    const { direction, up } = SLICE_VIEWS.sagittal;
    expect(cross(direction, up)[1]).toBe(1);
  });
});
