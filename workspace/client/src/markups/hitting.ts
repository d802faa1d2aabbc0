// Which markup is under the pointer.

import type { Pixel } from "../camera";
import { distanceToSegment } from "../gizmo";
import type { Pane } from "../panes/pane";
import type { Bench, Input } from "../tools/tool";
import { strengthAt } from "./drawing";
import { halfSlabOf } from "./layer";
import { allSeen, type Seen } from "./seen";
import { linesOf } from "./shapes";

const REACH_PX = 7;

/** Return the markup whose lines are nearest to a pixel, within reach; null: none is. */
export function nearestMarkup(all: Seen[], pane: Pane, pixel: Pixel, reachPx = REACH_PX): string | null {
  let best: string | null = null;
  let least = reachPx;
  for (const seen of all) {
    const off = distancePx(seen, pane, pixel);
    if (off <= least) [best, least] = [seen.id, off];
  }
  return best;
}

function distancePx({ kind, points, path }: Seen, pane: Pane, pixel: Pixel): number {
  const half = halfSlabOf(pane);
  const shown = (depth: number) => pane.id === "3d" || strengthAt(depth, half) > 0;
  const lines = linesOf(kind, points, path);
  let least = Infinity;
  for (const line of lines.length > 0 ? lines : points.map((point) => [point, point])) {
    for (let i = 1; i < line.length; i += 1) {
      const [a, b] = [line[i - 1], line[i]];
      if (!shown(pane.depthOf(a)) && !shown(pane.depthOf(b))) continue;
      least = Math.min(least, distanceToSegment(pane.toScreen(a), pane.toScreen(b), pixel));
    }
  }
  return least;
}

export const markupUnder = (bench: Bench, { pane, pixel }: Input): string | null =>
  nearestMarkup(allSeen(bench), pane, pixel);
