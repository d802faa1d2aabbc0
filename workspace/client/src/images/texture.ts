// Voxels as the 3D picture takes them: a straight box of at most 256 in each direction.

import { cross, dot, length, normalize, scale, type Vector } from "../vector";
import { worldAt, type Grid } from "./grid";
import type { HeldLevel } from "./pyramid";
import { sampleRow, type Field, type Voxels } from "./sampling";

/** A box of voxels with axes at right angles, right-handed. */
export interface Texture {
  voxels: Voxels;
  counts: Vector;
  spacing: Vector;
  origin: Vector;
  /** Unit vectors along i, j, k. */
  axes: [Vector, Vector, Vector];
}

/** Axes this far from a right angle (cosine) are straightened by taking the values anew. */
const ASKEW = 1e-3;

/** Return the finest level with at most so many voxels in each direction. */
export function levelForSpace(levels: HeldLevel[], most: number): number {
  const level = levels.findIndex(({ grid }) => Math.max(...grid.counts) <= most);
  return level < 0 ? levels.length - 1 : level;
}

export function textureOf(field: Field): Texture {
  const { grid } = field;
  const axes = grid.steps.map(normalize) as Texture["axes"];
  const askew = Math.max(...[0, 1, 2].map((n) => Math.abs(dot(axes[n], axes[(n + 1) % 3]))));
  if (askew > ASKEW) return straightened(field);
  const spacing = grid.steps.map(length) as Vector;
  if (dot(cross(axes[0], axes[1]), axes[2]) > 0) {
    return { voxels: field.voxels, counts: grid.counts, spacing, origin: grid.origin, axes };
  }
  // A left-handed box is turned over along k: lighting expects right-handed ones.
  const [ni, nj, nk] = grid.counts;
  const slice = ni * nj;
  const voxels = field.voxels.slice();
  for (let k = 0; k < nk; k += 1) voxels.set(field.voxels.subarray(k * slice, (k + 1) * slice), (nk - 1 - k) * slice);
  const origin = worldAt(grid, [0, 0, nk - 1]);
  return { voxels, counts: grid.counts, spacing, origin, axes: [axes[0], axes[1], scale(axes[2], -1)] };
}

/** Take the values anew on a box around the grid, straight along its i and its slices' normal. */
function straightened({ grid, voxels }: Field): Texture {
  const i = normalize(grid.steps[0]);
  const k = normalize(cross(grid.steps[0], grid.steps[1]));
  const axes: Texture["axes"] = [i, cross(k, i), k];
  const spacing = axes.map((axis) => Math.max(...grid.steps.map((step) => Math.abs(dot(step, axis))))) as Vector;
  const low = axes.map((axis) => extreme(grid, axis, Math.min)) as Vector;
  const high = axes.map((axis) => extreme(grid, axis, Math.max)) as Vector;
  const counts = axes.map((_, n) => Math.floor((high[n] - low[n]) / spacing[n]) + 1) as Vector;
  const at = (n: number, m: number): Vector =>
    [0, 1, 2].map((x) => axes[0][x] * low[0] + axes[1][x] * (low[1] + m * spacing[1]) + axes[2][x] * (low[2] + n * spacing[2])) as Vector;
  let lowest = Infinity;
  for (let p = 0; p < voxels.length; p += 1) if (voxels[p] < lowest) lowest = voxels[p];
  const values = new Float32Array(counts[0] * counts[1] * counts[2]);
  for (let n = 0; n < counts[2]; n += 1) {
    for (let m = 0; m < counts[1]; m += 1) {
      const row = { start: at(n, m), step: scale(axes[0], spacing[0]), count: counts[0] };
      sampleRow({ grid, voxels }, row, { values, offset: counts[0] * (m + counts[1] * n), stride: 1 });
    }
  }
  for (let p = 0; p < values.length; p += 1) if (Number.isNaN(values[p])) values[p] = lowest;
  return { voxels: values, counts, spacing, origin: at(0, 0), axes };
}

function extreme(grid: Grid, axis: Vector, least: (...values: number[]) => number): number {
  const corners = Array.from({ length: 8 }, (_, n) =>
    dot(worldAt(grid, grid.counts.map((count, bit) => (n & (1 << bit) ? count - 1 : 0)) as Vector), axis),
  );
  return least(...corners);
}
