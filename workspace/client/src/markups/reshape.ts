// Other points for a markup: one of them moved, one more, one less.

import type { Plane } from "../rigid";
import { add, cross, dot, length, normalize, reject, scale, subtract, type Vector } from "../vector";
import { kindOf } from "./kinds";
import type { ControlPoint, MarkupKind, MarkupRecord } from "../records";
import { secondAxis } from "./shapes";

/** Kinds that are drawn through as many points as somebody likes. */
const CURVES: MarkupKind[] = ["surface_path", "closed_curve", "freehand"];

export const isCurve = (kind: MarkupKind): boolean => CURVES.includes(kind);

/** Return the points with one of them elsewhere; an ellipse stays one, about its centre. */
export function movedPoint(one: Pick<MarkupRecord, "kind" | "points" | "plane">, index: number, to: ControlPoint): ControlPoint[] {
  const points = one.points.map((point, i) => (i === index ? to : point));
  return one.kind === "roi_ellipse" ? reshapedEllipse(one.points, index, to, one.plane?.normal) : points;
}

function reshapedEllipse(before: ControlPoint[], index: number, to: ControlPoint, normal?: Vector): ControlPoint[] {
  const [centre, first, second] = before.map(({ point_mm }) => point_mm);
  const at = to.point_mm;
  const fixed = (points: Vector[]) => points.map((point_mm): ControlPoint => ({ point_mm, solid_id: null }));
  if (index === 0) {
    const shift = subtract(at, centre);
    return fixed([at, add(first, shift), add(second, shift)]);
  }
  const axis = normal ?? normalize(cross(subtract(first, centre), subtract(second, centre)));
  if (index === 2) return fixed([centre, first, secondAxis(centre, first, at, axis)]);
  const across = normalize(cross(axis, subtract(at, centre)));
  const other = subtract(second, centre);
  const side = dot(cross(subtract(first, centre), other), axis) < 0 ? -1 : 1;
  return fixed([centre, at, add(centre, scale(across, side * length(other)))]);
}

/** Return the points with one more after the one at `index`. */
export function withPointAfter(points: ControlPoint[], index: number, point: ControlPoint): ControlPoint[] {
  return [...points.slice(0, index + 1), point, ...points.slice(index + 1)];
}

/** Return the two corners of a box after its corner `corner` (a bit for each axis: the second's) moved. */
export function movedCorner([a, b]: ControlPoint[], corner: number, by: Vector): ControlPoint[] {
  const [low, high] = [[...a.point_mm], [...b.point_mm]] as [Vector, Vector];
  for (const axis of [0, 1, 2]) (corner & (1 << axis) ? high : low)[axis] += by[axis];
  return [low, high].map((point_mm): ControlPoint => ({ point_mm, solid_id: null }));
}

/**
 * Return the plane on which points lie that left the slice they were drawn on: of all that hold
 * them, the one that is least tilted. Null where they are too many for one.
 */
export function planeThrough(points: Vector[], { normal }: Plane): Plane | null {
  const [origin, second, third] = points;
  if (points.length === 1) return { origin, normal };
  const along = normalize(subtract(second, origin));
  if (points.length === 2) {
    const upright = reject(normal, along);
    const other: Vector = Math.abs(along[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
    return { origin, normal: normalize(length(upright) > 0.01 ? upright : reject(other, along)) };
  }
  const across = cross(along, subtract(third, origin));
  if (points.length > 3 || length(across) < 0.01) return null;
  return { origin, normal: scale(normalize(across), dot(across, normal) < 0 ? -1 : 1) };
}

/** Return the points without one, or null where the kind needs them all. */
export function withoutPoint(kind: MarkupKind, points: ControlPoint[], index: number): ControlPoint[] | null {
  if (!isCurve(kind) || points.length <= kindOf(kind).least) return null;
  return points.filter((_, i) => i !== index);
}

/** Return whether one more point may be put into a curve. */
export function mayGrow(kind: MarkupKind, points: ControlPoint[]): boolean {
  return isCurve(kind) && points.length < kindOf(kind).most;
}
