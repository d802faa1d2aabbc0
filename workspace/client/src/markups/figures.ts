// Values of a markup from its points: as the server works them out, but at once.
//
// Uncertainty: each point is known to half a voxel along each axis of the grid, all places within
// equally likely, so its variance is the voxel's size squared, over twelve, and it is propagated to
// first order (JCGM 100:2008, 4.3.7 and 5.1.2). The server adds what smoothing a surface adds.

import { cross, dot, length, normalize, reject, scale, subtract, add, type Vector } from "../vector";
import type { MarkupKind, MarkupValue } from "../records";

const ZERO: Vector = [0, 0, 0];

/** A value, and how it changes with each of its points. */
interface Figure {
  value: number;
  slopes: Vector[];
}

/** Return the length of a polyline, mm. */
export function lengthMm(points: Vector[]): Figure {
  const slopes: Vector[] = points.map(() => ZERO);
  let value = 0;
  for (let i = 1; i < points.length; i += 1) {
    const step = subtract(points[i], points[i - 1]);
    const way = normalize(step);
    value += length(step);
    slopes[i] = add(slopes[i], way);
    slopes[i - 1] = subtract(slopes[i - 1], way);
  }
  return { value, slopes };
}

/** Return the way round a closed polygon, mm. */
export function perimeterMm(points: Vector[]): Figure {
  const open = lengthMm([...points, points[0]]);
  const slopes = open.slopes.slice(0, -1);
  slopes[0] = add(slopes[0], open.slopes[points.length]);
  return { value: open.value, slopes };
}

/** Return the angle at the second of three points, degrees, 0 to 180. */
export function angleDeg([first, vertex, last]: Vector[]): Figure {
  const [a, b] = [subtract(first, vertex), subtract(last, vertex)];
  const value = (Math.atan2(length(cross(a, b)), dot(a, b)) * 180) / Math.PI;
  const away = (leg: Vector, other: Vector): Vector => {
    const size = length(leg);
    if (size === 0) return ZERO;
    return scale(normalize(reject(other, normalize(leg))), -180 / (Math.PI * size));
  };
  const [s, u] = [away(a, b), away(b, a)];
  return { value, slopes: [s, scale(add(s, u), -1), u] };
}

/** Return twice the vector area of a polygon: at right angles to it, as long as twice its area. */
export function twiceArea(points: Vector[]): Vector {
  let sum = ZERO;
  const base = points[0];
  for (let i = 2; i < points.length; i += 1) {
    sum = add(sum, cross(subtract(points[i - 1], base), subtract(points[i], base)));
  }
  return sum;
}

/** Return the area of a polygon in its own plane, mm2. */
export function areaMm2(points: Vector[]): Figure {
  const twice = twiceArea(points);
  const normal = normalize(twice);
  const around = (i: number) => points[(i + points.length) % points.length];
  const slopes = points.map((_, i) => scale(cross(subtract(around(i + 1), around(i - 1)), normal), 0.5));
  return { value: length(twice) / 2, slopes };
}

/** Return the area of an ellipse from its centre and the ends of two half axes, mm2. */
export function ellipseMm2([centre, first, second]: Vector[]): Figure {
  const [a, b] = [subtract(first, centre), subtract(second, centre)];
  const normal = normalize(cross(a, b));
  const s = scale(cross(b, normal), Math.PI);
  const u = scale(cross(normal, a), Math.PI);
  return { value: Math.PI * length(cross(a, b)), slopes: [scale(add(s, u), -1), s, u] };
}

/** Return the volume of a box along L, P and S from two opposite corners, mL. */
export function boxMl([a, b]: Vector[]): Figure {
  const [x, y, z] = subtract(b, a);
  const value = Math.abs(x * y * z) / 1000;
  const sign = Math.sign(x * y * z) || 1;
  const s = scale([y * z, x * z, x * y], sign / 1000);
  return { value, slopes: [scale(s, -1), s] };
}

/** The three sides of a voxel, world mm. */
export type Voxel = [Vector, Vector, Vector];

/** Return the standard uncertainty that the size of the voxels gives a figure. */
export function uncertaintyOf({ slopes }: Figure, voxel: Voxel): number {
  let variance = 0;
  for (const slope of slopes) for (const side of voxel) variance += dot(slope, side) ** 2 / 12;
  return Math.sqrt(variance);
}

interface Row {
  name: MarkupValue["name"];
  unit: MarkupValue["unit"];
  needs: number;
  figure(points: Vector[]): Figure;
}

const ROWS: Partial<Record<MarkupKind, Row[]>> = {
  line: [{ name: "length", unit: "mm", needs: 2, figure: lengthMm }],
  surface_path: [{ name: "length", unit: "mm", needs: 2, figure: lengthMm }],
  angle: [{ name: "angle", unit: "deg", needs: 3, figure: angleDeg }],
  closed_curve: [
    { name: "area", unit: "mm2", needs: 3, figure: areaMm2 },
    { name: "perimeter", unit: "mm", needs: 3, figure: perimeterMm },
  ],
  freehand: [{ name: "length", unit: "mm", needs: 2, figure: lengthMm }],
  roi_ellipse: [{ name: "area", unit: "mm2", needs: 3, figure: ellipseMm2 }],
  roi_box: [{ name: "volume", unit: "mL", needs: 2, figure: boxMl }],
};

/** Return what the points of a kind measure now; nothing where there are too few of them. */
export function figuresOf(kind: MarkupKind, points: Vector[], voxel: Voxel | null): MarkupValue[] {
  return (ROWS[kind] ?? []).flatMap(({ name, unit, needs, figure }) => {
    if (points.length < needs) return [];
    const found = figure(points);
    return [{ name, unit, value: found.value, uncertainty: voxel && uncertaintyOf(found, voxel) }];
  });
}
