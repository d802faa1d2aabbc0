// Markups on the lines over a picture.

import type { Pixel } from "../camera";
import type { Pane } from "../panes/pane";
import { SHADOW } from "../strokes";
import { add, cross, distanceMm, length, normalize, scale, subtract, type Vector } from "../vector";
import type { Seen } from "./seen";
import { boxSection, linesOf, splitByDepth } from "./shapes";

/** Beyond the slab a markup is faint, beyond this it is not drawn, mm. */
export const FAR_MM = 20;
/** A markup behind the anatomy is as faint as this. */
const HIDDEN = 0.3;
const BEYOND: [number, number] = [0.55, 0.15];
const TICK_PX = 6;
const ARC_PX = 22;

/** Whether a world point can be seen; false: it is behind the anatomy. */
export type Sees = (point: Vector) => boolean;

interface Brush {
  context: CanvasRenderingContext2D;
  pane: Pane;
  half: number;
  sees: Sees;
  colour: string;
  width: number;
}

/** How much of a colour is left at a depth. */
export function strengthAt(depthMm: number, half: number): number {
  const beyond = Math.abs(depthMm) - half;
  if (beyond <= 1e-6) return 1;
  if (beyond >= FAR_MM) return 0;
  return BEYOND[0] + ((BEYOND[1] - BEYOND[0]) * beyond) / FAR_MM;
}

export function drawSeen(context: CanvasRenderingContext2D, pane: Pane, seen: Seen, half: number, sees: Sees): void {
  const colour = seen.growing ? "#ffb020" : seen.colour;
  const brush: Brush = { context, pane, half, sees, colour, width: seen.chosen ? 2.8 : 1.8 };
  const dashed = seen.pending && seen.path.length === 0;
  for (const line of lines(pane, seen)) drawLine(brush, line, dashed);
  drawEnds(brush, seen);
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function lines(pane: Pane, { kind, points, path }: Seen): Vector[][] {
  if (kind !== "roi_box" || pane.id === "3d" || points.length < 2) return linesOf(kind, points, path);
  const { direction } = pane.camera;
  const origin = subtract(points[0], scale(direction, pane.depthOf(points[0])));
  const section = boxSection(points, { origin, normal: direction });
  return section.length > 0 ? [section] : linesOf(kind, points);
}

function drawLine(brush: Brush, line: Vector[], dashed: boolean): void {
  const { pane, half, sees } = brush;
  if (pane.id === "3d") {
    let seenBefore = line.length > 0 && sees(line[0]);
    for (let i = 1; i < line.length; i += 1) {
      const seenNow = sees(line[i]);
      stroke(brush, line[i - 1], line[i], seenBefore || seenNow ? 1 : HIDDEN, dashed ? [6, 5] : []);
      seenBefore = seenNow;
    }
    return;
  }
  for (const { from, to, near } of splitByDepth(line, (point) => pane.depthOf(point), half)) {
    const depth = (Math.abs(pane.depthOf(from)) + Math.abs(pane.depthOf(to))) / 2;
    stroke(brush, from, to, near ? 1 : strengthAt(depth, half), near && !dashed ? [] : [4, 4]);
  }
}

function stroke({ context, pane, colour, width }: Brush, from: Vector, to: Vector, alpha: number, dash: number[]): void {
  if (alpha <= 0) return;
  context.globalAlpha = alpha;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(...pane.toScreen(from));
  context.lineTo(...pane.toScreen(to));
  context.strokeStyle = SHADOW;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/** What tells kinds apart: ticks of a line, the head of an arrow, the arc of an angle, a cross. */
function drawEnds(brush: Brush, { kind, points, path }: Seen): void {
  const ends = kind === "gap" ? path : points;
  brush.context.setLineDash([]);
  switch (kind) {
    case "line":
    case "gap":
      if (ends.length > 1) for (const i of [0, 1]) tick(brush, ends[i], ends[1 - i]);
      break;
    case "arrow":
      if (points.length > 1) head(brush, points[0], points[1]);
      break;
    case "angle":
      if (points.length > 2) arc(brush, points as [Vector, Vector, Vector]);
      else points.forEach((point) => spot(brush, point));
      break;
    case "point":
    case "text":
      points.forEach((point) => plus(brush, point));
      break;
    case "surface_path":
      points.forEach((point) => spot(brush, point));
      break;
    case "closed_curve":
      if (points.length < 3) points.forEach((point) => spot(brush, point));
      break;
    default:
      if (points.length === 1) spot(brush, points[0]);
  }
}

/** Return the alpha of something at a point; 0: it is not drawn. */
function alphaAt({ pane, half, sees }: Brush, point: Vector): number {
  if (pane.id === "3d") return sees(point) ? 1 : HIDDEN;
  return strengthAt(pane.depthOf(point), half);
}

function shape(brush: Brush, at: Vector, trace: (context: CanvasRenderingContext2D, pixel: Pixel) => void): void {
  const { context, pane, colour, width } = brush;
  const alpha = alphaAt(brush, at);
  if (alpha <= 0) return;
  context.globalAlpha = alpha;
  context.beginPath();
  trace(context, pane.toScreen(at));
  context.strokeStyle = SHADOW;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

function spot(brush: Brush, at: Vector): void {
  shape(brush, at, (context, [x, y]) => context.arc(x, y, 2.4, 0, 2 * Math.PI));
}

function plus(brush: Brush, at: Vector): void {
  shape(brush, at, (context, [x, y]) => {
    context.moveTo(x - 7, y);
    context.lineTo(x + 7, y);
    context.moveTo(x, y - 7);
    context.lineTo(x, y + 7);
  });
}

function tick(brush: Brush, at: Vector, other: Vector): void {
  shape(brush, at, (context, [x, y]) => {
    const [ox, oy] = brush.pane.toScreen(other);
    const size = Math.hypot(ox - x, oy - y) || 1;
    const [ax, ay] = [(-TICK_PX * (oy - y)) / size, (TICK_PX * (ox - x)) / size];
    context.moveTo(x - ax, y - ay);
    context.lineTo(x + ax, y + ay);
  });
}

function head(brush: Brush, tail: Vector, tip: Vector): void {
  shape(brush, tip, (context, [x, y]) => {
    const [tx, ty] = brush.pane.toScreen(tail);
    const angle = Math.atan2(ty - y, tx - x);
    for (const turn of [-0.45, 0.45]) {
      context.moveTo(x, y);
      context.lineTo(x + 12 * Math.cos(angle + turn), y + 12 * Math.sin(angle + turn));
    }
  });
}

/** An arc in the plane of the angle, so that it lies right from wherever one looks. */
function arc(brush: Brush, [first, vertex, last]: [Vector, Vector, Vector]): void {
  const { pane } = brush;
  const [a, b] = [subtract(first, vertex), subtract(last, vertex)];
  const mm = (ARC_PX * 2 * pane.camera.half_height_mm) / pane.size.height;
  const radius = Math.min(mm, 0.6 * Math.min(length(a), length(b)));
  const u = normalize(a);
  const normal = cross(u, b);
  const v = normalize(cross(normal, u));
  const whole = Math.atan2(length(cross(a, b)), a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
  if (distanceMm(vertex, first) === 0 || length(normal) < 1e-9) return;
  const at = (angle: number) =>
    add(vertex, add(scale(u, radius * Math.cos(angle)), scale(v, radius * Math.sin(angle))));
  shape(brush, vertex, (context) => {
    for (let i = 0; i <= 24; i += 1) {
      const [x, y] = pane.toScreen(at((whole * i) / 24));
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  });
}
