// A curved reformat: a line through the anatomy made straight, with what lies beside it.

import { add, cross, dot, length, normalize, scale, subtract, type Vector } from "../vector";
import type { Grid } from "./grid";
import type { Sheet } from "./pyramid";
import { sampleRow, type Field } from "./sampling";
import { collect, slicesIn, type Slab } from "./slicing";

export interface Curve {
  /** LPS mm, at least two. */
  line: Vector[];
  /** What runs downwards in the picture; unit length. */
  down: Vector;
  /** Distance along the line at the first column's centre, mm. */
  from_mm: number;
  /** Offset along `down` of the middle of the picture, mm. */
  offset_mm: number;
  mm_per_pixel: number;
  width: number;
  height: number;
}

/** Where a column of the picture lies. */
export interface Column {
  /** On the line. */
  point: Vector;
  /** Along the line; unit length. */
  tangent: Vector;
}

/** Return the length of a line up to each of its points, mm. */
export function lengthsOf(line: Vector[]): number[] {
  const lengths = [0];
  for (let n = 1; n < line.length; n += 1) {
    lengths.push(lengths[n - 1] + length(subtract(line[n], line[n - 1])));
  }
  return lengths;
}

/** Return the place at a distance along a line; null before its start and beyond its end. */
export function placeAlong(line: Vector[], lengths: number[], mm: number): Column | null {
  const end = lengths[lengths.length - 1];
  if (end === 0 || mm < -1e-9 || mm > end + 1e-9) return null;
  let n = lengths.findIndex((reached) => reached > mm);
  if (n < 0) n = lengths.findIndex((reached) => reached === end);
  const [a, b] = [line[n - 1], line[n]];
  const tangent = normalize(subtract(b, a));
  return { point: add(a, scale(tangent, mm - lengths[n - 1])), tangent };
}

/** Return the columns of the picture, null where the line does not reach. */
export function columnsOf({ line, from_mm, mm_per_pixel, width }: Curve): (Column | null)[] {
  const lengths = lengthsOf(line);
  return Array.from({ length: width }, (_, x) => placeAlong(line, lengths, from_mm + x * mm_per_pixel));
}

/** Return the values of a curved reformat, row by row; NaN where there is no voxel or no line. */
export function sliceCurved(field: Field, curve: Curve, slab: Slab | null): Float32Array {
  const { width, height, down, offset_mm, mm_per_pixel } = curve;
  const values = new Float32Array(width * height).fill(NaN);
  const top = offset_mm - ((height - 1) / 2) * mm_per_pixel;
  const column = new Float32Array(height);
  columnsOf(curve).forEach((place, x) => {
    if (!place) return;
    const start = add(place.point, scale(down, top));
    const deep = normalize(cross(place.tangent, down));
    const layers = slab ? offsetsIn(field.grid, deep, slab) : [0];
    const whole = new Float32Array(height).fill(slab?.mode === "mean" ? 0 : NaN);
    const counted = slab?.mode === "mean" ? new Float32Array(height) : null;
    for (const offset of layers) {
      const row = { start: add(start, scale(deep, offset)), step: scale(down, mm_per_pixel), count: height };
      sampleRow(field, row, { values: column, offset: 0, stride: 1 });
      collect(whole, column, slab?.mode ?? "max", counted);
    }
    for (let y = 0; y < height; y += 1) values[x + y * width] = counted ? whole[y] / counted[y] : whole[y];
  });
  return values;
}

/** Return the world point of a pixel of a curved reformat, or null. */
export function worldOnCurve(curve: Curve, x: number, y: number): Vector | null {
  const { line, down, from_mm, offset_mm, mm_per_pixel, height } = curve;
  const place = placeAlong(line, lengthsOf(line), from_mm + x * mm_per_pixel);
  const offset = offset_mm + (y - (height - 1) / 2) * mm_per_pixel;
  return place && add(place.point, scale(down, offset));
}

function offsetsIn(grid: Grid, deep: Vector, { mm }: Slab): number[] {
  // a line that runs along `down` has no side: one layer is all there is
  if (dot(deep, deep) < 0.5) return [0];
  const count = slicesIn(grid, deep, mm);
  return Array.from({ length: count }, (_, n) => (count === 1 ? 0 : mm * (n / (count - 1) - 0.5)));
}

/** How far apart the pieces are for which bricks are fetched, mm. */
const PIECE_MM = 20;

/** Return where the bricks of a curved reformat are wanted. */
export function curveSheets(curve: Curve): Sheet[] {
  const { down, height, mm_per_pixel } = curve;
  const every = Math.max(1, Math.round(PIECE_MM / mm_per_pixel));
  const within_mm = Math.max(PIECE_MM, (height * mm_per_pixel) / 2);
  return columnsOf(curve).flatMap((place, x) => {
    if (!place || x % every) return [];
    return [{ point: place.point, normal: normalize(cross(place.tangent, down)), half_mm: PIECE_MM / 2, within_mm }];
  });
}
