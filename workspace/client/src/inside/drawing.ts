// Clip planes as lines: a square in 3D, a dashed line across each slice, and what can be dragged.

import { isUsable, type Handle } from "../gizmo";
import type { Layer, Pane } from "../panes/pane";
import type { Plane } from "../rigid";
import { add, scale, type Vector } from "../vector";
import type { Workbench } from "../workbench";
import { CLIP_TINT, clipHandles, lineAcross, reachMm, spanFor } from "./handles";
import { BOX } from "./inside";

const SHADOW = "rgba(6, 8, 11, 0.75)";

export function clipLayer(bench: Workbench): Layer {
  return {
    draw(pane, context) {
      if (!bench.inside.state.open) return;
      if (pane.id === "3d" && bench.capture.composing) return;
      if (pane.id === "3d") drawSpace(bench, pane, context);
      else for (const { origin, normal } of bench.inside.spaces) drawAcross(pane, context, origin, normal);
      context.setLineDash([]);
      context.globalAlpha = 1;
    },
  };
}

function drawSpace(bench: Workbench, pane: Pane, context: CanvasRenderingContext2D): void {
  const { chosen, clips } = bench.inside.state;
  const own = bench.inside.inForce.from === "own";
  const far = reachMm(bench);
  for (const { id, plane, on } of own ? clips.planes : []) {
    if (on) drawSquare(pane, context, plane, far, id === chosen);
  }
  if (!own) for (const plane of bench.inside.inForce.clipping.planes) drawSquare(pane, context, plane, far, false);
  const { box } = bench.inside.inForce.clipping;
  if (box) for (const face of boxEdges(box.minimum_mm, box.maximum_mm)) stroke(pane, context, face, chosen === BOX);
  for (const handle of clipHandles(bench)) drawHandle(bench, pane, context, handle);
}

function drawSquare(pane: Pane, context: CanvasRenderingContext2D, plane: Plane, far: number, chosen: boolean): void {
  const [u, v] = spanFor(plane.normal);
  const corner = (a: number, b: number): Vector => add(plane.origin, add(scale(u, a * far), scale(v, b * far)));
  stroke(pane, context, [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)], chosen);
}

/** The twelve edges, as lines of two points. */
function boxEdges(low: Vector, high: Vector): Vector[][] {
  const corner = (i: number): Vector => [i & 1 ? high[0] : low[0], i & 2 ? high[1] : low[1], i & 4 ? high[2] : low[2]];
  return [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) =>
    [1, 2, 4].filter((bit) => (i & bit) === 0).map((bit) => [corner(i), corner(i | bit)]),
  );
}

function drawAcross(pane: Pane, context: CanvasRenderingContext2D, origin: Vector, normal: Vector): void {
  const line = lineAcross(pane, origin, normal);
  if (line) stroke(pane, context, line, false);
}

function stroke(pane: Pane, context: CanvasRenderingContext2D, points: Vector[], chosen: boolean): void {
  const path = new Path2D();
  points.forEach((point, i) => path[i === 0 ? "moveTo" : "lineTo"](...pane.toScreen(point)));
  context.setLineDash(chosen ? [] : [5, 5]);
  context.globalAlpha = chosen ? 0.95 : 0.55;
  context.strokeStyle = SHADOW;
  context.lineWidth = 3;
  context.stroke(path);
  context.strokeStyle = CLIP_TINT;
  context.lineWidth = chosen ? 1.5 : 1;
  context.stroke(path);
}

function drawHandle(bench: Workbench, pane: Pane, context: CanvasRenderingContext2D, handle: Handle): void {
  if (!isUsable(pane.camera, pane.size, handle)) return;
  const hot = bench.state.hoveredHandle === handle.id;
  const points = handle.points.map((point) => pane.toScreen(point));
  context.globalAlpha = 1;
  context.setLineDash([]);
  if (points.length > 1) {
    const path = new Path2D();
    points.forEach((point, i) => path[i === 0 ? "moveTo" : "lineTo"](...point));
    for (const [colour, width] of [[SHADOW, 5], [CLIP_TINT, hot ? 3.4 : 2.4]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke(path);
    }
  }
  const knobs = points.length === 1 ? points : handle.id === "clip-offset" ? points : points.slice(-1);
  for (const [x, y] of knobs) {
    context.beginPath();
    context.arc(x, y, hot ? 8 : 6, 0, 2 * Math.PI);
    context.fillStyle = hot ? "#ffffff" : CLIP_TINT;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = SHADOW;
    context.stroke();
  }
}
