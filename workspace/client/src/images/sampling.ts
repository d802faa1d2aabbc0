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

/** Fill a row with values between voxels, trilinear; NaN where there is no voxel. */
export function sampleRow({ grid, voxels }: Field, row: Row, { values, offset, stride }: Target): void {
  const start = indexAt(grid, row.start);
  const step = inVoxels(grid, row.step);
  const [first, last] = within(grid, start, step, row.count);
  const end = offset + row.count * stride;
  for (let at = offset; at < offset + first * stride; at += stride) values[at] = NaN;
  for (let at = offset + (last + 1) * stride; at < end; at += stride) values[at] = NaN;
  const [ni, nj, nk] = grid.counts;
  const [di, dj, dk] = step;
  const slice = ni * nj;
  let i = start[0] + first * di;
  let j = start[1] + first * dj;
  let k = start[2] + first * dk;
  let at = offset + first * stride;
  for (let n = first; n <= last; n += 1, at += stride, i += di, j += dj, k += dk) {
    const ci = i < 0 ? 0 : i > ni - 1 ? ni - 1 : i;
    const cj = j < 0 ? 0 : j > nj - 1 ? nj - 1 : j;
    const ck = k < 0 ? 0 : k > nk - 1 ? nk - 1 : k;
    const bi = ci | 0;
    const bj = cj | 0;
    const bk = ck | 0;
    const right = bi + 1 < ni ? 1 : 0;
    const below = bj + 1 < nj ? ni : 0;
    const behind = bk + 1 < nk ? slice : 0;
    const fi = ci - bi;
    const fj = cj - bj;
    const fk = ck - bk;
    const p = bi + ni * bj + slice * bk;
    const q = p + behind;
    const a = voxels[p] + fi * (voxels[p + right] - voxels[p]);
    const b = voxels[p + below] + fi * (voxels[p + below + right] - voxels[p + below]);
    const c = voxels[q] + fi * (voxels[q + right] - voxels[q]);
    const d = voxels[q + below] + fi * (voxels[q + below + right] - voxels[q + below]);
    const near = a + fj * (b - a);
    values[at] = near + fk * (c + fj * (d - c) - near);
  }
}

/** Return the first and the last sample of a row that lie in the grid; first > last: none. */
function within(grid: Grid, start: Vector, step: Vector, count: number): [number, number] {
  let first = 0;
  let last = count - 1;
  for (const axis of [0, 1, 2]) {
    const [low, high] = [-EDGE - start[axis], grid.counts[axis] - 1 + EDGE - start[axis]];
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
