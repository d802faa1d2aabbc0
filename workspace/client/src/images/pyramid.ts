// The voxels of one volume that are in memory: a level is one array, filled brick by brick.

import { add, dot, length, scale, subtract, type Vector } from "../vector";
import type { LevelLayout } from "../worker/volume_shard";
import { gridOf, indexAt, moved, worldAt, type Grid } from "./grid";
import type { Level, Matrix } from "./listing";
import type { Field, Voxels } from "./sampling";

export const BYTES_OF = { int16: 2, float32: 4 } as const;

/** A plane on screen, or a slab about it. */
export interface Sheet {
  /** What is in the middle of the pane. */
  point: Vector;
  normal: Vector;
  /** Half the thickness, mm. */
  half_mm: number;
  /** How far from the point it reaches, mm; it has no end where this is left out. */
  within_mm?: number;
  /** The finest level that it is worth. */
  from_level?: number;
}

/** One resolution, some of its bricks here. */
export class HeldLevel {
  readonly grid: Grid;
  readonly bytes: number;
  layout: LevelLayout | null = null;
  /** By number of the brick: 1 where its voxels are in `voxels`. */
  here = new Uint8Array(0);
  missing = 0;
  private voxels: Voxels | null = null;
  private along: Vector = [0, 0, 0];

  constructor(
    readonly level: Level,
    dtype: "int16" | "float32",
    placed: Matrix | null,
  ) {
    const own = gridOf(level.affine_lps, level.shape_kji);
    this.grid = placed ? moved(own, placed) : own;
    this.bytes = BYTES_OF[dtype] * level.shape_kji.reduce((product, count) => product * count, 1);
  }

  /** Take note of how the level lies on the server. */
  lay(layout: LevelLayout): void {
    const { shape_kji } = this.level;
    if (layout.shape.some((count, axis) => count !== shape_kji[axis])) {
      throw new Error("the volume and its description differ");
    }
    const [k, j, i] = layout.brick;
    this.layout = layout;
    this.along = this.grid.counts.map((count, axis) => Math.ceil(count / [i, j, k][axis])) as Vector;
    this.missing = this.along[0] * this.along[1] * this.along[2];
    this.here = new Uint8Array(this.missing);
  }

  /** The voxels so far; null before the first brick. */
  get field(): Field | null {
    return this.voxels && { grid: this.grid, voxels: this.voxels };
  }

  get complete(): boolean {
    return this.layout !== null && this.missing === 0;
  }

  /** Number of a brick along k, j, i. */
  placeOf(brick: number): [number, number, number] {
    const [ni, nj] = this.along;
    return [Math.floor(brick / (ni * nj)), Math.floor(brick / ni) % nj, brick % ni];
  }

  /** Put a brick in its place; what it has beyond the volume's edge is left out. */
  put(brick: number, voxels: Voxels): void {
    if (!this.layout || this.here[brick]) return;
    const [nk, nj, ni] = this.level.shape_kji;
    const [bk, bj, bi] = this.layout.brick;
    this.voxels ??= voxels instanceof Int16Array ? new Int16Array(nk * nj * ni) : new Float32Array(nk * nj * ni);
    const [k0, j0, i0] = this.placeOf(brick).map((n, axis) => n * this.layout!.brick[axis]);
    const [depth, rows, columns] = [Math.min(bk, nk - k0), Math.min(bj, nj - j0), Math.min(bi, ni - i0)];
    for (let k = 0; k < depth; k += 1) {
      for (let j = 0; j < rows; j += 1) {
        const from = bi * (j + bj * k);
        this.voxels.set(voxels.subarray(from, from + columns), i0 + ni * (j0 + j + nj * (k0 + k)));
      }
    }
    this.here[brick] = 1;
    this.missing -= 1;
  }

  /** Return the brick in which a world point lies, or null. */
  brickAt(world: Vector): number | null {
    if (!this.layout) return null;
    const [bk, bj, bi] = this.layout.brick;
    const index = indexAt(this.grid, world).map(Math.round);
    if (index.some((value, axis) => value < 0 || value >= this.grid.counts[axis])) return null;
    const [i, j, k] = index.map((value, axis) => Math.floor(value / [bi, bj, bk][axis]));
    return i + this.along[0] * (j + this.along[1] * k);
  }

  /** Return the bricks that a sheet needs; `reach` is how far beyond their own voxels they count. */
  *bricksIn({ point, normal, half_mm, within_mm }: Sheet, reach: number): Generator<number> {
    const [ri, rj, rk] = this.grid.steps.map((step) => Math.abs(dot(step, normal)));
    for (const [brick, centre, [i, j, k]] of this.boxes()) {
      const radius = ri * (i / 2 + reach) + rj * (j / 2 + reach) + rk * (k / 2 + reach);
      const offset = subtract(centre, point);
      if (Math.abs(dot(offset, normal)) > radius + half_mm + 1e-9) continue;
      if (within_mm === undefined || length(offset) <= within_mm + this.reachOf([i, j, k])) yield brick;
    }
  }

  /** How far the corners of a brick are from its centre at most, mm. */
  private reachOf(extent: Vector): number {
    return this.grid.steps.reduce((sum, step, axis) => sum + (length(step) * (extent[axis] + 1)) / 2, 0);
  }

  /** Yield each brick with its centre (world) and its extent along i, j, k in voxels. */
  *boxes(): Generator<[number, Vector, Vector]> {
    if (!this.layout) return;
    const [bk, bj, bi] = this.layout.brick;
    const { counts } = this.grid;
    for (let brick = 0; brick < this.here.length; brick += 1) {
      const [k, j, i] = this.placeOf(brick);
      const first: Vector = [i * bi, j * bj, k * bk];
      const end = first.map((value, axis) => Math.min(counts[axis], value + [bi, bj, bk][axis]));
      const extent = end.map((value, axis) => value - first[axis]) as Vector;
      yield [brick, worldAt(this.grid, add(first, scale(subtract(extent, [1, 1, 1]), 0.5))), extent];
    }
  }
}
