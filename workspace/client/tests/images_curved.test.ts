import { expect, it } from "vitest";
import { sliceCurved, worldOnCurve, type Curve } from "../src/images/curved";
import { indexAt, worldAt } from "../src/images/grid";
import { normalize, type Vector } from "../src/vector";
import { AFFINES, ramp, rampField } from "./fields";

it.each(Object.keys(AFFINES))("a straightened line on a grid that is %s shows the value of each place", (name) => {
  const field = rampField(AFFINES[name], [24, 26, 28]);
  const line = [[8, 8, 8], [14, 10, 9], [17, 15, 14]].map((index) => worldAt(field.grid, index as Vector));
  const curve: Curve = { line, down: normalize([0.1, 0.3, 1]), from_mm: 0, offset_mm: 0.4, mm_per_pixel: 0.5, width: 30, height: 11 };
  const values = sliceCurved(field, curve, null);
  let seen = 0;
  values.forEach((value, n) => {
    const world = worldOnCurve(curve, n % curve.width, Math.floor(n / curve.width));
    if (!world) return expect(value).toBeNaN();
    if (!indexAt(field.grid, world).every((v, a) => v >= 0 && v <= field.grid.counts[a] - 1)) return;
    seen += 1;
    expect(Math.abs(value - ramp(world))).toBeLessThan(1e-3);
  });
  expect(seen).toBeGreaterThan(100);
});

it("distance along the line runs to the right, offset downwards", () => {
  const line: Vector[] = [[0, 0, 0], [10, 0, 0], [10, 20, 0]];
  const curve: Curve = { line, down: [0, 0, -1], from_mm: 0, offset_mm: 0, mm_per_pixel: 1, width: 40, height: 5 };
  expect(worldOnCurve(curve, 0, 2)).toEqual([0, 0, 0]);
  expect(worldOnCurve(curve, 15, 2)).toEqual([10, 5, 0]);
  expect(worldOnCurve(curve, 30, 4)).toEqual([10, 20, -2]);
  expect(worldOnCurve(curve, 31, 2)).toBeNull();
});

it("the mean of a slab beside the line is the line's own value where values rise evenly", () => {
  const field = rampField(AFFINES.straight, [24, 26, 28]);
  const line = [[8, 8, 8], [17, 15, 14]].map((index) => worldAt(field.grid, index as Vector));
  const curve: Curve = { line, down: normalize([0, 0.2, 1]), from_mm: 1, offset_mm: 0, mm_per_pixel: 0.5, width: 12, height: 5 };
  const [mean, plain] = [sliceCurved(field, curve, { mm: 2, mode: "mean" }), sliceCurved(field, curve, null)];
  mean.forEach((value, n) => expect(Math.abs(value - plain[n])).toBeLessThan(1e-3));
});
