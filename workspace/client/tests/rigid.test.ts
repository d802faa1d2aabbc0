import { describe, expect, test } from "vitest";
import {
  aboutAxis,
  angleDeg,
  anglesOf,
  apply,
  applyToPlane,
  displacement,
  fromAngles,
  fromDisplacement,
  inverse,
  matrix,
  multiply,
  rotate,
  type Quaternion,
} from "../src/rigid";
import type { Vector } from "../src/vector";

const close = (a: number[], b: number[], digits = 9) =>
  a.forEach((value, i) => expect(value).toBeCloseTo(b[i], digits));

const MOTION = fromDisplacement(aboutAxis([1, 2, 3], 40), [5, -3, 12], [10, 20, 30]);

describe("a rigid motion", () => {
  test("about an axis turns by the right-hand rule", () => {
    close(rotate(aboutAxis([0, 0, 1], 90), [1, 0, 0]), [0, 1, 0]);
  });

  test("taken back is where it began", () => {
    close(apply(inverse(MOTION), apply(MOTION, [4, 5, 6])), [4, 5, 6]);
  });

  test("displaces its centre by the shift it was made with, whatever the turn", () => {
    close(displacement(MOTION, [10, 20, 30]), [5, -3, 12]);
  });

  test("keeps distances from planes", () => {
    const plane = applyToPlane(MOTION, { origin: [1, 2, 3], normal: [0, 0, 1] });
    const point = apply(MOTION, [7, 8, 3 + 4.5]);
    const gap = plane.normal.reduce((sum, n, i) => sum + n * (point[i] - plane.origin[i]), 0);
    expect(gap).toBeCloseTo(4.5, 9);
  });

  test("has a matrix by columns that does the same", () => {
    const m = matrix(MOTION);
    const p: Vector = [4, 5, 6];
    const moved = [0, 1, 2].map((r) => m[r] * p[0] + m[4 + r] * p[1] + m[8 + r] * p[2] + m[12 + r]);
    close(moved, apply(MOTION, p));
    expect([m[3], m[7], m[11], m[15]]).toEqual([0, 0, 0, 1]);
  });

  test("stays of unit length after a thousand small turns", () => {
    let q: Quaternion = [1, 0, 0, 0];
    for (let i = 0; i < 1000; i += 1) q = multiply(aboutAxis([1, i % 3, 1], 0.7), q);
    expect(Math.abs(Math.hypot(...q) - 1)).toBeLessThan(1e-12);
  });

  test.each([
    [10, 20, 30],
    [-170, 5, 90],
    [0, -89, 179],
    [45, 0, 0],
  ])("is the same after its angles %d, %d, %d were read and typed again", (l, p, s) => {
    close(anglesOf(fromAngles([l, p, s])), [l, p, s], 6);
  });

  test("does not count a turn beyond half a circle", () => {
    expect(angleDeg(aboutAxis([1, 0, 0], 270))).toBeCloseTo(90, 9);
  });
});
