// A tree of boxes over triangles, in flat arrays, so that it travels out of a worker for free.

import type { Vector } from "./vector";

const LEAF_TRIANGLES = 6;

/** Along each axis; three times ten bits make a code. */
const CURVE_CELLS = 1024;
const CODE_BITS = 30;
const DIGIT_BITS = 10;

export interface Bvh {
  /** Per node: xmin, ymin, zmin, xmax, ymax, zmax. */
  boxes: Float32Array;
  /** Per node: number of triangles (leaf), or 0 (inner). */
  counts: Int32Array;
  /** Per node: first place in `order` (leaf), or the second child; the first child comes next. */
  nexts: Int32Array;
  /** Triangles, leaf by leaf. */
  order: Uint32Array;
}

export interface Hit {
  triangle: number;
  /** Along the ray, in lengths of its direction. */
  distance: number;
}

interface Searched {
  vertices: Float32Array;
  triangles: Uint32Array;
  bvh: Bvh | null;
}

/** Return the mesh's tree, grown here and now if it has not come yet. */
export function treeOf(mesh: Searched): Bvh {
  mesh.bvh ??= buildBvh(mesh.vertices, mesh.triangles);
  return mesh.bvh;
}

/**
 * Triangles that are near each other in space are near each other along a curve through it; the
 * tree halves the curve. Half the time of halving boxes, and picks as quickly (Lauterbach et al. 2009,
 * doi:10.1111/j.1467-8659.2009.01377.x).
 */
export function buildBvh(vertices: Float32Array, triangles: Uint32Array): Bvh {
  const size = triangles.length / 3;
  const codes = codesOf(vertices, triangles);
  const order = sortedBy(codes);
  const room = Math.max(1, 2 * size);
  const boxes = new Float32Array(6 * room);
  const counts = new Int32Array(room);
  const nexts = new Int32Array(room);
  let used = 0;

  const build = (from: number, to: number): number => {
    const node = used;
    used += 1;
    if (to - from <= LEAF_TRIANGLES) {
      counts[node] = to - from;
      nexts[node] = from;
      fitTriangles(boxes, 6 * node, vertices, triangles, order, from, to);
      return node;
    }
    const middle = partition(codes, order, from, to);
    const first = build(from, middle);
    nexts[node] = build(middle, to);
    fitBoxes(boxes, 6 * node, 6 * first, 6 * nexts[node]);
    return node;
  };
  build(0, size);
  return {
    boxes: boxes.slice(0, 6 * used),
    counts: counts.slice(0, used),
    nexts: nexts.slice(0, used),
    order,
  };
}

/** Where on the curve each triangle is: the bits of its middle's x, y and z in turns. */
function codesOf(p: Float32Array, triangles: Uint32Array): Uint32Array {
  const low: Vector = [Infinity, Infinity, Infinity];
  const high: Vector = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < p.length; i += 3) {
    for (let axis = 0; axis < 3; axis += 1) {
      if (p[i + axis] < low[axis]) low[axis] = p[i + axis];
      if (p[i + axis] > high[axis]) high[axis] = p[i + axis];
    }
  }
  const steps = low.map((from, axis) => CURVE_CELLS / Math.max(high[axis] - from, 1e-30));
  const cell = (t: number, axis: number): number => {
    const middle = (p[3 * triangles[t] + axis] + p[3 * triangles[t + 1] + axis] + p[3 * triangles[t + 2] + axis]) / 3;
    return Math.min(CURVE_CELLS - 1, Math.max(0, (middle - low[axis]) * steps[axis]));
  };
  const codes = new Uint32Array(triangles.length / 3);
  for (let t = 0; t < triangles.length; t += 3) {
    codes[t / 3] = spread(cell(t, 0)) * 4 + spread(cell(t, 1)) * 2 + spread(cell(t, 2));
  }
  return codes;
}

/** Put two empty bits behind each of the ten lowest bits. */
function spread(value: number): number {
  let bits = value & 0x3ff;
  bits = (bits | (bits << 16)) & 0x030000ff;
  bits = (bits | (bits << 8)) & 0x0300f00f;
  bits = (bits | (bits << 4)) & 0x030c30c3;
  return (bits | (bits << 2)) & 0x09249249;
}

/** Return 0, 1, 2 ... in ascending order of the codes: by digits, the lowest first. */
function sortedBy(codes: Uint32Array): Uint32Array {
  let order = Uint32Array.from(codes, (_, i) => i);
  let next = new Uint32Array(codes.length);
  for (let shift = 0; shift < CODE_BITS; shift += DIGIT_BITS) {
    const starts = new Uint32Array((1 << DIGIT_BITS) + 1);
    const digit = (t: number) => (codes[t] >>> shift) & ((1 << DIGIT_BITS) - 1);
    for (let i = 0; i < order.length; i += 1) starts[digit(order[i]) + 1] += 1;
    for (let i = 1; i < starts.length; i += 1) starts[i] += starts[i - 1];
    for (let i = 0; i < order.length; i += 1) {
      const place = digit(order[i]);
      next[starts[place]] = order[i];
      starts[place] += 1;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** Return the first of the upper half: where the highest bit that differs becomes 1. */
function partition(codes: Uint32Array, order: Uint32Array, from: number, to: number): number {
  const differing = codes[order[from]] ^ codes[order[to - 1]];
  if (differing === 0) return from + ((to - from) >> 1);
  const bit = 31 - Math.clz32(differing);
  let [low, high] = [from, to - 1]; // its bit is 0 at `low`, 1 at `high`
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((codes[order[middle]] >>> bit) & 1) high = middle;
    else low = middle;
  }
  return high;
}

function fitTriangles(
  boxes: Float32Array,
  at: number,
  p: Float32Array,
  triangles: Uint32Array,
  order: Uint32Array,
  from: number,
  to: number,
): void {
  boxes.fill(Infinity, at, at + 3);
  boxes.fill(-Infinity, at + 3, at + 6);
  for (let i = from; i < to; i += 1) {
    for (let corner = 0; corner < 3; corner += 1) {
      const v = 3 * triangles[3 * order[i] + corner];
      for (let axis = 0; axis < 3; axis += 1) {
        if (p[v + axis] < boxes[at + axis]) boxes[at + axis] = p[v + axis];
        if (p[v + axis] > boxes[at + 3 + axis]) boxes[at + 3 + axis] = p[v + axis];
      }
    }
  }
}

function fitBoxes(boxes: Float32Array, at: number, first: number, second: number): void {
  for (let axis = 0; axis < 3; axis += 1) {
    boxes[at + axis] = Math.min(boxes[first + axis], boxes[second + axis]);
    boxes[at + 3 + axis] = Math.max(boxes[first + 3 + axis], boxes[second + 3 + axis]);
  }
}

/** Return the first triangle that the ray meets, from either side, or null. */
export function firstHit(
  bvh: Bvh,
  vertices: Float32Array,
  triangles: Uint32Array,
  origin: Vector,
  direction: Vector,
): Hit | null {
  const inverse: Vector = [1 / direction[0], 1 / direction[1], 1 / direction[2]];
  const stack = [0];
  let best: Hit | null = null;
  while (stack.length > 0) {
    const node = stack.pop() as number;
    if (!meetsBox(bvh.boxes, 6 * node, origin, inverse, best ? best.distance : Infinity)) continue;
    const count = bvh.counts[node];
    if (count === 0 && bvh.nexts[node] > 0) {
      stack.push(bvh.nexts[node], node + 1);
      continue;
    }
    for (let i = bvh.nexts[node]; i < bvh.nexts[node] + count; i += 1) {
      const triangle = bvh.order[i];
      const distance = meetTriangle(vertices, triangles, 3 * triangle, origin, direction);
      if (distance !== null && (!best || distance < best.distance)) best = { triangle, distance };
    }
  }
  return best;
}

function meetsBox(
  boxes: Float32Array,
  at: number,
  origin: Vector,
  inverse: Vector,
  nearest: number,
): boolean {
  let near = 0;
  let far = nearest;
  for (let axis = 0; axis < 3; axis += 1) {
    let a = (boxes[at + axis] - origin[axis]) * inverse[axis];
    let b = (boxes[at + 3 + axis] - origin[axis]) * inverse[axis];
    if (a > b) [a, b] = [b, a];
    // A NaN (a ray in the box's face) compares false and so leaves the interval as it is.
    if (a > near) near = a;
    if (b < far) far = b;
    if (near > far) return false;
  }
  return true;
}

/** Möller and Trumbore (1997), doi:10.1080/10867651.1997.10487468. */
function meetTriangle(
  p: Float32Array,
  f: Uint32Array,
  t: number,
  o: Vector,
  d: Vector,
): number | null {
  const a = 3 * f[t];
  const b = 3 * f[t + 1];
  const c = 3 * f[t + 2];
  const ux = p[b] - p[a];
  const uy = p[b + 1] - p[a + 1];
  const uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a];
  const vy = p[c + 1] - p[a + 1];
  const vz = p[c + 2] - p[a + 2];
  const px = d[1] * vz - d[2] * vy;
  const py = d[2] * vx - d[0] * vz;
  const pz = d[0] * vy - d[1] * vx;
  const determinant = ux * px + uy * py + uz * pz;
  if (determinant === 0) return null;
  const sx = o[0] - p[a];
  const sy = o[1] - p[a + 1];
  const sz = o[2] - p[a + 2];
  const u = (sx * px + sy * py + sz * pz) / determinant;
  if (u < 0 || u > 1) return null;
  const qx = sy * uz - sz * uy;
  const qy = sz * ux - sx * uz;
  const qz = sx * uy - sy * ux;
  const v = (d[0] * qx + d[1] * qy + d[2] * qz) / determinant;
  if (v < 0 || u + v > 1) return null;
  const distance = (vx * qx + vy * qy + vz * qz) / determinant;
  return distance >= 0 ? distance : null;
}
