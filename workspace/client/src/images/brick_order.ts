// Which brick to fetch next: the whole coarsest level, then what is on screen, then what is near.

import { distanceMm, dot, subtract } from "../vector";
import type { HeldLevel, Sheet } from "./pyramid";

export interface WantedBrick {
  /** Number of the level, 0 the finest. */
  level: number;
  brick: number;
  /** A picture on screen waits for it. */
  onScreen: boolean;
}

/** Samples between voxel centres of two bricks need both: half a voxel beyond each. */
const BETWEEN = 0.5;

/** Return the bricks that are not here, the most urgent first.
 *
 * `levels`: the finest first; `from`: the finest that may be fetched. Without a sheet on screen only
 * the coarsest level is wanted. */
export function wantedOrder(levels: HeldLevel[], from: number, sheets: Sheet[]): WantedBrick[] {
  const coarsest = levels.length - 1;
  const wanted: WantedBrick[] = missingOf(levels[coarsest]).map((brick) => ({
    level: coarsest,
    brick,
    onScreen: true,
  }));
  if (sheets.length === 0) return wanted;
  const rest: WantedBrick[] = [];
  for (let level = coarsest - 1; level >= from; level -= 1) {
    const held = levels[level];
    const worth = sheets.filter(({ from_level = 0 }) => from_level <= level);
    if (held.missing === 0 || worth.length === 0) continue;
    const seen = new Set(worth.flatMap((sheet) => [...held.bricksIn(sheet, BETWEEN)]));
    for (const brick of byNearness(held, worth)) {
      (seen.has(brick) ? wanted : rest).push({ level, brick, onScreen: seen.has(brick) });
    }
  }
  return [...wanted, ...rest];
}

function missingOf({ here }: HeldLevel): number[] {
  return Array.from(here.keys()).filter((brick) => !here[brick]);
}

/** Return the missing bricks of a level, those nearest to a sheet and to its middle first. */
function byNearness(held: HeldLevel, sheets: Sheet[]): number[] {
  const far = new Map<number, number>();
  for (const [brick, centre] of held.boxes()) {
    if (held.here[brick]) continue;
    const distances = sheets.map(({ point, normal }) => {
      const off = Math.abs(dot(subtract(centre, point), normal));
      // off the plane counts most: bricks beside a pane's middle come before those behind it
      return off + 0.1 * distanceMm(centre, point);
    });
    far.set(brick, Math.min(...distances));
  }
  return [...far.keys()].sort((a, b) => (far.get(a) ?? 0) - (far.get(b) ?? 0));
}
