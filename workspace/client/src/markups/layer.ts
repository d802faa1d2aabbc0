// Draws all markups over a pane, and the one that is being placed.

import type { Layer, Pane } from "../panes/pane";
import type { Bench } from "../tools/tool";
import type { Toolbox } from "../tools/toolbox";
import { previewOf } from "./draft";
import { drawSeen } from "./drawing";
import { figuresOf } from "./figures";
import type { PlaceTool } from "./placing";
import { allSeen, voxelOf, type Seen } from "./seen";
import { Sight } from "./sight";

/** Half of a slice that is no slab, mm: within it a markup is on the slice. */
const HALF_SLICE_MM = 0.75;

/** How far from the plane of a pane a markup is still on it, mm. */
export function halfSlabOf(pane: Pane): number {
  const { slab } = (pane as { state?: { slab?: { mm: number } | null } }).state ?? {};
  return Math.max(HALF_SLICE_MM, (slab?.mm ?? 0) / 2);
}

/** The markup in hand as it is drawn, or null where nothing of it can be seen. */
export function growing(bench: Bench, tool: PlaceTool | null): Seen | null {
  if (!tool) return null;
  const { draft } = tool.state;
  const points = previewOf(draft, tool.worldOf);
  // Without a point placed, the pointer itself shows where it would be.
  if (draft.points.length === 0 || points.length === 0) return null;
  return {
    id: "growing",
    kind: draft.kind.kind,
    name: draft.kind.label(),
    text: tool.state.text,
    author: "",
    colour: "#ffb020",
    points,
    path: [],
    plane: draft.plane,
    values: figuresOf(draft.kind.kind, points, voxelOf(bench)),
    pending: draft.kind.kind === "surface_path",
    problem: "",
    chosen: true,
    growing: true,
  };
}

export class MarkupLayer implements Layer {
  readonly sight: Sight;

  constructor(
    private readonly bench: Bench & { readonly tools: Toolbox },
  ) {
    this.sight = new Sight(bench);
  }

  draw(pane: Pane, context: CanvasRenderingContext2D): void {
    const half = halfSlabOf(pane);
    const sees = pane.id === "3d" ? this.sight.look() : () => true;
    const own = growing(this.bench, this.bench.tools.placing());
    for (const seen of own ? [...allSeen(this.bench), own] : allSeen(this.bench)) {
      drawSeen(context, pane, seen, half, seen.growing ? () => true : sees);
    }
  }
}
