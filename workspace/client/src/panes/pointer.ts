// Pointer and wheel over a pane: either the tool's, or the pane's own.

import type { Pixel } from "../camera";
import { handleAt, type Handle } from "../gizmo";
import type { Workbench } from "../workbench";
import { clickAt } from "./clicking";
import type { DragKind, Gestures, Pane } from "./pane";

/** A press that moves less than this is a click. */
const CLICK_PX = 4;
/** A finger that rolls less than this taps. */
const TAP_PX = 9;
const LINE_PX = 16;
/** A finger that rests so long asks for the menu. */
const LONG_PRESS_MS = 550;

interface Press {
  kind: DragKind;
  /** Whose handle is held; a pen holds none; null: nothing is held. */
  held: { handle: Handle; by: "tool" | "pane" } | { handle: null; by: "tool" } | null;
  start: Pixel;
  last: Pixel;
  moved: boolean;
  /** It went further than a hand trembles. */
  far: boolean;
  slack: number;
}

export class Pointer {
  private press: Press | null = null;
  private readonly fingers = new Map<number, Pixel>();
  private hoverFrame = 0;
  private resting = 0;
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly bench: Workbench,
    private readonly pane: Pane,
    private readonly gestures: Gestures,
    private readonly surface: HTMLElement,
  ) {
    this.on("pointerdown", (event) => this.down(event));
    this.on("pointermove", (event) => this.moveTo(event));
    this.on("pointerup", (event) => this.up(event));
    this.on("pointercancel", (event) => this.abandon(event));
    this.on("pointerleave", () => this.leaveView());
    this.on("contextmenu", (event) => event.preventDefault());
    this.on("wheel", (event) => this.wheel(event));
  }

  close(): void {
    cancelAnimationFrame(this.hoverFrame);
    clearTimeout(this.resting);
    this.stops.forEach((stop) => stop());
  }

  /** Put back what is held, as Escape does; false where nothing is. */
  drop(): boolean {
    const { press } = this;
    this.press = null;
    if (press?.held?.by === "tool") this.bench.tool.send("cancel");
    return !!press?.held;
  }

  private on<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ): void {
    this.surface.addEventListener(type, listener, { passive: false });
    this.stops.push(() => this.surface.removeEventListener(type, listener));
  }

  private pixelOf(event: MouseEvent): Pixel {
    const box = this.surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private handleUnder(pixel: Pixel): Press["held"] {
    const { camera, size } = this.pane;
    const { tool } = this.bench;
    const ofTool = tool.takes("grab") ? handleAt(camera, size, tool.handles(this.pane), pixel) : null;
    if (ofTool) return { handle: ofTool, by: "tool" };
    const own = handleAt(camera, size, this.gestures.handles(), pixel);
    return own && { handle: own, by: "pane" };
  }

  /** Put a pen down, if that is in the hand. */
  private penAt(pixel: Pixel, free: boolean): Press["held"] {
    const { tool } = this.bench;
    if (!tool.takes("draw")) return null;
    const input = { pixel, place: this.pane.placeAt(pixel), pane: this.pane, handle: null, free };
    return tool.send("draw", input) ? { handle: null, by: "tool" } : null;
  }

  private down(event: PointerEvent): void {
    const pixel = this.pixelOf(event);
    this.surface.setPointerCapture(event.pointerId);
    this.surface.focus({ preventScroll: true });
    this.fingers.set(event.pointerId, pixel);
    this.bench.panes.touch(this.pane.id, this);
    if (this.fingers.size > 1) {
      this.drop();
      return;
    }
    const plain = event.button === 0 && !event.shiftKey;
    const held = plain ? (this.handleUnder(pixel) ?? this.penAt(pixel, event.altKey)) : null;
    const pan = event.button === 1 || (event.button === 0 && event.shiftKey);
    const touch = event.pointerType === "touch";
    const kind: DragKind = pan ? "pan" : event.button === 2 ? "second" : touch ? "touch" : "first";
    const slack = touch ? TAP_PX : CLICK_PX;
    // Only a plain press can become a click; the others have moved already, so to say.
    this.press = { kind, held, start: pixel, last: pixel, moved: !plain, far: false, slack };
    if (held?.by === "tool" && held.handle) {
      this.bench.tool.send("grab", { pixel, place: null, pane: this.pane, handle: held.handle });
    }
    clearTimeout(this.resting);
    if (touch && !held) this.resting = window.setTimeout(() => this.rest(pixel, this.inView(event)), LONG_PRESS_MS);
    if (event.button === 1) event.preventDefault();
  }

  private moveTo(event: PointerEvent): void {
    const pixel = this.pixelOf(event);
    this.bench.refusals.hand = this.inView(event);
    if (this.fingers.size === 2 && this.fingers.has(event.pointerId)) {
      this.pinch(event.pointerId, pixel);
      return;
    }
    const { press } = this;
    if (!press) {
      this.hover(pixel, event.shiftKey, event.altKey);
      return;
    }
    const far = Math.hypot(pixel[0] - press.start[0], pixel[1] - press.start[1]);
    press.far ||= far > press.slack;
    press.moved ||= press.far;
    if (!press.moved) return;
    const step: Pixel = [pixel[0] - press.last[0], pixel[1] - press.last[1]];
    const { last, held } = press;
    press.last = pixel;
    if (held?.by === "tool") {
      const place = held.handle ? null : this.pane.placeAt(pixel);
      this.bench.tool.send("drag", { pixel, place, pane: this.pane, handle: held.handle, free: event.altKey });
      this.bench.tellRoom();
    } else if (held) this.gestures.dragHandle(held.handle, last, pixel);
    else this.gestures.drag(press.kind, step, pixel);
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    const { press } = this;
    this.press = null;
    clearTimeout(this.resting);
    if (!press) return;
    const pixel = this.pixelOf(event);
    if (press.kind === "second" && !press.far) this.bench.menus.ask(this.pane, pixel, this.inView(event));
    else if (press.held?.by === "tool") {
      const input = { pixel, place: null, pane: this.pane, handle: null };
      this.bench.tool.send(press.moved ? "release" : "cancel", input);
      this.bench.tellRoom();
    } else if (!press.moved) this.click(pixel, event.altKey);
  }

  /** A finger has rested: that asks for the menu. */
  private rest(pixel: Pixel, inView: Pixel): void {
    if (!this.press || this.press.far || this.fingers.size !== 1) return;
    this.press = null;
    this.bench.menus.ask(this.pane, pixel, inView);
  }

  private leaveView(): void {
    this.bench.refusals.hand = null;
    this.bench.company.pointAt(null);
  }

  private abandon(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.drop();
  }

  private click(pixel: Pixel, free: boolean): void {
    const selecting = this.bench.state.tool === "select";
    const { place } = clickAt(this.bench, this.pane, pixel, free);
    if (selecting) this.gestures.click(pixel, place);
  }

  private hover(pixel: Pixel, withShift: boolean, free: boolean): void {
    cancelAnimationFrame(this.hoverFrame);
    this.hoverFrame = requestAnimationFrame(() => {
      const handle = this.handleUnder(pixel)?.handle?.id ?? null;
      if (handle !== this.bench.state.hoveredHandle) {
        this.bench.state.hoveredHandle = handle;
        this.pane.redrawInk();
      }
      const place = this.pane.placeAt(pixel);
      this.bench.panes.pointAt(this.pane, place);
      this.bench.tool.send("hover", { pixel, place, pane: this.pane, handle: null, free });
      if (withShift) this.gestures.shiftHover(pixel, place);
    });
  }

  private pinch(id: number, pixel: Pixel): void {
    const other = [...this.fingers].find(([finger]) => finger !== id)?.[1];
    const before = this.fingers.get(id);
    this.fingers.set(id, pixel);
    if (!other || !before) return;
    const spread = (a: Pixel) => Math.hypot(a[0] - other[0], a[1] - other[1]) || 1;
    const shift: Pixel = [(pixel[0] - before[0]) / 2, (pixel[1] - before[1]) / 2];
    const middle: Pixel = [(pixel[0] + other[0]) / 2, (pixel[1] + other[1]) / 2];
    this.gestures.pinch(shift, middle, spread(before) / spread(pixel));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / LINE_PX;
    this.gestures.wheel(lines, this.pixelOf(event), event.ctrlKey || event.metaKey);
  }

  /** A pixel of the whole view, for what is shown beside the hand. */
  private inView(event: MouseEvent): Pixel {
    const box = (this.surface.closest(".cmv") ?? this.surface).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
