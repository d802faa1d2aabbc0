// Volumes whose values are a straight function of the place, on grids of all kinds.

import { gridOf, worldAt, type Grid } from "../src/images/grid";
import type { Field, Voxels } from "../src/images/sampling";
import { cross, normalize, type Vector } from "../src/vector";

/** A value for each place: it differs along every direction. */
export const ramp = ([x, y, z]: Vector): number => 2 * x - 3 * y + 5 * z + 7;

export function affineOf(axes: [Vector, Vector, Vector], origin: Vector): number[][] {
  const rows = [0, 1, 2].map((row) => [axes[0][row], axes[1][row], axes[2][row], origin[row]]);
  return [...rows, [0, 0, 0, 1]];
}

const A = normalize([1, 0.3, -0.2]);
const B = normalize(cross([0.1, 0.2, 1], A));
const C = cross(A, B);
const times = (v: Vector, f: number): Vector => [v[0] * f, v[1] * f, v[2] * f];

export const AFFINES: Record<string, number[][]> = {
  straight: affineOf([[0.7, 0, 0], [0, 0.7, 0], [0, 0, 1.5]], [-10, -8, -30]),
  flipped: affineOf([[-0.7, 0, 0], [0, -0.7, 0], [0, 0, -1.5]], [10, 8, 30]),
  rotated: affineOf([times(A, 0.8), times(B, 0.9), times(C, 1.2)], [3, -4, 5]),
  "sheared by a tilted gantry": affineOf([[0.7, 0, 0], [0, 0.7, 0], [0, 0.55, 1.4]], [-9, -7, -12]),
};

export const SHAPE: [number, number, number] = [14, 18, 22];

export function rampField(affine: number[][], shape = SHAPE): Field {
  return fieldOf(gridOf(affine, shape), ramp);
}

export function fieldOf(grid: Grid, value: (world: Vector) => number): Field {
  const [ni, nj, nk] = grid.counts;
  const voxels: Voxels = new Float32Array(ni * nj * nk);
  for (let k = 0; k < nk; k += 1)
    for (let j = 0; j < nj; j += 1)
      for (let i = 0; i < ni; i += 1) voxels[i + ni * (j + nj * k)] = value(worldAt(grid, [i, j, k]));
  return { grid, voxels };
}

/** The level whose voxels are the means of blocks of 2 x 2 x 2, with its own affine. */
export function halved({ grid, voxels }: Field): Field {
  const [ni, nj, nk] = grid.counts.map((count) => count / 2);
  const origin = worldAt(grid, [0.5, 0.5, 0.5]);
  const steps = grid.steps.map((step) => times(step, 2)) as Grid["steps"];
  const coarse = new Float32Array(ni * nj * nk);
  const [fi, fj] = grid.counts;
  for (let k = 0; k < nk; k += 1)
    for (let j = 0; j < nj; j += 1)
      for (let i = 0; i < ni; i += 1) {
        let sum = 0;
        for (let n = 0; n < 8; n += 1)
          sum += voxels[2 * i + (n & 1) + fi * (2 * j + ((n >> 1) & 1) + fj * (2 * k + (n >> 2)))];
        coarse[i + ni * (j + nj * k)] = sum / 8;
      }
  return { grid: gridOf(affineOf(steps, origin), [nk, nj, ni]), voxels: coarse };
}
