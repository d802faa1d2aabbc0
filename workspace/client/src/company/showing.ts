// Where a change is, so that "Show me" can go there.

import type { Change } from "../protocol";
import type { Vector } from "../vector";

export interface Spot {
  /** World, mm. */
  point_mm: Vector | null;
  /** What to choose there. */
  id: string;
}

interface Placed {
  world_plane?: { origin: Vector };
  world_mm?: Vector | null;
  world_points?: Vector[];
}

/** In this order: of a cut and the pieces that it makes, the cut is what somebody did. */
const KINDS = ["cuts", "markups", "notes", "threads", "fragments"] as const;

/** Return the place of the first change that has one; null where there is nothing to go to. */
export function spotOf(changes: readonly Change[]): Spot | null {
  for (const kind of KINDS) {
    const change = changes.find((one) => one.kind === kind && one.value !== null);
    if (!change) continue;
    const { world_plane, world_mm, world_points } = change.value as Placed;
    const point = world_plane?.origin ?? world_mm ?? world_points?.[0] ?? null;
    if (point || kind === "fragments") return { point_mm: point, id: change.id };
  }
  return null;
}
