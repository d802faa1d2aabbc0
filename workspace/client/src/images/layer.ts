// One volume in a pane: the best picture of it that its voxels in memory give.

import { flatCanvas } from "../graphics";
import { rightOf, type Camera, type Size } from "../camera";
import { add, scale, subtract, type Vector } from "../vector";
import { columnsOf, sliceCurved, type Curve } from "./curved";
import { finestMm, indexAt, worldAt, type Grid } from "./grid";
import type { Matrix, Window } from "./listing";
import type { HeldLevel, Sheet } from "./pyramid";
import type { Field } from "./sampling";
import {
  nativeFrame,
  nativeSlice,
  sliceNative,
  slicePlane,
  slicesIn,
  stridesOf,
  trimmed,
  type Frame,
  type NativeSlice,
  type Slab,
} from "./slicing";
import { lookupTable, paintSlice, paintValues, type Palette } from "./windowing";

/** A plane as a pane shows it. */
export interface PlaneView {
  camera: Camera;
  size: Size;
  slab: Slab | null;
}

export interface Look {
  window: Window;
  palette: Palette;
}

export interface Painted {
  canvas: HTMLCanvasElement;
  /** Where the canvas's pixels lie in the patient; a curved reformat lies nowhere flat. */
  frame: Frame;
  level: number;
}

/** Askew planes are sampled at most so often a frame: 14 ms on a plain machine; slabs 50 ms. */
const MOST_SAMPLES = 400_000;
const MOST_SLAB_SAMPLES = 1_500_000;
/** Finer than this share of a voxel there is nothing more to see. */
const FINEST_SHARE = 0.6;

export function sheetOf({ camera, slab }: PlaneView): Sheet {
  return { point: camera.focal, normal: camera.direction, half_mm: (slab?.mm ?? 0) / 2 };
}

/** Return the view moved to the slice of voxels that it shows, where it lies along the grid. */
export function snapped(view: PlaneView, grid: Grid): PlaneView {
  const { camera, slab } = view;
  const slice = slab ? null : nativeSlice(grid, camera.focal, camera.direction, null);
  if (!slice || slice.last < slice.first) return view;
  const index = indexAt(grid, camera.focal);
  const step = grid.steps[slice.axis];
  // along the normal, so that the picture stays where it is on screen
  const off = (slice.first - index[slice.axis]) * dotOf(step, camera.direction);
  return { ...view, camera: { ...camera, focal: add(camera.focal, scale(camera.direction, off)) } };
}

/** Return a view as it is in the LPS of a volume that `matrix` maps to the view's. */
export function viewBefore(view: PlaneView, matrix: Matrix | null): PlaneView {
  if (!matrix) return view;
  const back = (v: Vector): Vector => [0, 1, 2].map((c) => dotOf([matrix[0][c], matrix[1][c], matrix[2][c]], v)) as Vector;
  const { focal, direction, up } = view.camera;
  const shifted = subtract(focal, [matrix[0][3], matrix[1][3], matrix[2][3]]);
  return { ...view, camera: { ...view.camera, focal: back(shifted), direction: back(direction), up: back(up) } };
}

/** Keeps the last picture of a volume in one pane, and makes it anew when it must differ. */
export class PaneLayer {
  private canvas: HTMLCanvasElement | null = null;
  private stamp = "";
  private frame: Frame | null = null;
  private table: { window: Window; palette: Palette; colours: Uint32Array } | null = null;

  /** Return the picture of a plane at the finest level that is here, or null: there is none. */
  paintPlane(levels: HeldLevel[], view: PlaneView, look: Look): Painted | null {
    for (const [level, held] of levels.entries()) {
      const slice = nativeSlice(held.grid, view.camera.focal, view.camera.direction, view.slab);
      const { field } = held;
      if (!field || !isHere(held, view, slice)) continue;
      const named = slice ? [slice.axis, slice.first, slice.last] : [view.camera, view.size];
      const stamp = JSON.stringify([level, named, view.slab, look.window]);
      if (stamp !== this.stamp) {
        this.frame = slice ? this.paintNative(field, slice, view, look) : this.paintAskew(field, view, look);
        this.stamp = stamp;
      }
      return this.frame && this.canvas ? { canvas: this.canvas, frame: this.frame, level } : null;
    }
    return null;
  }

  paintCurve(levels: HeldLevel[], curve: Curve, slab: Slab | null, look: Look): Painted | null {
    const points = sheetPoints(curve);
    for (const [level, held] of levels.entries()) {
      const { field } = held;
      if (!field || !points.every((point) => isHereAt(held, point))) continue;
      const stamp = JSON.stringify([level, curve, slab, look.window]);
      const frame = { width: curve.width, height: curve.height, origin: ORIGIN, across: ORIGIN, down: ORIGIN };
      if (stamp !== this.stamp) {
        this.show(frame, (pixels) => paintValues(sliceCurved(field, curve, slab), look.window, look.palette, pixels));
        this.stamp = stamp;
      }
      return this.canvas && { canvas: this.canvas, frame, level };
    }
    return null;
  }

  private paintNative(field: Field, slice: NativeSlice, { slab }: PlaneView, look: Look): Frame | null {
    if (slice.last < slice.first) return null;
    const frame = nativeFrame(field.grid, slice);
    const { voxels } = field;
    if (slice.first === slice.last && voxels instanceof Int16Array) {
      const strides = stridesOf(field.grid, slice.axis, slice.first);
      this.show(frame, (pixels) => paintSlice(voxels, strides, frame, this.tableOf(look), pixels));
    } else {
      const { values } = sliceNative(field, slice, slab?.mode ?? "max");
      this.show(frame, (pixels) => paintValues(values, look.window, look.palette, pixels));
    }
    return frame;
  }

  private paintAskew(field: Field, view: PlaneView, look: Look): Frame | null {
    const frame = trimmed(rasterOf(view, field.grid), field.grid);
    if (!frame) return null;
    const { values } = slicePlane(field, frame, view.camera.direction, view.slab);
    this.show(frame, (pixels) => paintValues(values, look.window, look.palette, pixels));
    return frame;
  }

  private show({ width, height }: Frame, paint: (pixels: Uint32Array) => void): void {
    this.canvas ??= document.createElement("canvas");
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d", flatCanvas());
    if (!context) return;
    const image = context.createImageData(width, height);
    paint(new Uint32Array(image.data.buffer));
    context.putImageData(image, 0, 0);
  }

  private tableOf({ window, palette }: Look): Uint32Array {
    const known = this.table;
    const same = known && known.palette === palette && known.window.center === window.center && known.window.width === window.width;
    if (same) return known.colours;
    this.table = { window, palette, colours: lookupTable(window, palette) };
    return this.table.colours;
  }
}

const ORIGIN: Vector = [0, 0, 0];

/** Return the raster that fills a pane, no finer than the voxels are worth. */
export function rasterOf({ camera, size, slab }: PlaneView, grid: Grid): Frame {
  const most = slab ? MOST_SLAB_SAMPLES / slicesIn(grid, camera.direction, slab.mm) : MOST_SAMPLES;
  const height_mm = 2 * camera.half_height_mm;
  const width_mm = (height_mm * size.width) / size.height;
  const mm = Math.max(
    height_mm / (size.height * Math.min(2, globalThis.devicePixelRatio || 1)),
    FINEST_SHARE * finestMm(grid),
    Math.sqrt((width_mm * height_mm) / most),
  );
  const [width, height] = [Math.ceil(width_mm / mm), Math.ceil(height_mm / mm)];
  const across = scale(rightOf(camera), mm);
  const down = scale(camera.up, -mm);
  const corner = add(scale(across, -(width - 1) / 2), scale(down, -(height - 1) / 2));
  return { width, height, across, down, origin: add(camera.focal, corner) };
}

/** Whether all voxels are here that a plane shows at a level. */
function isHere(held: HeldLevel, view: PlaneView, slice: NativeSlice | null): boolean {
  if (held.complete) return true;
  if (!slice) return every(held, held.bricksIn(sheetOf(view), 0.5));
  if (slice.last < slice.first) return true;
  const { axis, first, last } = slice;
  const index = indexAt(held.grid, view.camera.focal);
  index[axis] = (first + last) / 2;
  const thick = (last - first) / 2;
  const half_mm = thick * Math.abs(dotOf(held.grid.steps[axis], view.camera.direction));
  const sheet = { point: worldAt(held.grid, index), normal: view.camera.direction, half_mm };
  // a slice lies within its voxels: no brick beyond them counts
  return every(held, held.bricksIn(sheet, -0.25));
}

const dotOf = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function every({ here }: HeldLevel, bricks: Iterable<number>): boolean {
  for (const brick of bricks) if (!here[brick]) return false;
  return true;
}

function isHereAt(held: HeldLevel, point: Vector): boolean {
  const brick = held.brickAt(point);
  return brick === null || held.here[brick] === 1;
}

/** How far apart a curved sheet is probed for missing bricks, pixels. */
const PROBE_PX = 8;

function sheetPoints(curve: Curve): Vector[] {
  const { down, offset_mm, mm_per_pixel, height } = curve;
  return columnsOf(curve).flatMap((place, x) => {
    if (!place || x % PROBE_PX) return [];
    const rows = Math.ceil(height / PROBE_PX) + 1;
    return Array.from({ length: rows }, (_, n) =>
      add(place.point, scale(down, offset_mm + (Math.min(height, n * PROBE_PX) - height / 2) * mm_per_pixel)),
    );
  });
}
