// Letters, cube, scale bar, labels and legend, drawn on a plain canvas: so nothing of them can be missing.

import type { Camera, Size } from "../camera";
import type { Frame } from "../frames";
import { barOf, cubeFaces, sidesOf, type Side } from "../marks";
import type { Layout } from "./legend_layout";

type Context = CanvasRenderingContext2D;

const FONT = "Inter, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
const INK = "#e8edf4";
const BACKING = "rgba(6, 8, 11, 0.72)";
const COLOURS = { warning: "#ffd166", strong: INK, plain: "#b6c2d3" } as const;

export const fontOf = (weight: keyof typeof COLOURS): string => `${weight === "plain" ? 400 : 650} 12px ${FONT}`;

/** The colours of the page, so that a picture looks as the screen does. */
export function paintGround(context: Context, { width, height }: Size): void {
  const glow = context.createRadialGradient(width / 2, 0.38 * height, 0, width / 2, 0.38 * height, Math.max(width, height));
  glow.addColorStop(0, "#1b2230");
  glow.addColorStop(1, "#0b0e13");
  context.fillStyle = glow;
  context.fillRect(0, 0, width, height);
}

/** Everything that says which way is which, and how large, over the pane in the corner of `context`. */
export function paintMarks(context: Context, camera: Camera, size: Size, frame: Frame, withCube: boolean): void {
  const sides = sidesOf(camera, frame);
  const at: Record<Side, [number, number]> = {
    left: [20, size.height / 2],
    right: [size.width - 20, size.height / 2],
    // Slices have a line of text at the top.
    top: [size.width / 2, 42],
    bottom: [size.width / 2, size.height - 18],
  };
  for (const side of Object.keys(at) as Side[]) paintTag(context, sides[side], at[side]);
  paintBar(context, camera, size);
  if (withCube) paintCube(context, camera, frame, [size.width - 44, 50]);
}

function paintTag(context: Context, text: string, [x, y]: [number, number]): void {
  context.font = `650 13px ${FONT}`;
  const width = Math.max(22, context.measureText(text).width + 12);
  roundedBox(context, [x - width / 2, y - 11, width, 22]);
  context.fillStyle = INK;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5);
}

function paintBar(context: Context, camera: Camera, size: Size): void {
  const { label, px } = barOf(camera, size, Math.min(150, Math.max(24, size.width / 4)));
  const [left, bottom] = [16, size.height - 14];
  context.font = `400 12px ${FONT}`;
  roundedBox(context, [left - 4, bottom - 30, Math.max(px, context.measureText(label).width) + 8, 34]);
  context.fillStyle = INK;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(label, left, bottom - 14);
  context.strokeStyle = INK;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(left, bottom - 7);
  context.lineTo(left, bottom);
  context.lineTo(left + px, bottom);
  context.lineTo(left + px, bottom - 7);
  context.stroke();
}

const HALF_FACE_PX = 20;

function paintCube(context: Context, camera: Camera, frame: Frame, [x, y]: [number, number]): void {
  for (const { letter, nearness, matrix: [a, b, c, d, e, f] } of cubeFaces(camera, frame)) {
    context.save();
    context.translate(x + HALF_FACE_PX * e, y + HALF_FACE_PX * f);
    context.transform(a, b, c, d, 0, 0);
    context.globalAlpha = 0.6 + 0.4 * nearness;
    context.fillStyle = "#2a3646";
    context.fillRect(-HALF_FACE_PX, -HALF_FACE_PX, 2 * HALF_FACE_PX, 2 * HALF_FACE_PX);
    context.globalAlpha = 1;
    context.strokeStyle = "#aab6c8";
    context.lineWidth = 1.2;
    context.strokeRect(-HALF_FACE_PX, -HALF_FACE_PX, 2 * HALF_FACE_PX, 2 * HALF_FACE_PX);
    context.fillStyle = INK;
    context.font = `700 17px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(letter, 0, 1);
    context.restore();
  }
}

/** The band below the picture. */
export function paintLegend(context: Context, layout: Layout, widthPx: number): void {
  context.fillStyle = "#0b0e13";
  context.fillRect(0, 0, widthPx, layout.height);
  context.fillStyle = "#263040";
  context.fillRect(0, 0, widthPx, 1);
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  for (const { text, weight, x, y } of layout.placed) {
    context.font = fontOf(weight);
    context.fillStyle = COLOURS[weight];
    context.fillText(text, x, y);
  }
}

/** A dark ground under what must be read on any picture: left, top, width, height. */
function roundedBox(context: Context, [left, top, width, height]: [number, number, number, number]): void {
  context.beginPath();
  context.roundRect(left, top, width, height, 5);
  context.fillStyle = BACKING;
  context.fill();
}
