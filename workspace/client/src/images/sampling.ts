// Values of a volume along straight lines. Slices, slabs and curved reformats are made of these.

import type { Vector } from "../vector";
import { inVoxels, indexAt, type Grid } from "./grid";

export type Voxels = Int16Array | Float32Array;

/** One resolution of a volume in memory; voxels lie as [k][j][i]. */
export interface Field {
  grid: Grid;
  voxels: Voxels;
}

export interface Row {
  /** LPS mm of the first sample. */
  start: Vector;
  /** From one sample to the next, mm. */
  step: Vector;
  count: number;
}

/** Where a row's samples go: the first at `offset`, the others `stride` apart. */
export interface Target {
  values: Float32Array;
  offset: number;
  stride: number;
}

/** Voxels reach half a step beyond their centres; so much more is rounding. */
const EDGE = 0.5 + 1e-9;
/** So far inside the outermost centres rounding cannot reach beyond them. */
const INNER = 1e-6;

/** Fill a row with values between voxels, trilinear; NaN where there is no voxel. */
export function sampleRow(field: Field, row: Row, target: Target): void {
  const { values, offset, stride } = target;
  const start = indexAt(field.grid, row.start);
  const step = inVoxels(field.grid, row.step);
  const [first, last] = within(field.grid, start, step, { count: row.count, edge: EDGE });
  const end = offset + row.count * stride;
  for (let at = offset; at < offset + first * stride; at += stride) values[at] = NaN;
  for (let at = offset + (last + 1) * stride; at < end; at += stride) values[at] = NaN;
  // Between the outermost centres nothing needs to be held back: that is most of every row.
  const [from, to] = within(field.grid, start, step, { count: row.count, edge: -INNER });
  const line = { start, step };
  if (from > to) sampleAtEdge(field, line, [first, last], target);
  else {
    sampleAtEdge(field, line, [first, from - 1], target);
    sampleInside(field, line, [from, to], target);
    sampleAtEdge(field, line, [to + 1, last], target);
  }
}

interface Line {
  start: Vector;
  step: Vector;
}

/** Samples of which all eight voxels around are there. */
function sampleInside({ grid, voxels }: Field, line: Line, [first, last]: [number, number], target: Target): void {
  const { values, offset, stride } = target;
  const [ni, nj] = grid.counts;
  const slice = ni * nj;
  const [i0, j0, k0] = line.start;
  const [di, dj, dk] = line.step;
  for (let n = first, at = offset + first * stride; n <= last; n += 1, at += stride) {
    const i = i0 + n * di;
    const j = j0 + n * dj;
    const k = k0 + n * dk;
    const bi = i | 0;
    const bj = j | 0;
    const bk = k | 0;
    const fi = i - bi;
    const fj = j - bj;
    const p = bi + ni * bj + slice * bk;
    const q = p + slice;
    const a = voxels[p] + fi * (voxels[p + 1] - voxels[p]);
    const b = voxels[p + ni] + fi * (voxels[p + ni + 1] - voxels[p + ni]);
    const c = voxels[q] + fi * (voxels[q + 1] - voxels[q]);
    const d = voxels[q + ni] + fi * (voxels[q + ni + 1] - voxels[q + ni]);
    const near = a + fj * (b - a);
    values[at] = near + (k - bk) * (c + fj * (d - c) - near);
  }
}

/** Samples in the outer half of the outermost voxels have the nearest centres' values. */
function sampleAtEdge({ grid, voxels }: Field, line: Line, [first, last]: [number, number], target: Target): void {
  const { values, offset, stride } = target;
  const [ni, nj, nk] = grid.counts;
  const slice = ni * nj;
  const held = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  for (let n = first; n <= last; n += 1) {
    const i = held(line.start[0] + n * line.step[0], ni);
    const j = held(line.start[1] + n * line.step[1], nj);
    const k = held(line.start[2] + n * line.step[2], nk);
    const [bi, bj, bk] = [Math.floor(i), Math.floor(j), Math.floor(k)];
    const right = bi + 1 < ni ? 1 : 0;
    const below = bj + 1 < nj ? ni : 0;
    const p = bi + ni * bj + slice * bk;
    const q = bk + 1 < nk ? p + slice : p;
    const between = (from: number) => voxels[from] + (i - bi) * (voxels[from + right] - voxels[from]);
    const near = between(p) + (j - bj) * (between(p + below) - between(p));
    const far = between(q) + (j - bj) * (between(q + below) - between(q));
    values[offset + n * stride] = near + (k - bk) * (far - near);
  }
}

/** Return the first and the last place of a row that lie within the grid's voxels; first > last: none. */
export const spanIn = (grid: Grid, { start, step, count }: Row): [number, number] =>
  within(grid, indexAt(grid, start), inVoxels(grid, step), { count, edge: EDGE });

/** Return the first and the last sample of a row that lie in the grid, or `edge` voxels beyond its
 * outermost centres; first > last: none. */
function within(grid: Grid, start: Vector, step: Vector, { count, edge }: { count: number; edge: number }): [number, number] {
  let first = 0;
  let last = count - 1;
  for (const axis of [0, 1, 2]) {
    const [low, high] = [-edge - start[axis], grid.counts[axis] - 1 + edge - start[axis]];
    if (Math.abs(step[axis]) < 1e-12) {
      if (low > 0 || high < 0) return [count, count - 1];
    } else {
      const [a, b] = [low / step[axis], high / step[axis]];
      first = Math.max(first, Math.ceil(Math.min(a, b)));
      last = Math.min(last, Math.floor(Math.max(a, b)));
    }
  }
  return first > last ? [count, count - 1] : [first, last];
}

/** Return the value of the voxel in which a world point lies, as the scanner gave it, or null. */
export function voxelAt({ grid, voxels }: Field, world: Vector): number | null {
  const index = indexAt(grid, world).map(Math.round);
  const [i, j, k] = index;
  const [ni, nj] = grid.counts;
  if (index.some((value, axis) => value < 0 || value >= grid.counts[axis])) return null;
  return voxels[i + ni * (j + nj * k)];
}
