// What is left out of sight so that one sees inside: planes and a box. Nothing is cut.

import type { Box, Clipping } from "../records";
import { isPlane, type Plane } from "../rigid";
import { add, dot, scale, subtract, type Vector } from "../vector";

export const MOST_PLANES = 6;
/** A box thinner than this could not be taken hold of any more, mm. */
const THINNEST_MM = 1;

export interface ClipPlane {
  id: string;
  name: string;
  /** World; what lies on the side that the normal points to stays. */
  plane: Plane;
  on: boolean;
}

/** One member's own clipping: also what is switched off for a moment. */
export interface Clips {
  planes: ClipPlane[];
  box: Box | null;
  boxOn: boolean;
}

export const NO_CLIPS: Clips = { planes: [], box: null, boxOn: false };
export const NO_CLIPPING: Clipping = { planes: [], box: null };

/** What of a member's clips is in force. */
export const clippingOf = ({ planes, box, boxOn }: Clips): Clipping => ({
  planes: planes.filter(({ on }) => on).map(({ plane }) => plane),
  box: boxOn ? box : null,
});

export const clipsNothing = ({ planes, box }: Clipping): boolean => planes.length === 0 && box === null;

const numbersOf = ({ planes, box }: Clipping): number[] => [
  ...planes.flatMap(({ origin, normal }) => [...origin, ...normal]),
  ...(box ? [...box.minimum_mm, ...box.maximum_mm] : []),
];

/** Whether two clip the same, apart from rounding. */
export function sameClipping(a: Clipping, b: Clipping): boolean {
  const [p, q] = [numbersOf(a), numbersOf(b)];
  const alike = a.planes.length === b.planes.length && p.length === q.length;
  return alike && p.every((value, i) => Math.abs(value - q[i]) < 1e-6);
}

/** Leave out what is no plane or no box: it comes from another browser. */
export function soundClipping({ planes, box }: Clipping): Clipping {
  return { planes: planes.slice(0, MOST_PLANES).filter(isPlane), box: box && isBox(box) ? box : null };
}

const isBox = ({ minimum_mm, maximum_mm }: Box): boolean =>
  [0, 1, 2].every((axis) => minimum_mm[axis] < maximum_mm[axis] && Number.isFinite(maximum_mm[axis] - minimum_mm[axis]));

/** Every half-space that is in force, the faces of the box among them. */
export const halfSpaces = ({ planes, box }: Clipping): Plane[] => [...planes, ...(box ? facesOf(box) : [])];

export interface Face extends Plane {
  axis: number;
  /** -1: the face at the least coordinate, 1: the one at the greatest. */
  side: -1 | 1;
}

/** The six faces of a box, each in its middle and looking inwards. */
export function facesOf({ minimum_mm, maximum_mm }: Box): Face[] {
  const middle = scale(add(minimum_mm, maximum_mm), 0.5);
  return [0, 1, 2].flatMap((axis) =>
    ([-1, 1] as const).map((side): Face => {
      const origin = [...middle] as Vector;
      origin[axis] = (side < 0 ? minimum_mm : maximum_mm)[axis];
      const normal: Vector = [0, 0, 0];
      normal[axis] = -side;
      return { origin, normal, axis, side };
    }),
  );
}

/** Return the box with one face moved along its axis, mm; the other face is never passed. */
export function withFaceMoved(box: Box, axis: number, side: -1 | 1, byMm: number): Box {
  const minimum_mm = [...box.minimum_mm] as Vector;
  const maximum_mm = [...box.maximum_mm] as Vector;
  if (side < 0) minimum_mm[axis] = Math.min(minimum_mm[axis] + byMm, maximum_mm[axis] - THINNEST_MM);
  else maximum_mm[axis] = Math.max(maximum_mm[axis] + byMm, minimum_mm[axis] + THINNEST_MM);
  return { minimum_mm, maximum_mm };
}

export const flipped = ({ origin, normal }: Plane): Plane => ({ origin, normal: scale(normal, -1) });

/** Whether a world point is still there; a point on a plane is. */
export const keeps = (spaces: Plane[], point: Vector, toleranceMm = 1e-6): boolean =>
  spaces.every(({ origin, normal }) => dot(subtract(point, origin), normal) >= -toleranceMm);

/**
 * Return the part of a ray that is not cut away, in lengths of its direction; null: none is.
 *
 * Half-spaces leave a convex room, so what stays of a ray is one stretch.
 */
export function stretchOf(spaces: Plane[], start: Vector, direction: Vector): [number, number] | null {
  let near = 0;
  let far = Infinity;
  for (const { origin, normal } of spaces) {
    const slope = dot(direction, normal);
    const height = dot(subtract(start, origin), normal);
    if (slope === 0 && height < 0) return null;
    if (slope > 0) near = Math.max(near, -height / slope);
    if (slope < 0) far = Math.min(far, -height / slope);
  }
  return near <= far ? [near, far] : null;
}
