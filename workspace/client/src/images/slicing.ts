// Pictures of a volume as values: a slice of voxels as they lie, any plane, thick slabs of both.

import { add, dot, scale, subtract, type Vector } from "../vector";
import { axisAcross, indexAt, stepAlong, worldAt, type Grid } from "./grid";
import { sampleRow, type Field, type Voxels } from "./sampling";

export interface Slab {
  mm: number;
  mode: "max" | "min" | "mean";
}

/** Values on a flat raster in the patient; NaN where there is no voxel. */
export interface Raster {
  width: number;
  height: number;
  values: Float32Array;
  /** LPS mm of the centre of the first pixel. */
  origin: Vector;
  /** From one pixel to the next, to the right and down, mm. */
  across: Vector;
  down: Vector;
}

export type Frame = Omit<Raster, "values">;

/** More slices than this are thinned out: a slab through the whole body must not stop the hand. */
const MOST_SLICES = 256;

/** Which voxels a plane shows where it lies along the grid; null: it cuts the grid askew. */
export interface NativeSlice {
  axis: number;
  /** First and last slice; one where there is no slab. */
  first: number;
  last: number;
}

/** Return the slices of voxels that a plane, or a slab about it, shows. */
export function nativeSlice(grid: Grid, point: Vector, normal: Vector, slab: Slab | null): NativeSlice | null {
  const axis = axisAcross(grid, normal);
  if (axis === null) return null;
  const middle = indexAt(grid, point)[axis];
  const half = slab ? slab.mm / 2 / Math.abs(dot(grid.steps[axis], normal)) : 0;
  const nearest = Math.round(middle);
  const first = Math.min(nearest, Math.ceil(middle - half - 1e-9));
  const last = Math.max(nearest, Math.floor(middle + half + 1e-9));
  const most = grid.counts[axis] - 1;
  if (last < 0 || first > most) return { axis, first: 0, last: -1 };
  return { axis, first: Math.max(0, first), last: Math.min(most, last) };
}

/** Return where the pixels of a slice along the grid lie. */
export function nativeFrame(grid: Grid, { axis, first, last }: NativeSlice): Frame {
  const [a, b] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
  const index: Vector = [0, 0, 0];
  index[axis] = (first + last) / 2;
  return {
    width: grid.counts[a],
    height: grid.counts[b],
    origin: worldAt(grid, index),
    across: grid.steps[a],
    down: grid.steps[b],
  };
}

/** Where the voxels of one slice lie in the array: `start + x * across + y * down`. */
export interface Strides {
  start: number;
  across: number;
  down: number;
}

export function stridesOf({ counts: [ni, nj] }: Grid, axis: number, slice: number): Strides {
  if (axis === 2) return { start: slice * ni * nj, across: 1, down: ni };
  if (axis === 1) return { start: slice * ni, across: 1, down: ni * nj };
  return { start: slice, across: ni, down: ni * nj };
}

/** Return the values of a slab of voxels as they lie. */
export function sliceNative({ grid, voxels }: Field, slice: NativeSlice, mode: Slab["mode"]): Raster {
  const frame = nativeFrame(grid, slice);
  const values = new Float32Array(frame.width * frame.height);
  const add = ADDING[slice.first === slice.last ? "first" : mode];
  for (let n = slice.first; n <= slice.last; n += 1) {
    const strides = stridesOf(grid, slice.axis, n);
    (n === slice.first ? ADDING.first : add)(values, voxels, strides, frame.width);
  }
  const count = slice.last - slice.first + 1;
  if (mode === "mean" && count > 1) for (let at = 0; at < values.length; at += 1) values[at] /= count;
  return { ...frame, values };
}

type Adding = (values: Float32Array, voxels: Voxels, strides: Strides, width: number) => void;

/** How a further slice of voxels goes into a slab. Four loops, for each is the whole time of a slab. */
const ADDING: Record<"first" | Slab["mode"], Adding> = {
  first(values, voxels, { start, across, down }, width) {
    for (let at = 0, row = start; at < values.length; row += down)
      for (let p = row, end = at + width; at < end; at += 1, p += across) values[at] = voxels[p];
  },
  mean(values, voxels, { start, across, down }, width) {
    for (let at = 0, row = start; at < values.length; row += down)
      for (let p = row, end = at + width; at < end; at += 1, p += across) values[at] += voxels[p];
  },
  max(values, voxels, { start, across, down }, width) {
    for (let at = 0, row = start; at < values.length; row += down)
      for (let p = row, end = at + width; at < end; at += 1, p += across) if (voxels[p] > values[at]) values[at] = voxels[p];
  },
  min(values, voxels, { start, across, down }, width) {
    for (let at = 0, row = start; at < values.length; row += down)
      for (let p = row, end = at + width; at < end; at += 1, p += across) if (voxels[p] < values[at]) values[at] = voxels[p];
  },
};

/** Return the values on any plane, or in a slab about it. */
export function slicePlane(field: Field, frame: Frame, normal: Vector, slab: Slab | null): Raster {
  const values = new Float32Array(frame.width * frame.height);
  if (!slab) {
    fillPlane(field, frame, values);
    return { ...frame, values };
  }
  const count = slicesIn(field.grid, normal, slab.mm);
  const counted = slab.mode === "mean" ? new Float32Array(values.length) : null;
  const layer = new Float32Array(values.length);
  values.fill(counted ? 0 : NaN);
  for (let n = 0; n < count; n += 1) {
    const offset = count === 1 ? 0 : slab.mm * (n / (count - 1) - 0.5);
    fillPlane(field, { ...frame, origin: add(frame.origin, scale(normal, offset)) }, layer);
    collect(values, layer, slab.mode, counted);
  }
  // where nothing was counted, 0 / 0: NaN, as it should be
  if (counted) for (let at = 0; at < values.length; at += 1) values[at] /= counted[at];
  return { ...frame, values };
}

/** Return how many layers a slab is sampled in: neighbours at most a voxel apart. */
export function slicesIn(grid: Grid, normal: Vector, mm: number): number {
  return Math.max(1, Math.min(MOST_SLICES, Math.ceil(mm / stepAlong(grid, normal)) + 1));
}

/** Add a layer to what was collected; where a layer has no voxel it does not count. */
export function collect(
  values: Float32Array,
  layer: Float32Array,
  mode: Slab["mode"],
  counted: Float32Array | null,
): void {
  for (let at = 0; at < values.length; at += 1) {
    const value = layer[at];
    if (Number.isNaN(value)) continue;
    if (counted) {
      values[at] += value;
      counted[at] += 1;
    } else if (!(mode === "max" ? values[at] >= value : values[at] <= value)) values[at] = value;
  }
}

function fillPlane(field: Field, frame: Frame, values: Float32Array): void {
  const { width, height, origin, across, down } = frame;
  for (let y = 0; y < height; y += 1) {
    const start = add(origin, scale(down, y));
    sampleRow(field, { start, step: across, count: width }, { values, offset: y * width, stride: 1 });
  }
}

/** Return the part of a frame in which a grid can be seen at all; null: none of it. */
export function trimmed(frame: Frame, grid: Grid): Frame | null {
  const [mmAcross, mmDown] = [dot(frame.across, frame.across), dot(frame.down, frame.down)];
  const xs: number[] = [];
  const ys: number[] = [];
  for (let corner = 0; corner < 8; corner += 1) {
    const index = [0, 1, 2].map((axis) => (corner & (1 << axis) ? grid.counts[axis] - 0.5 : -0.5));
    const offset = subtract(worldAt(grid, index as Vector), frame.origin);
    xs.push(dot(offset, frame.across) / mmAcross);
    ys.push(dot(offset, frame.down) / mmDown);
  }
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const right = Math.min(frame.width - 1, Math.ceil(Math.max(...xs)));
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const bottom = Math.min(frame.height - 1, Math.ceil(Math.max(...ys)));
  if (left > right || top > bottom) return null;
  const shift = add(scale(frame.across, left), scale(frame.down, top));
  const size = { width: right - left + 1, height: bottom - top + 1 };
  return { ...frame, ...size, origin: add(frame.origin, shift) };
}
