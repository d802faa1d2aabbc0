// Where on a curve something is asked for: at one of its points, or between two of them.

import type { Pixel } from "../camera";
import { distanceToSegment } from "../gizmo";
import type { Pane } from "../panes/pane";

/** A pixel of a pane, at which a menu was asked for. */
export interface Spot {
  pane: Pane;
  pixel: Pixel;
}

/** A point is taken hold of within so much. */
const REACH_PX = 13;

/** Return which point a pixel is on, or null where it is on none. */
export function pointAt(points: Pixel[], pixel: Pixel): number | null {
  const off = points.map(([x, y]) => Math.hypot(x - pixel[0], y - pixel[1]));
  const least = Math.min(...off);
  return least <= REACH_PX ? off.indexOf(least) : null;
}

/** Return after which point of a line the stretch begins that a pixel is nearest to, and which share of it lies before. */
export function stretchAt(points: Pixel[], closed: boolean, pixel: Pixel): { after: number; share: number } {
  const next = (i: number) => points[(i + 1) % points.length];
  const off = points.slice(0, closed ? undefined : -1).map((a, i) => distanceToSegment(a, next(i), pixel));
  const after = off.indexOf(Math.min(...off));
  const [a, b] = [points[after], next(after)];
  const along = [b[0] - a[0], b[1] - a[1]];
  const square = along[0] ** 2 + along[1] ** 2;
  const share = square === 0 ? 0.5 : ((pixel[0] - a[0]) * along[0] + (pixel[1] - a[1]) * along[1]) / square;
  return { after, share: Math.max(0, Math.min(1, share)) };
}
