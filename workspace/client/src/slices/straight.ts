// A curve that is chosen, made straight: the images along it in one picture.

import { computed, shallowReactive } from "vue";
import { roundLengthMm, type Pixel, type Size } from "../camera";
import { frameOf, lettersIn, outOfFrame, type Frame } from "../frames";
import { lengthsOf, worldOnCurve, type Curve } from "../images/curved";
import type { Drawn } from "../images/images";
import { allSeen, type Seen } from "../markups/seen";
import { linesOf } from "../markups/shapes";
import { AMBER, SHADOW } from "../strokes";
import { distanceMm, dot, scale, subtract, type Vector } from "../vector";
import { t } from "../words";
import type { Workbench } from "../workbench";
import { Painted } from "./painted";

const KINDS: Seen["kind"][] = ["line", "surface_path", "closed_curve", "freehand"];
const MARGIN_PX = 14;
/** The line's neighbourhood, mm; a short line is not blown up beyond it. */
const LEAST_MM = 20;
const PANE = "straight";

/** What the picture shows; null: nothing that can be made straight is chosen. */
export interface Straightened {
  name: string;
  lengthMm: number;
  curve: Curve;
}

/** Return which way is down in the picture: the subject's inferior, or posterior where the line runs along that. */
export function downFor(line: Vector[], frame: Frame): Vector {
  const along = (axis: Vector) =>
    line.slice(1).reduce((sum, point, i) => sum + Math.abs(dot(subtract(point, line[i]), axis)), 0);
  const [inferior, posterior] = [outOfFrame(frame, [0, 0, -1]), outOfFrame(frame, [0, 1, 0])];
  return along(inferior) <= along(posterior) ? inferior : posterior;
}

/** Return the curve as it is seen in a view of that size: all of it, with a margin. */
export function curveIn(line: Vector[], down: Vector, { width, height }: Size): Curve {
  const lengthMm = lengthsOf(line)[line.length - 1];
  const mm_per_pixel = Math.max(lengthMm, LEAST_MM) / Math.max(width - 2 * MARGIN_PX, 20);
  const from_mm = -MARGIN_PX * mm_per_pixel - Math.max(0, LEAST_MM - lengthMm) / 2;
  return { line, down, from_mm, offset_mm: 0, mm_per_pixel, width, height };
}

export class Straight {
  readonly state = shallowReactive({
    open: false,
    size: { width: 1, height: 1 } as Size,
    drawn: { level: null, coming: false } as Drawn,
  });
  private readonly seen = computed(() => this.look());
  private readonly picture: Painted;
  private readonly stop: () => void;

  constructor(private readonly bench: Workbench) {
    this.picture = new Painted(
      () => this.state.size,
      (context) => this.draw(context),
    );
    this.stop = bench.images.onFresh(() => this.picture.soon());
  }

  attach(canvas: HTMLCanvasElement): void {
    this.picture.attach(canvas);
  }

  /** The canvas is gone until the pane is opened again. */
  leave(): void {
    this.picture.close();
    this.bench.images.leave(PANE);
  }

  close(): void {
    this.stop();
    this.leave();
  }

  toggle(): void {
    this.state.open = !this.state.open && this.chosen !== null;
  }

  /** The markup that is chosen and has a line; null: there is none. */
  get chosen(): { name: string; line: Vector[] } | null {
    const { selectedId } = this.bench.state;
    const markup = selectedId === null ? undefined : allSeen(this.bench).find(({ id }) => id === selectedId);
    if (!markup || !KINDS.includes(markup.kind)) return null;
    const [line] = linesOf(markup.kind, markup.points, markup.path);
    const distinct = (line ?? []).filter((point, i) => i === 0 || distanceMm(point, line[i - 1]) > 1e-6);
    return distinct.length < 2 ? null : { name: markup.name, line: distinct };
  }

  get shown(): Straightened | null {
    return this.seen.value;
  }

  get visible(): boolean {
    return this.state.open && this.chosen !== null && this.bench.images.state.volumes.length > 0;
  }

  worldAt([x, y]: Pixel): Vector | null {
    const { shown } = this;
    return shown && worldOnCurve(shown.curve, x, y);
  }

  /** Which way of the patient is up and down in the picture. */
  get sides(): { top: string; bottom: string } {
    const down = this.shown?.curve.down ?? [0, 0, -1];
    const frame = frameOf(this.bench);
    return { top: lettersIn(frame, scale(down, -1)), bottom: lettersIn(frame, down) };
  }

  get bar(): { label: string; px: number } {
    const mm = this.shown?.curve.mm_per_pixel ?? 1;
    const length = roundLengthMm(mm, 90);
    return { label: t("{n} mm", { n: length >= 1 ? length : length.toPrecision(1) }), px: length / mm };
  }

  private look(): Straightened | null {
    const { chosen } = this;
    if (!chosen) return null;
    const { name, line } = chosen;
    const lengths = lengthsOf(line);
    const curve = curveIn(line, downFor(line, frameOf(this.bench)), this.state.size);
    return { name, lengthMm: lengths[lengths.length - 1], curve };
  }

  private draw(context: CanvasRenderingContext2D): void {
    const { images } = this.bench;
    // Read, so that a new window or another volume is drawn.
    void [images.state.windows, images.state.primaryKey, images.state.fusedKey, images.state.fusion];
    const { size } = this.state;
    context.fillStyle = "#000";
    context.fillRect(0, 0, size.width, size.height);
    const { shown } = this;
    if (!shown) return;
    const { line, down, mm_per_pixel, from_mm } = shown.curve;
    const drawn = images.drawCurved(context, { pane: PANE, line, down, size, mm_per_pixel, from_mm });
    const start = -from_mm / mm_per_pixel;
    this.drawAxis(context, [start, start + shown.lengthMm / mm_per_pixel], size.height / 2);
    this.state.drawn = drawn;
  }

  /** The curve itself: a fine line through the middle. */
  private drawAxis(context: CanvasRenderingContext2D, [from, to]: [number, number], y: number): void {
    for (const [colour, width] of [[SHADOW, 3], [AMBER, 1]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(from, y);
      context.lineTo(to, y);
      context.stroke();
    }
  }
}
