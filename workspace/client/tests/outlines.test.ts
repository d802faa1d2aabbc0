import { describe, expect, test } from "vitest";
import { buildBvh, treeOf } from "../src/bvh";
import { splitCreases } from "../src/creases";
import { smoothNormals, type Mesh } from "../src/mesh";
import { aboutAxis, apply, applyToPlane, fromDisplacement, inverse, type Plane } from "../src/rigid";
import { areaOf, lengthOf, outlineOf, type Outline } from "../src/slices/outlines";
import { dot, normalize, subtract, type Vector } from "../src/vector";
import { ball, box, torus, type Shape } from "./shapes";

const meshOf = ({ vertices, triangles }: Shape): Mesh => ({
  vertices,
  triangles,
  normals: smoothNormals(vertices, triangles),
  bvh: buildBvh(vertices, triangles),
});
const pointsOf = ({ points }: Outline): Vector[] =>
  Array.from({ length: points.length / 3 }, (_, i) => [points[3 * i], points[3 * i + 1], points[3 * i + 2]]);
const closed = ({ loops }: Outline) => loops.every((loop) => loop.closed);

const R = 40;
const FINE = meshOf(ball(R, 90));
/** A ball of flat faces is this much inside the round one, mm. */
const SAG = R * (1 - Math.cos(Math.PI / 90)) * 2;
const SKEW: Vector = normalize([0.3, -0.5, 0.81]);

describe("the outline of a ball", () => {
  test.each([-37, -20, -3.3, 0, 11, 25.7, 38])("at %s mm has the radius that the ball has there", (offset) => {
    const plane: Plane = { origin: [SKEW[0] * offset, SKEW[1] * offset, SKEW[2] * offset], normal: SKEW };
    const outline = outlineOf(FINE, plane);
    const radius = Math.sqrt(R * R - offset * offset);
    expect(outline.loops).toHaveLength(1);
    expect(closed(outline)).toBe(true);
    for (const point of pointsOf(outline)) {
      expect(dot(subtract(point, plane.origin), SKEW)).toBeCloseTo(0, 4);
      const off = Math.hypot(...subtract(point, plane.origin));
      expect(off).toBeLessThan(radius + 1e-3);
      // The sag grows where the plane meets the ball at a slant.
      expect(off).toBeGreaterThan(radius - (SAG * R) / radius);
    }
    expect(lengthOf(outline)).toBeGreaterThan(2 * Math.PI * (radius - (SAG * R) / radius));
    expect(lengthOf(outline)).toBeLessThan(2 * Math.PI * radius);
    expect(areaOf(outline, SKEW) / (Math.PI * radius * radius)).toBeCloseTo(1, offset === 38 || offset === -37 ? 1 : 2);
    expect(areaOf(outline, SKEW)).toBeGreaterThan(0);
  });

  test("is empty beside it", () => {
    expect(outlineOf(FINE, { origin: [0, 0, R + 0.1], normal: [0, 0, 1] }).loops).toEqual([]);
  });

  test("is closed where the plane runs through its vertices", () => {
    const outline = outlineOf(FINE, { origin: [0, 0, 0], normal: [0, 0, 1] });
    expect(outline.loops).toHaveLength(1);
    expect(closed(outline)).toBe(true);
    expect(areaOf(outline, [0, 0, 1]) / (Math.PI * R * R)).toBeCloseTo(1, 2);
  });

  test("is the same from the other side, but runs the other way round", () => {
    const there = outlineOf(FINE, { origin: [1, 2, 3], normal: SKEW });
    const back = outlineOf(FINE, { origin: [1, 2, 3], normal: [-SKEW[0], -SKEW[1], -SKEW[2]] });
    expect(areaOf(back, SKEW)).toBeCloseTo(-areaOf(there, SKEW), 6);
  });
});

describe("the outline of a box", () => {
  test("is exact, also where its edges have copies of their vertices", () => {
    const split = splitCreases(...(Object.values(box(10, 20, 30)) as [Float32Array, Uint32Array]));
    const outline = outlineOf(meshOf(split), { origin: [0, 0, 12.5], normal: [0, 0, 1] });
    expect(outline.loops).toHaveLength(1);
    expect(closed(outline)).toBe(true);
    expect(lengthOf(outline)).toBeCloseTo(60, 5);
    expect(areaOf(outline, [0, 0, 1])).toBeCloseTo(200, 4);
  });

  test("of which a face is missing is an open line", () => {
    const { vertices, triangles } = box(10, 20, 30);
    // The last two triangles are one of the four upright sides.
    const open = meshOf({ vertices, triangles: triangles.slice(0, -6) });
    const outline = outlineOf(open, { origin: [0, 0, 12.5], normal: [0, 0, 1] });
    expect(outline.loops.map(({ closed }) => closed)).toEqual([false]);
    expect(lengthOf(outline)).toBeCloseTo(40, 5);
  });
});

describe("the outline of a ring", () => {
  const ring = meshOf(torus(32, 4, 128));

  test("is two circles in a plane through its axis", () => {
    const outline = outlineOf(ring, { origin: [0, 0, 0], normal: [0, 1, 0] });
    expect(outline.loops).toHaveLength(2);
    expect(closed(outline)).toBe(true);
    expect(areaOf(outline, [0, 1, 0]) / (2 * Math.PI * 16)).toBeCloseTo(1, 2);
  });

  test("is a ring with its hole taken off in a plane across", () => {
    const outline = outlineOf(ring, { origin: [0, 0, 1.3], normal: [0, 0, 1] });
    const half = Math.sqrt(16 - 1.3 * 1.3);
    expect(outline.loops).toHaveLength(2);
    expect(areaOf(outline, [0, 0, 1]) / (Math.PI * ((32 + half) ** 2 - (32 - half) ** 2))).toBeCloseTo(1, 2);
  });
});

test("the outline of a moved fragment is found where the fragment is now", () => {
  const transform = fromDisplacement(aboutAxis([1, 2, 3], 40), [50, -20, 10], [0, 0, 0]);
  const world: Plane = { origin: [50, -20, 25], normal: [0, 0, 1] };
  const outline = outlineOf(FINE, applyToPlane(inverse(transform), world));
  const radius = Math.sqrt(R * R - 15 * 15);
  for (const point of pointsOf(outline)) {
    const [x, y, z] = apply(transform, point);
    expect(z).toBeCloseTo(25, 3);
    expect(Math.abs(Math.hypot(x - 50, y + 20) - radius)).toBeLessThan((SAG * R) / radius);
  }
  expect(closed(outline)).toBe(true);
});

test("the outline agrees with trying every triangle", () => {
  const { vertices, triangles } = torus(32, 9, 40);
  const whole = meshOf({ vertices, triangles });
  const bvh = treeOf(whole);
  const single = { ...bvh, boxes: bvh.boxes.slice(0, 6), counts: Int32Array.of(triangles.length / 3), nexts: Int32Array.of(0) };
  for (let i = 0; i < 40; i += 1) {
    const normal = normalize([Math.sin(i), Math.cos(1.7 * i), Math.sin(2.3 * i)]);
    const plane: Plane = { origin: [20 * Math.cos(i), 9 * Math.sin(3 * i), 2], normal };
    const [fast, slow] = [outlineOf(whole, plane), outlineOf({ ...whole, bvh: single }, plane)];
    expect(fast.loops.length).toBe(slow.loops.length);
    expect(closed(fast)).toBe(true);
    expect(lengthOf(fast)).toBeCloseTo(lengthOf(slow), 6);
  }
});
