import { describe, expect, test } from "vitest";
import {
  angleDeg,
  areaMm2,
  boxMl,
  ellipseMm2,
  figuresOf,
  lengthMm,
  perimeterMm,
  uncertaintyOf,
  type Voxel,
} from "../src/markups/figures";
import { aboutAxis, apply, rotate, type RigidTransform } from "../src/rigid";
import { add, scale, type Vector } from "../src/vector";

const VOXEL: Voxel = [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 2]];
const UNIT: Voxel = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
const TURNED: RigidTransform = { rotation: aboutAxis([1, 2, 3], 73), translation_mm: [40, -12, 7] };
const turned = (points: Vector[]) => points.map((point) => apply(TURNED, point));

/** A regular polygon of `n` corners on a circle. */
const polygon = (n: number, radius: number): Vector[] =>
  Array.from({ length: n }, (_, i) => {
    const angle = (2 * Math.PI * i) / n;
    return [radius * Math.cos(angle), radius * Math.sin(angle), 0];
  });

/** The slopes of a figure by small steps of each coordinate. */
function slopesBySteps(figure: (points: Vector[]) => { value: number }, points: Vector[]): Vector[] {
  const step = 1e-4;
  return points.map((_, i) =>
    [0, 1, 2].map((axis) => {
      const moved = (by: number) =>
        points.map((point, j) => (i === j ? (point.map((v, k) => (k === axis ? v + by : v)) as Vector) : point));
      return (figure(moved(step)).value - figure(moved(-step)).value) / (2 * step);
    }),
  ) as Vector[];
}

describe("figures of a markup", () => {
  test("a line has the length of its difference, wherever it lies", () => {
    expect(lengthMm([[0, 0, 0], [3, 4, 12]]).value).toBe(13);
    expect(lengthMm(turned([[0, 0, 0], [3, 4, 12]])).value).toBeCloseTo(13, 10);
  });

  test("a helix drawn finely has the length of a helix", () => {
    const helix = Array.from({ length: 512 }, (_, i): Vector => {
      const a = (4 * Math.PI * i) / 511;
      return [20 * Math.cos(a), 20 * Math.sin(a), 3 * a];
    });
    expect(lengthMm(turned(helix)).value).toBeCloseTo(4 * Math.PI * Math.hypot(20, 3), 1);
  });

  test.each([1, 30, 45, 90, 120, 179])("an angle of %d degrees is that, wherever it lies", (deg) => {
    const rad = (deg * Math.PI) / 180;
    const legs: Vector[] = [[25, 0, 0], [0, 0, 0], [40 * Math.cos(rad), 40 * Math.sin(rad), 0]];
    expect(angleDeg(turned(legs)).value).toBeCloseTo(deg, 9);
  });

  test("a closed curve has the area and the perimeter of its polygon, tilted or not, either way round", () => {
    const area = 0.5 * 60 * 15 ** 2 * Math.sin((2 * Math.PI) / 60);
    for (const points of [polygon(60, 15), turned(polygon(60, 15)), turned(polygon(60, 15)).reverse()]) {
      expect(areaMm2(points).value).toBeCloseTo(area, 8);
      expect(perimeterMm(points).value).toBeCloseTo(60 * 2 * 15 * Math.sin(Math.PI / 60), 8);
    }
  });

  test("a hollow outline has what is inside it, not its hull", () => {
    const arrow: Vector[] = [[0, 0, 0], [10, 0, 0], [4, 4, 0], [0, 10, 0]];
    expect(areaMm2(turned(arrow)).value).toBeCloseTo(40, 9);
  });

  test("an ellipse and a box have their closed forms", () => {
    expect(ellipseMm2(turned([[0, 0, 0], [6, 0, 0], [0, 4, 0]])).value).toBeCloseTo(Math.PI * 24, 9);
    expect(boxMl([[5, 6, 7], [-5, 26, -23]]).value).toBeCloseTo(6, 12);
  });

  const cases: [string, (points: Vector[]) => { value: number; slopes: Vector[] }, Vector[]][] = [
    ["length", lengthMm, [[0, 0, 0], [3, 4, 12], [8, -2, 1]]],
    ["perimeter", perimeterMm, polygon(5, 12)],
    ["angle", angleDeg, [[25, 3, 0], [1, 2, 3], [4, 30, -7]]],
    ["area", areaMm2, turned(polygon(7, 9))],
    ["ellipse", ellipseMm2, turned([[0, 0, 0], [6, 0, 0], [0, 4, 0]])],
    ["box", boxMl, [[5, 6, 7], [-5, 26, -23]]],
  ];
  test.each(cases)("the slopes of %s are those of small steps", (_, figure, points) => {
    const slopes = slopesBySteps(figure, points);
    figure(points).slopes.forEach((slope, i) => {
      slope.forEach((value, axis) => expect(value).toBeCloseTo(slopes[i][axis], 4));
    });
  });

  test("a line along one axis is uncertain by that axis of the voxels alone", () => {
    const along = (axis: number) => lengthMm([[0, 0, 0], [0, 1, 2].map((i) => (i === axis ? 40 : 0)) as Vector]);
    expect(uncertaintyOf(along(0), VOXEL)).toBeCloseTo(0.5 / Math.sqrt(6), 12);
    expect(uncertaintyOf(along(2), VOXEL)).toBeCloseTo(2 / Math.sqrt(6), 12);
  });

  test("a line along a tilted grid is uncertain by the voxel's side along it", () => {
    const [i, j, k] = VOXEL.map((side) => rotate(TURNED.rotation, side));
    const along = lengthMm([[0, 0, 0], rotate(TURNED.rotation, [0, 0, 40])]);
    expect(uncertaintyOf(along, [i, j, k])).toBeCloseTo(2 / Math.sqrt(6), 12);
  });

  test("an angle with long legs is surer than one with short legs", () => {
    const legs = (far: number): Vector[] => [[far, 0, 0], [0, 0, 0], [0, far, 0]];
    const [short, long] = [10, 100].map((far) => uncertaintyOf(angleDeg(legs(far)), UNIT));
    expect(short).toBeCloseTo(10 * long, 9);
    // Each leg turns by the voxel over its length; the vertex counts for both.
    expect(long).toBeCloseTo(((180 / Math.PI) * Math.sqrt(4 / 12)) / 100, 9);
  });

  test("a figure is there as soon as its points are, and not before", () => {
    expect(figuresOf("angle", [[0, 0, 0], [1, 0, 0]], VOXEL)).toEqual([]);
    expect(figuresOf("point", [[0, 0, 0]], VOXEL)).toEqual([]);
    const [area, perimeter] = figuresOf("closed_curve", polygon(4, 10).map((p) => add(p, scale([1, 1, 1], 3))), VOXEL);
    expect([area.name, area.unit, perimeter.name, perimeter.unit]).toEqual(["area", "mm2", "perimeter", "mm"]);
    expect(area.value).toBeCloseTo(200, 9);
  });
});
