// The hand in a slice: it scrolls, sets brightness and contrast, shifts, zooms, jumps, turns.

import type { Pixel } from "../camera";
import type { Handle } from "../gizmo";
import type { DragKind, Gestures, Place } from "../panes/pane";
import type { Workbench } from "../workbench";
import { crosshairKnobs, turnDeg } from "./crosshair_lines";
import { pinAt } from "./pins";
import type { Slice } from "./slice";

/** A wheel's notch is some six lines; a trackpad sends a part of one at a time. */
const LINES_PER_STEP = 6;
const TOUCH_PX_PER_STEP = 8;
const ZOOM_PER_LINE = 0.0224;
const ZOOM_PER_PX = 0.008;
/** So many pixels move the window by its own width. */
const WINDOW_PX = 220;

export class SliceGestures implements Gestures {
  private rest = 0;

  constructor(
    private readonly bench: Workbench,
    private readonly slice: Slice,
  ) {}

  drag(kind: DragKind, step: Pixel): void {
    const { slice } = this;
    if (kind === "pan") slice.pan(step);
    else if (kind === "second") slice.zoom(middleOf(slice), Math.exp(step[1] * ZOOM_PER_PX));
    else if (kind === "touch") this.step(step[1] / TOUCH_PX_PER_STEP);
    else if (this.bench.state.tool === "select") this.window(step);
  }

  pinch(shift: Pixel, middle: Pixel, factor: number): void {
    this.slice.pan(shift);
    this.slice.zoom(middle, factor);
  }

  wheel(lines: number, pixel: Pixel, withCtrl: boolean): void {
    if (withCtrl) this.slice.zoom(pixel, Math.exp(lines * ZOOM_PER_LINE));
    else this.step(lines / LINES_PER_STEP);
  }

  click(pixel: Pixel): void {
    const pin = pinAt(this.slice, this.bench, pixel);
    if (pin) {
      this.bench.select(pin);
      this.bench.panes.bringSpace();
    } else this.bench.crosshair.jump(this.slice.worldAt(pixel));
  }

  shiftHover(_pixel: Pixel, place: Place | null): void {
    if (place) this.bench.crosshair.jump(place.world_mm);
  }

  handles(): Handle[] {
    return crosshairKnobs(this.slice, this.bench);
  }

  dragHandle({ axis, centre }: Handle, from: Pixel, pixel: Pixel): void {
    this.bench.crosshair.turnBy(axis, turnDeg(this.slice.toScreen(centre), from, pixel));
  }

  /** Whole steps only: what is left over counts for the next one. */
  private step(steps: number): void {
    this.rest += steps;
    const whole = Math.trunc(this.rest);
    this.rest -= whole;
    if (whole !== 0) this.slice.scroll(whole);
  }

  /** To the right: more contrast is lost; upwards: brighter. */
  private window([dx, dy]: Pixel): void {
    const { images } = this.bench;
    const key = images.state.primaryKey;
    if (key === null) return;
    const { center, width } = images.windowOf(key);
    images.setWindow(key, {
      center: center + (dy * width) / WINDOW_PX,
      width: width * Math.exp(dx / WINDOW_PX),
    });
  }
}

/** A dragged zoom keeps the middle of the picture where it is. */
const middleOf = ({ size }: Slice): Pixel => [size.width / 2, size.height / 2];
