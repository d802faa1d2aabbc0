// What is drawn over a slice: outlines and fills of solids, cut planes, the crosshair, pins.

import { isUsable, type Handle } from "../gizmo";
import type { Pane } from "../panes/pane";
import { AMBER, arrowHead, dot as drawDot, polyline, SHADOW, strokePath } from "../strokes";
import type { Workbench } from "../workbench";
import { sheetAcross } from "./across";
import { drawCrosshair } from "./crosshair_lines";
import { drawPins } from "./pins";
import { forLoops, type Section } from "./sections";
import type { Slice } from "./slice";

const FILL = 0.16;
const CHOSEN_FILL = 0.3;

/** Owners are told by the kind of line, not by hue alone. */
const DASHES: Record<string, number[]> = { A: [], B: [7, 4], shared: [2, 3] };
const UNDECIDED = [9, 3, 2, 3];

export const dashOf = (owner: string): number[] => DASHES[owner] ?? (owner === "" ? [] : UNDECIDED);

export function drawSections(
  context: CanvasRenderingContext2D,
  { camera, size }: Pane,
  sections: Section[],
  chosen: string | null,
): void {
  for (const section of sections) {
    const path = new Path2D();
    forLoops(section, camera, size, (pixels, closed) => {
      for (let i = 0; i < pixels.length; i += 2) path[i === 0 ? "moveTo" : "lineTo"](pixels[i], pixels[i + 1]);
      if (closed) path.closePath();
    });
    const [r, g, b] = section.colour.map((value) => Math.round(255 * value));
    const colour = `rgb(${r}, ${g}, ${b})`;
    const strength = 0.35 + 0.65 * section.opacity;
    context.fillStyle = colour;
    context.globalAlpha = (section.id === chosen ? CHOSEN_FILL : FILL) * strength;
    context.fill(path, "evenodd");
    context.globalAlpha = strength;
    context.setLineDash([]);
    context.strokeStyle = SHADOW;
    context.lineWidth = section.id === chosen ? 4 : 3;
    context.stroke(path);
    context.setLineDash(dashOf(section.solid.owner));
    context.strokeStyle = colour;
    context.lineWidth = section.id === chosen ? 2.6 : 1.4;
    context.stroke(path);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

export function drawLines(context: CanvasRenderingContext2D, slice: Slice, bench: Workbench): void {
  drawCuts(context, slice, bench);
  drawCrosshair(context, slice, bench);
  drawPins(context, slice, bench);
  for (const layer of bench.layers) layer.draw(slice, context);
  for (const handle of bench.tool.handles(slice)) drawHandle(context, slice, handle, bench.state.hoveredHandle === handle.id);
}

/** Planes that wait to be cut, where they cross the slice. */
function drawCuts(context: CanvasRenderingContext2D, slice: Slice, bench: Workbench): void {
  for (const { cut, corners } of bench.tools.cut.sheets()) {
    const chosen = cut.cut_id === bench.state.selectedId;
    const ends = sheetAcross(slice, corners);
    if (!ends) continue;
    context.globalAlpha = chosen ? 1 : 0.65;
    context.setLineDash(chosen ? [] : [6, 5]);
    strokePath(context, polyline(ends.map((end) => slice.toScreen(end))), AMBER, chosen ? 1.8 : 1.2);
    context.setLineDash([]);
  }
  context.globalAlpha = 1;
}

function drawHandle(context: CanvasRenderingContext2D, pane: Pane, handle: Handle, hot: boolean): void {
  if (!isUsable(pane.camera, pane.size, handle)) return;
  const colour = hot ? AMBER : handle.tint;
  const pixels = handle.points.map((point) => pane.toScreen(point));
  if (pixels.length === 1) {
    drawDot(context, pixels[0], hot ? 8 : 6.5, colour);
    return;
  }
  strokePath(context, polyline(pixels), colour, hot ? 3.2 : 2);
  if (handle.kind !== "shift") return;
  arrowHead(context, pixels[0], pixels[pixels.length - 1], colour);
}
