// Where the others point, as a pane of one's own shows it.

import type { Pixel } from "../camera";
import type { Pane } from "../panes/pane";
import type { ToolName } from "../protocol";
import type { Vector } from "../vector";
import type { Workbench } from "../workbench";

export interface OthersPointer {
  id: string;
  at: Pixel;
  tool: ToolName;
  /** Off the plane that the pane shows: it is drawn faint. */
  off: boolean;
}

/** A pointer nearer to a slice than this is in it, mm: about as thick as slices are. */
export const IN_SLICE_MM = 1.5;
/** Further away it says nothing about the slice any more. */
const FAR_MM = 40;

/** The pointers of the others in a pane; who is idle points at nothing. */
export function pointersIn(bench: Workbench, pane: Pane): OthersPointer[] {
  const { room, stage } = bench;
  return room.nearby().flatMap(([id, { cursor, tool, idle }]): OthersPointer[] => {
    if (!cursor || idle) return [];
    const world = cursor.solid_id === null ? cursor.point_mm : stage.worldOf(cursor.solid_id, cursor.point_mm);
    const place = placeIn(pane, world);
    return place ? [{ id, tool: tool ?? "select", ...place }] : [];
  });
}

/** Where a world point is in a pane, and whether it is off what the pane shows; null: not in it. */
export function placeIn(pane: Pane, world: Vector): { at: Pixel; off: boolean } | null {
  const [x, y] = pane.toScreen(world);
  const inside = x >= 0 && y >= 0 && x <= pane.size.width && y <= pane.size.height;
  const off = Math.abs(pane.depthOf(world));
  return inside && off <= FAR_MM ? { at: [x, y], off: off > IN_SLICE_MM } : null;
}
