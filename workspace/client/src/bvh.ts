// A tree of boxes over triangles, in flat arrays, so that it travels out of a worker for free.

import type { Vector } from "./vector";

const LEAF_TRIANGLES = 6;

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

export function buildBvh(vertices: Float32Array, triangles: Uint32Array): Bvh {
  const size = triangles.length / 3;
  const bounds = triangleBounds(vertices, triangles);
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const room = Math.max(1, 2 * size);
  const boxes = new Float32Array(6 * room);
  const counts = new Int32Array(room);
  const nexts = new Int32Array(room);
  let used = 0;

  const build = (from: number, to: number): number => {
    const node = used;
    used += 1;
    fitBox(boxes, node, bounds, order, from, to);
    const middle = to - from > LEAF_TRIANGLES ? partition(bounds, order, from, to) : from;
    if (middle === from) {
      counts[node] = to - from;
      nexts[node] = from;
    } else {
      build(from, middle);
      nexts[node] = build(middle, to);
    }
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

function triangleBounds(p: Float32Array, triangles: Uint32Array): Float32Array {
  const bounds = new Float32Array(2 * triangles.length);
  for (let t = 0; t < triangles.length; t += 3) {
    for (let axis = 0; axis < 3; axis += 1) {
      const a = p[3 * triangles[t] + axis];
      const b = p[3 * triangles[t + 1] + axis];
      const c = p[3 * triangles[t + 2] + axis];
      bounds[2 * t + axis] = Math.min(a, b, c);
      bounds[2 * t + 3 + axis] = Math.max(a, b, c);
    }
  }
  return bounds;
}

function fitBox(
  boxes: Float32Array,
  node: number,
  bounds: Float32Array,
  order: Uint32Array,
  from: number,
  to: number,
): void {
  const at = 6 * node;
  boxes.fill(Infinity, at, at + 3);
  boxes.fill(-Infinity, at + 3, at + 6);
  for (let i = from; i < to; i += 1) {
    const b = 6 * order[i];
    for (let axis = 0; axis < 3; axis += 1) {
      if (bounds[b + axis] < boxes[at + axis]) boxes[at + axis] = bounds[b + axis];
      if (bounds[b + 3 + axis] > boxes[at + 3 + axis]) boxes[at + 3 + axis] = bounds[b + 3 + axis];
    }
  }
}

/** Split at the middle of the longest side of the centres' box; return the first of the upper part. */
function partition(bounds: Float32Array, order: Uint32Array, from: number, to: number): number {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = from; i < to; i += 1) {
    for (let axis = 0; axis < 3; axis += 1) {
      const centre = bounds[6 * order[i] + axis] + bounds[6 * order[i] + 3 + axis];
      if (centre < low[axis]) low[axis] = centre;
      if (centre > high[axis]) high[axis] = centre;
    }
  }
  const spans = [0, 1, 2].map((axis) => high[axis] - low[axis]);
  const axis = spans.indexOf(Math.max(...spans));
  if (spans[axis] <= 0) return from + ((to - from) >> 1);
  const split = (low[axis] + high[axis]) / 2;
  let left = from;
  let right = to - 1;
  while (left <= right) {
    const b = 6 * order[left];
    if (bounds[b + axis] + bounds[b + 3 + axis] < split) left += 1;
    else {
      const swap = order[left];
      order[left] = order[right];
      order[right] = swap;
      right -= 1;
    }
  }
  return left === from || left === to ? from + ((to - from) >> 1) : left;
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
