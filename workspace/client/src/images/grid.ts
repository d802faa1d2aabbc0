// A regular grid of voxels in the patient. Axes need not be at right angles: gantries tilt.

import { add, cross, dot, scale, subtract, type Vector } from "../vector";
import type { Matrix } from "./listing";

export interface Grid {
  /** Voxels along i, j, k. */
  counts: Vector;
  /** LPS mm of the centre of the first voxel. */
  origin: Vector;
  /** From one voxel centre to the next along i, j, k, LPS mm. */
  steps: [Vector, Vector, Vector];
  /** Rows that make an offset in mm an offset in i, j, k. */
  rows: [Vector, Vector, Vector];
}

/** Where a plane of voxel centres may be off a given plane, in voxels, and still count as parallel. */
const PARALLEL = 0.05;

export function gridOf(affine: Matrix, [nk, nj, ni]: [number, number, number]): Grid {
  const column = (c: number): Vector => [affine[0][c], affine[1][c], affine[2][c]];
  const [a, b, c] = [column(0), column(1), column(2)];
  const volume = dot(a, cross(b, c));
  if (!Number.isFinite(volume) || Math.abs(volume) < 1e-12) throw new Error("a grid without volume");
  const rows: Grid["rows"] = [cross(b, c), cross(c, a), cross(a, b)];
  return {
    counts: [ni, nj, nk],
    origin: column(3),
    steps: [a, b, c],
    rows: rows.map((row) => scale(row, 1 / volume)) as Grid["rows"],
  };
}

export const worldAt = ({ origin, steps: [a, b, c] }: Grid, [i, j, k]: Vector): Vector => [
  origin[0] + i * a[0] + j * b[0] + k * c[0],
  origin[1] + i * a[1] + j * b[1] + k * c[1],
  origin[2] + i * a[2] + j * b[2] + k * c[2],
];

/** Return an offset in mm as an offset in voxels. */
export const inVoxels = ({ rows: [a, b, c] }: Grid, offset: Vector): Vector => [
  dot(a, offset),
  dot(b, offset),
  dot(c, offset),
];

/** Return the continuous (i, j, k) of a world point; whole numbers are voxel centres. */
export const indexAt = (grid: Grid, world: Vector): Vector =>
  inVoxels(grid, subtract(world, grid.origin));

/** Whether a continuous index lies within a voxel of the grid. */
export const holds = ({ counts }: Grid, index: Vector): boolean =>
  index.every((value, axis) => value >= -0.5 && value <= counts[axis] - 0.5);

/** Return the axis along which the grid is cut by planes with this normal; null: it is cut askew. */
export function axisAcross({ steps, counts }: Grid, normal: Vector): number | null {
  for (const axis of [0, 1, 2]) {
    const [b, c] = [(axis + 1) % 3, (axis + 2) % 3];
    const tilt = Math.abs(dot(steps[b], normal)) * counts[b] + Math.abs(dot(steps[c], normal)) * counts[c];
    if (tilt <= PARALLEL * Math.abs(dot(steps[axis], normal))) return axis;
  }
  return null;
}

/** Return the finest distance between neighbouring voxels, mm. */
export const finestMm = ({ steps }: Grid): number =>
  Math.min(...steps.map((step) => Math.hypot(...step)));

/** Return how far apart slices along a direction should be taken to miss no voxel, mm. */
export function stepAlong({ rows }: Grid, direction: Vector): number {
  const voxelsPerMm = Math.max(...rows.map((row) => Math.abs(dot(row, direction))));
  return 1 / voxelsPerMm;
}

/** Return the grid after a motion of all of it; `matrix` maps its LPS to another's. */
export function moved(grid: Grid, matrix: Matrix): Grid {
  const turn = (v: Vector): Vector =>
    [0, 1, 2].map((row) => dot([matrix[row][0], matrix[row][1], matrix[row][2]], v)) as Vector;
  const shift: Vector = [matrix[0][3], matrix[1][3], matrix[2][3]];
  const [a, b, c] = grid.steps.map(turn);
  const origin = add(turn(grid.origin), shift);
  const [ni, nj, nk] = grid.counts;
  const affine = [0, 1, 2].map((row) => [a[row], b[row], c[row], origin[row]]);
  return gridOf(affine, [nk, nj, ni]);
}
