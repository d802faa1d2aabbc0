// The plane of a cut as it is met in a slice: a line, and what can be taken hold of on it.

import { mmPerPixel } from "../camera";
import { planeHandles, type Handle } from "../gizmo";
import type { Pane } from "../panes/pane";
import { add, distanceMm, dot, normalize, scale, subtract, type Vector } from "../vector";

/** Return where the sheet with these corners crosses the slice, or null. */
export function sheetAcross(pane: Pane, corners: Vector[]): [Vector, Vector] | null {
  const ends: Vector[] = [];
  corners.forEach((corner, i) => {
    const next = corners[(i + 1) % corners.length];
    const [a, b] = [pane.depthOf(corner), pane.depthOf(next)];
    if (a >= 0 === b >= 0) return;
    const share = a / (a - b);
    ends.push(corner.map((value, axis) => value + share * (next[axis] - value)) as Vector);
  });
  return ends.length === 2 ? [ends[0], ends[1]] : null;
}

/** Return an arrow across the line and a knob near each of its ends; they keep to what is on screen. */
export function handlesAcross(pane: Pane, corners: Vector[], normal: Vector): Handle[] {
  const ends = sheetAcross(pane, corners);
  if (!ends) return [];
  const { camera, size } = pane;
  const along = normalize(subtract(ends[1], ends[0]));
  const half = distanceMm(ends[0], ends[1]) / 2;
  // Where the line comes nearest to the middle of the view.
  const middle = scale(add(ends[0], ends[1]), 0.5);
  const shift = dot(subtract(camera.focal, middle), along);
  const centre = add(middle, scale(along, Math.max(-half, Math.min(half, shift))));
  const reach = Math.min(half, 0.3 * Math.min(size.width, size.height) * mmPerPixel(camera, size));
  // What points at the eye has no length here, and so no knob.
  return planeHandles(camera, size, centre, normal, [along, camera.direction], [reach, 0]);
}
