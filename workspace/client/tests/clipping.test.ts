import { describe, expect, test } from "vitest";
import { sectionOf, tiltOf } from "../src/clipping";
import { normalize, type Vector } from "../src/vector";
import { ball, box } from "./shapes";

describe("a plane through a closed surface", () => {
  test.each([0.25, 0.5, 0.9])("parts a box at %d of its length", (share) => {
    const { vertices, triangles } = box(40, 30, 20);
    const section = sectionOf(vertices, triangles, { origin: [40 * share, 3, 3], normal: [1, 0, 0] });
    expect(section.negative_ml).toBeCloseTo(24 * share, 9);
    expect(section.positive_ml).toBeCloseTo(24 * (1 - share), 9);
    expect(section.area_cm2).toBeCloseTo(6, 4);
  });

  test("parts a cube along its diagonal into halves", () => {
    const { vertices, triangles } = box(10, 10, 10);
    const plane = { origin: [5, 5, 5] as Vector, normal: normalize([1, 1, 0]) };
    const section = sectionOf(vertices, triangles, plane);
    expect(section.positive_ml).toBeCloseTo(0.5, 9);
    expect(section.area_cm2).toBeCloseTo(Math.SQRT2, 4);
  });

  test.each([-20, -5, 0, 12, 24])("takes the cap of a ball at %d mm", (height) => {
    const radius = 25;
    const { vertices, triangles } = ball(radius, 120);
    const normal = normalize([2, -1, 3]);
    const origin = normal.map((n) => n * height) as Vector;
    const section = sectionOf(vertices, triangles, { origin, normal });
    const h = radius - height;
    const cap = (Math.PI * h * h * (3 * radius - h)) / 3000;
    // 120 rings of chords take up to 0.06 % off the volume of a ball.
    expect(Math.abs(section.positive_ml - cap)).toBeLessThan(0.001 * 65.5);
    expect(section.area_cm2).toBeCloseTo((Math.PI * (radius ** 2 - height ** 2)) / 100, 1);
  });

  test("leaves the sum of both sides the same wherever it stands", () => {
    const { vertices, triangles } = ball(25, 40, [100, -50, 20]);
    const sums = [[1, 0, 0], [0.6, 0.8, 0], [0, -1, 0]].map((normal) => {
      const plane = { origin: [103, -48, 25] as Vector, normal: normal as Vector };
      const { positive_ml, negative_ml } = sectionOf(vertices, triangles, plane);
      return positive_ml + negative_ml;
    });
    expect(sums[1]).toBeCloseTo(sums[0], 6);
    expect(sums[2]).toBeCloseTo(sums[0], 6);
  });

  test("that misses the surface leaves all on one side and no outline", () => {
    const { vertices, triangles } = box(10, 10, 10);
    const section = sectionOf(vertices, triangles, { origin: [20, 0, 0], normal: [1, 0, 0] });
    expect(section.positive_ml).toBe(0);
    expect(section.outline).toHaveLength(0);
  });

  test("is as fast as a hand moves, at a hundred thousand triangles", () => {
    const { vertices, triangles } = ball(80, 160);
    expect(triangles.length / 3).toBeGreaterThan(100_000);
    const plane = { origin: [1, 2, 3] as Vector, normal: normalize([1, 2, 3]) };
    sectionOf(vertices, triangles, plane);
    const times = [1, 2, 3, 4, 5].map(() => {
      const start = performance.now();
      sectionOf(vertices, triangles, plane);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(40); // 20 ms on an idle machine
  });
});

test("the tilt of a plane is told from the nearest anatomical plane", () => {
  expect(tiltOf([-1, 0, 0])).toEqual({ name: "sagittal", deg: 0 });
  const tilt = tiltOf(normalize([0, Math.cos(0.1), Math.sin(0.1)]));
  expect(tilt.name).toBe("coronal");
  expect(tilt.deg).toBeCloseTo((0.1 * 180) / Math.PI, 6);
});
