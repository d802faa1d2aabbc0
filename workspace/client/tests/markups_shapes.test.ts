import { describe, expect, test } from "vitest";
import { movedCorner, movedPoint, planeThrough, withoutPoint, withPointAfter } from "../src/markups/reshape";
import {
  boxEdges,
  boxSection,
  circle,
  cornersOf,
  ellipse,
  linesOf,
  secondAxis,
  simplified,
  splitByDepth,
} from "../src/markups/shapes";
import { areaMm2 } from "../src/markups/figures";
import { aboutAxis, rotate } from "../src/rigid";
import { add, cross, distanceMm, dot, length, normalize, scale, subtract, type Vector } from "../src/vector";

const Z: Vector = [0, 0, 1];
const fixed = (points: Vector[]) => points.map((point_mm) => ({ point_mm, solid_id: null }));

describe("the lines of a markup", () => {
  test("an ellipse goes through the ends of its half axes and closes", () => {
    const line = ellipse([[1, 2, 3], [7, 2, 3], [1, 6, 3]]);
    expect(line[0]).toEqual([7, 2, 3]);
    expect(distanceMm(line[line.length - 1], [7, 2, 3])).toBeLessThan(1e-12);
    expect(Math.min(...line.map((p) => distanceMm(p, [1, 6, 3])))).toBeLessThan(1e-12);
  });

  test("a box has twelve edges as long as its sides", () => {
    const lengths = boxEdges([[0, 0, 0], [2, 3, 5]]).map(([a, b]) => distanceMm(a, b));
    expect(lengths.sort()).toEqual([2, 2, 2, 2, 3, 3, 3, 3, 5, 5, 5, 5]);
  });

  test("a slice through a box meets a rectangle, askew it meets a hexagon of closed form, beside it nothing", () => {
    const corners: Vector[] = [[0, 0, 0], [2, 3, 5]];
    const flat = boxSection(corners, { origin: [0, 0, 1], normal: Z });
    expect(areaMm2(flat.slice(0, -1)).value).toBeCloseTo(6, 12);
    const cube: Vector[] = [[-1, -1, -1], [1, 1, 1]];
    const hexagon = boxSection(cube, { origin: [0, 0, 0], normal: normalize([1, 1, 1]) });
    expect(hexagon).toHaveLength(7);
    expect(areaMm2(hexagon.slice(0, -1)).value).toBeCloseTo(3 * Math.sqrt(3), 12);
    expect(boxSection(cube, { origin: [0, 0, 3], normal: Z })).toEqual([]);
  });

  test("two corners on one slice make a box that is as deep as it is narrow, about the slice", () => {
    const [low, high] = cornersOf([10, 0, 7], [0, 4, 7]);
    expect([low, high]).toEqual([[0, 0, 5], [10, 4, 9]]);
  });

  test("two corners apart along all axes are the box that they say", () => {
    expect(cornersOf([10, 0, 7], [0, 4, 2])).toEqual([[0, 0, 2], [10, 4, 7]]);
  });

  test("the second half axis is at right angles to the first, in a tilted slice too", () => {
    const turn = aboutAxis([1, 1, 0], 35);
    const normal = rotate(turn, Z);
    const [centre, first] = [rotate(turn, [1, 2, 0]), rotate(turn, [7, 3, 0])];
    const end = secondAxis(centre, first, rotate(turn, [3, 9, 0]), normal);
    expect(dot(subtract(end, centre), subtract(first, centre))).toBeCloseTo(0, 12);
    expect(dot(subtract(end, centre), normal)).toBeCloseTo(0, 12);
    const [, a, b] = circle(centre, first, normal);
    expect(distanceMm(centre, b)).toBeCloseTo(distanceMm(centre, a), 12);
  });

  test("a line through a slice is near within the slab and far outside, and nothing of it is lost", () => {
    const pieces = splitByDepth([[0, 0, -10], [0, 0, 10]], ([, , z]) => z, 2);
    expect(pieces.map(({ near }) => near)).toEqual([false, true, false]);
    expect(pieces.map(({ from, to }) => distanceMm(from, to))).toEqual([8, 4, 8]);
  });

  test("a line in the slab, on its edge or beside it is one piece", () => {
    const depth = ([, , z]: Vector) => z;
    expect(splitByDepth([[0, 0, 1], [5, 0, 1]], depth, 2)).toMatchObject([{ near: true }]);
    expect(splitByDepth([[0, 0, 2], [5, 0, 2]], depth, 2)).toMatchObject([{ near: true }]);
    expect(splitByDepth([[0, 0, 9], [5, 0, 9]], depth, 2)).toMatchObject([{ near: false }]);
  });

  test("what was drawn by hand keeps its corners and loses what cannot be seen", () => {
    const wobbly = Array.from({ length: 200 }, (_, i): Vector => [i / 10, i < 100 ? 0 : (i - 100) / 10, 0.001 * (i % 2)]);
    const kept = simplified(wobbly, 0.05);
    expect(kept.length).toBeLessThan(6);
    expect(kept[0]).toEqual(wobbly[0]);
    expect(kept[kept.length - 1]).toEqual(wobbly[199]);
  });

  test("a path is straight until the server has found the way along the surface", () => {
    const points: Vector[] = [[0, 0, 0], [10, 0, 0]];
    const found: Vector[] = [[0, 0, 0], [5, 3, 0], [10, 0, 0]];
    expect(linesOf("surface_path", points)).toEqual([points]);
    expect(linesOf("surface_path", points, found)).toEqual([found]);
    expect(linesOf("gap", [])).toEqual([]);
  });
});

describe("other points", () => {
  const plane = { origin: [0, 0, 4] as Vector, normal: Z };
  const region = { kind: "roi_ellipse" as const, plane, points: fixed([[0, 0, 4], [6, 0, 4], [0, 3, 4]]) };

  test("a region moves as a whole by its centre", () => {
    const moved = movedPoint(region, 0, { point_mm: [1, 2, 4], solid_id: null });
    expect(moved.map(({ point_mm }) => point_mm)).toEqual([[1, 2, 4], [7, 2, 4], [1, 5, 4]]);
  });

  test("the first half axis turns and stretches, the second keeps its length and its side", () => {
    const [centre, first, second] = movedPoint(region, 1, { point_mm: [0, 8, 4], solid_id: null }).map((p) => p.point_mm);
    expect(first).toEqual([0, 8, 4]);
    expect(length(subtract(second, centre))).toBeCloseTo(3, 12);
    expect(cross(subtract(first, centre), subtract(second, centre))[2]).toBeGreaterThan(0);
  });

  test("the second half axis only stretches", () => {
    const moved = movedPoint(region, 2, { point_mm: [9, 5, 4], solid_id: null });
    expect(moved[2].point_mm[0]).toBeCloseTo(0, 12);
    expect(moved[2].point_mm[1]).toBeCloseTo(5, 12);
  });

  test("a curve gains and loses points, but keeps as many as it needs; a line keeps both", () => {
    const triangle = fixed([[0, 0, 0], [10, 0, 0], [0, 10, 0]]);
    const grown = withPointAfter(triangle, 0, { point_mm: add([5, 0, 0], scale(Z, 1)), solid_id: null });
    expect(grown.map(({ point_mm }) => point_mm[0])).toEqual([0, 5, 10, 0]);
    expect(withoutPoint("closed_curve", grown, 1)).toEqual(triangle);
    expect(withoutPoint("closed_curve", triangle, 1)).toBeNull();
    expect(withoutPoint("line", triangle.slice(0, 2), 0)).toBeNull();
  });

  test("a corner of a box takes its three faces along", () => {
    const corners = fixed([[0, 0, 0], [10, 20, 30]]);
    const moved = movedCorner(corners, 0b101, [1, 2, 3]).map(({ point_mm }) => point_mm);
    expect(moved).toEqual([[0, 2, 0], [11, 20, 33]]);
  });

  test("points that leave their slice lie on the plane through them that is least tilted", () => {
    const moved = planeThrough([[0, 0, 4], [10, 0, 14]], plane);
    expect(dot(moved!.normal, normalize([1, 0, 1]))).toBeCloseTo(0, 12);
    expect(moved!.normal[2]).toBeCloseTo(Math.SQRT1_2, 12);
    const angle: Vector[] = [[0, 0, 4], [10, 0, 14], [0, 10, 4]];
    const through = planeThrough(angle, plane)!;
    for (const point of angle) expect(dot(subtract(point, through.origin), through.normal)).toBeCloseTo(0, 12);
    expect(through.normal[2]).toBeGreaterThan(0);
    expect(planeThrough([[0, 0, 0], [0, 0, 5]], plane)!.normal[2]).toBeCloseTo(0, 12);
  });
});
