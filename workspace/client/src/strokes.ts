// How lines over a picture are drawn, whatever they show.

import type { Pixel } from "./camera";

export const AMBER = "#ffb020";
/** A dark edge, so that a line can be seen on bone and on the background. */
export const SHADOW = "rgba(6, 8, 11, 0.75)";

export function strokePath(context: CanvasRenderingContext2D, path: Path2D, colour: string, width: number): void {
  context.strokeStyle = SHADOW;
  context.lineWidth = width + 2;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}

export function dot(context: CanvasRenderingContext2D, [x, y]: Pixel, radius: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = SHADOW;
  context.stroke();
}

export function polyline(pixels: Pixel[]): Path2D {
  const path = new Path2D();
  pixels.forEach(([x, y], i) => (i === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  return path;
}

export function arrowHead(context: CanvasRenderingContext2D, from: Pixel, to: Pixel, colour: string): void {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const corner = (turn: number, far: number): Pixel => [
    to[0] + far * Math.cos(angle + turn),
    to[1] + far * Math.sin(angle + turn),
  ];
  context.beginPath();
  context.moveTo(...corner(0, 5));
  context.lineTo(...corner(2.5, 9));
  context.lineTo(...corner(-2.5, 9));
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}
