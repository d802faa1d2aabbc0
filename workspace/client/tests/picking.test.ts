import { describe, expect, test } from "vitest";
import { buildBvh, firstHit } from "../src/bvh";
import { splitCreases } from "../src/creases";
import { smoothNormals, type Mesh } from "../src/mesh";
import { pick, type Pickable, type Ray } from "../src/picking";
import { aboutAxis, fromDisplacement, IDENTITY } from "../src/rigid";
import { normalize, type Vector } from "../src/vector";
import { ball, box, type Shape } from "./shapes";

const meshOf = ({ vertices, triangles }: Shape): Mesh => ({
  vertices,
  triangles,
  normals: smoothNormals(vertices, triangles),
  bvh: buildBvh(vertices, triangles),
});
const solid = (id: string, shape: Shape, rest: Partial<Pickable> = {}): Pickable => ({
  id,
  mesh: meshOf(shape),
  transform: IDENTITY,
  opacity: 1,
  ...rest,
});
const FROM_FRONT: Ray = { origin: [3, -1000, 4], direction: [0, 1, 0] };

describe("picking", () => {
  test("finds the near side of a box", () => {
    const hit = pick(FROM_FRONT, [solid("box", box(10, 20, 30))]);
    expect(hit?.solid_id).toBe("box");
    hit?.point_mm.forEach((value, i) => expect(value).toBeCloseTo([3, 0, 4][i], 4));
  });

  test("finds nothing beside it", () => {
    expect(pick({ ...FROM_FRONT, origin: [11, -1000, 4] }, [solid("box", box(10, 20, 30))])).toBeNull();
  });

  test("prefers what is nearer", () => {
    const far = solid("far", box(10, 20, 30), {
      transform: fromDisplacement([1, 0, 0, 0], [0, 50, 0], [0, 0, 0]),
    });
    expect(pick(FROM_FRONT, [far, solid("near", box(10, 20, 30))])?.solid_id).toBe("near");
  });

  test("looks through a veil at what lies behind", () => {
    const veil = solid("skin", ball(60, 24), { opacity: 0.2 });
    expect(pick(FROM_FRONT, [veil, solid("skull", ball(40, 24))])?.solid_id).toBe("skull");
    expect(pick(FROM_FRONT, [veil])?.solid_id).toBe("skin");
  });

  test("answers in the anatomy's own frame for a piece that was moved", () => {
    const transform = fromDisplacement(aboutAxis([0, 0, 1], 180), [100, 0, 0], [5, 10, 15]);
    const hit = pick({ origin: [103, -1000, 4], direction: [0, 1, 0] }, [
      solid("piece", box(10, 20, 30), { transform }),
    ]);
    hit?.point_mm.forEach((value, i) => expect(value).toBeCloseTo([7, 20, 4][i], 4));
    hit?.world_mm.forEach((value, i) => expect(value).toBeCloseTo([103, 0, 4][i], 4));
    expect(hit).not.toBeNull();
  });

  test("agrees with trying every triangle", () => {
    const { vertices, triangles } = ball(30, 20, [4, 5, 6]);
    const tree = buildBvh(vertices, triangles);
    const single = { ...tree, boxes: tree.boxes.slice(0, 6), nexts: Int32Array.of(0) };
    const all = { ...single, counts: Int32Array.of(triangles.length / 3) };
    for (let i = 0; i < 200; i += 1) {
      const origin: Vector = [90 * Math.sin(i), 90 * Math.cos(1.7 * i), 50 * Math.sin(2.3 * i)];
      const aim: Vector = [4 + 20 * Math.sin(7 * i), 5, 6 + 20 * Math.cos(5 * i)];
      const direction = normalize([aim[0] - origin[0], aim[1] - origin[1], aim[2] - origin[2]]);
      const fast = firstHit(tree, vertices, triangles, origin, direction);
      const slow = firstHit(all, vertices, triangles, origin, direction);
      expect(fast?.distance).toBe(slow?.distance);
    }
  });

  test("takes less than 10 ms over half a million triangles", () => {
    const { vertices, triangles } = ball(80, 360);
    const mesh = { vertices, triangles, normals: vertices, bvh: buildBvh(vertices, triangles) };
    expect(triangles.length / 3).toBeGreaterThan(500_000);
    const start = performance.now();
    for (let i = 0; i < 20; i += 1) pick({ ...FROM_FRONT, origin: [i, -500, i] }, [
      { id: "skull", mesh, transform: IDENTITY, opacity: 1 },
    ]);
    expect((performance.now() - start) / 20).toBeLessThan(10);
  });
});

describe("normals", () => {
  test("of a ball point outwards", () => {
    const { vertices, triangles } = ball(10, 24);
    const normals = smoothNormals(vertices, triangles);
    const place = 3 * (24 * 12 + 5);
    for (const axis of [0, 1, 2]) {
      expect(normals[place + axis]).toBeCloseTo(vertices[place + axis] / 10, 1);
    }
  });

  test("of a box are flat on every side: each corner has one copy per side", () => {
    const { vertices, triangles } = box(10, 10, 10);
    const { vertices: points, normals } = splitCreases(vertices, triangles);
    expect(points.length / 3).toBe(24);
    const used = new Set(splitCreases(vertices, triangles).triangles);
    for (const v of used) {
      const n = Array.from(normals.slice(3 * v, 3 * v + 3));
      expect(Math.max(...n.map(Math.abs))).toBeCloseTo(1, 5);
    }
  });
});
