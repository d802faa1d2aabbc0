// A markup that is being placed: what the next click means, and what there is so far.

import type { Pixel } from "../camera";
import type { Pane, PaneId, Place } from "../panes/pane";
import type { Plane } from "../rigid";
import { cross, distanceMm, dot, length, subtract, type Vector } from "../vector";
import { t } from "../words";
import type { Kind } from "./kinds";
import type { ControlPoint, MarkupKind } from "../records";
import { circle, cornersOf, secondAxis } from "./shapes";
import type { PlaceEvent } from "./tables";

/** A click nearer to the last point than this is the second half of a double click. */
const SAME_PX = 3;
/** A click nearer to the first point of an outline than this closes it. */
const CLOSE_PX = 10;
/** What is drawn on a slice lies in it: rounding of a plane's point is far below this. */
const IN_PLANE_MM = 0.02;
/** Narrower than this a region has no voxels to speak of. */
const NARROWEST_MM = 0.2;

export interface Draft {
  kind: Kind;
  points: ControlPoint[];
  /** The slice that it was begun on; null: none was. */
  plane: Plane | null;
  /** Whether all points were placed on that slice. */
  onPlane: boolean;
  pane: PaneId | null;
  solidIds: string[];
  /** Where the pointer is, world. */
  hover: Vector | null;
}

/** Where the point of a control point is now. */
export type WorldOf = (point: ControlPoint) => Vector;

export function begun(kind: Kind): Draft {
  return { kind, points: [], plane: null, onPlane: true, pane: null, solidIds: [], hover: null };
}

export const countOf = ({ points, solidIds, kind }: Draft): number =>
  kind.kind === "gap" ? solidIds.length : points.length;

/** Kinds that lie flat in the slice on which they were begun. */
export const FLAT: MarkupKind[] = ["closed_curve", "freehand", "roi_ellipse"];

/** Kinds that belong to no slice, wherever they were placed. */
const UNBOUND: MarkupKind[] = ["surface_path", "roi_box", "gap"];

/** Return the plane of a slice through a place, or null in 3D. */
export function sliceOf(pane: Pane, world: Vector): Plane | null {
  return pane.id === "3d" ? null : { origin: world, normal: pane.camera.direction };
}

const offPlaneMm = ({ origin, normal }: Plane, world: Vector): number => Math.abs(dot(subtract(world, origin), normal));

/** Return why a place will not do, in a sentence, or null where it will. */
export function problemWith(draft: Draft, place: Place, pane: Pane, nameOf: (id: string) => string): string | null {
  const { kind, plane, points, solidIds } = draft;
  const inSlice = pane.id !== "3d";
  if (kind.ground === "slices" && !inSlice) return t("This is drawn in a slice: click in one of the slices.");
  if ((kind.ground === "surfaces" || kind.kind === "gap") && place.solid_id === null) {
    return t("Nothing is there to hold it: click on a structure.");
  }
  if (kind.kind === "gap" && solidIds.includes(place.solid_id ?? "")) return t("Click another structure than the first.");
  const first = points[0]?.solid_id;
  if (kind.kind === "surface_path" && first && first !== place.solid_id) {
    return t("A path stays on one surface, here {name}.", { name: nameOf(first) });
  }
  if (!FLAT.includes(kind.kind) || points.length === 0) return null;
  if (!plane && inSlice) return t("It was begun in 3D: go on there.");
  const off = plane && (!inSlice || offPlaneMm(plane, place.world_mm) > IN_PLANE_MM || !sameWay(plane.normal, pane));
  return off ? t("It was begun on another slice: go on there, or press Escape.") : null;
}

const sameWay = (normal: Vector, pane: Pane): boolean => length(cross(normal, pane.camera.direction)) < 1e-4;

/** Return what a click at a place leads to; null: nothing. */
export function clickMeans(draft: Draft, pixel: Pixel, pane: Pane, worldOf: WorldOf): PlaceEvent | null {
  const { kind, points } = draft;
  const count = countOf(draft);
  if (kind.kind === "text") return "write";
  if (points.length > 0) {
    const apart = (point: ControlPoint) => {
      const [x, y] = pane.toScreen(worldOf(point));
      return Math.hypot(x - pixel[0], y - pixel[1]);
    };
    const closes = kind.kind === "closed_curve" && count >= kind.least && apart(points[0]) < CLOSE_PX;
    if (closes) return "finish";
    if (apart(points[points.length - 1]) < SAME_PX) return mayFinish(draft) ? "finish" : null;
  }
  return count + 1 >= kind.most ? "last" : "click";
}

export const mayFinish = (draft: Draft): boolean => countOf(draft) >= draft.kind.least;

/** Return the draft with a place added. */
export function withPlace(draft: Draft, place: Place, pane: Pane, worldOf: WorldOf): Draft {
  const { kind } = draft;
  if (kind.kind === "gap") {
    return { ...draft, pane: pane.id, solidIds: [...draft.solidIds, place.solid_id as string] };
  }
  const slice = sliceOf(pane, place.world_mm);
  const begins = draft.points.length === 0;
  const plane = begins ? slice : draft.plane;
  const onPlane =
    plane !== null && (begins || (draft.onPlane && slice !== null && offPlaneMm(plane, place.world_mm) < IN_PLANE_MM));
  const sticks = kind.sticks && place.solid_id !== null;
  const point: ControlPoint = sticks
    ? { point_mm: place.point_mm, solid_id: place.solid_id }
    : { point_mm: place.world_mm, solid_id: null };
  const points = [...draft.points, point];
  const grown = { ...draft, points, plane, onPlane, pane: pane.id };
  return kind.kind === "roi_ellipse" && points.length === 3 ? { ...grown, points: upright(grown, worldOf) } : grown;
}

/** The second half axis of an ellipse is at right angles to the first. */
function upright({ points, plane }: Draft, worldOf: WorldOf): ControlPoint[] {
  const [centre, first, at] = points.map(worldOf);
  const point_mm = plane ? secondAxis(centre, first, at, plane.normal) : at;
  return [points[0], points[1], { point_mm, solid_id: null }];
}

export function withoutLast(draft: Draft): Draft {
  const solidIds = draft.solidIds.slice(0, -1);
  return { ...draft, points: draft.points.slice(0, -1), solidIds };
}

/** Return the world points of what is seen of it: those that there are, and where the pointer is. */
export function previewOf(draft: Draft, worldOf: WorldOf): Vector[] {
  const { kind, points, hover, plane } = draft;
  const placed = points.map(worldOf);
  const seen = hover && placed.length < kind.most ? [...placed, hover] : placed;
  if (kind.kind === "roi_box" && seen.length === 2) return cornersOf(seen[0], seen[1]);
  if (kind.kind === "roi_ellipse" && plane) {
    if (seen.length === 3) return [seen[0], seen[1], secondAxis(seen[0], seen[1], seen[2], plane.normal)];
    if (seen.length === 2) return circle(seen[0], seen[1], plane.normal);
  }
  return seen;
}

/** What the room is asked to keep, or null where it is too small to be one. */
export interface Finished {
  kind: MarkupKind;
  points: ControlPoint[];
  plane: Plane | null;
  solid_ids: string[];
}

export function finished(draft: Draft, worldOf: WorldOf): Finished | null {
  if (!mayFinish(draft)) return null;
  const { kind, solidIds } = draft;
  const plane = draft.onPlane && !UNBOUND.includes(kind.kind) ? draft.plane : null;
  const points = completed(draft, worldOf);
  const worlds = points.map(worldOf);
  const small = kind.kind !== "gap" && kind.most > 1 && extentMm(kind.kind, worlds) < NARROWEST_MM;
  return small ? null : { kind: kind.kind, points, plane, solid_ids: solidIds };
}

function completed(draft: Draft, worldOf: WorldOf): ControlPoint[] {
  const { kind, points, plane } = draft;
  const worlds = points.map(worldOf);
  const fixed = (vectors: Vector[]) => vectors.map((point_mm): ControlPoint => ({ point_mm, solid_id: null }));
  if (kind.kind === "roi_box") return fixed(cornersOf(worlds[0], worlds[1]));
  if (kind.kind === "roi_ellipse" && points.length === 2 && plane) {
    return fixed(circle(worlds[0], worlds[1], plane.normal));
  }
  return points;
}

/** How far it reaches, mm; of a region the least way across. */
function extentMm(kind: MarkupKind, points: Vector[]): number {
  const spans = points.slice(1).map((point) => distanceMm(points[0], point));
  if (kind === "roi_ellipse") return Math.min(...spans);
  if (kind === "roi_box") return Math.min(...subtract(points[1], points[0]).map(Math.abs));
  return Math.max(...spans);
}
