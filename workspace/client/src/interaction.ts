// Pointer, wheel and keys: either the camera's or the tool's.

import { panned, rotated, zoomed, type Direction, type Pixel } from "./camera";
import { handleAt, type Handle } from "./gizmo";
import type { ToolName } from "./protocol";
import type { Workbench } from "./workbench";

/** A press that moves less than this is a click. */
const CLICK_PX = 4;
const ZOOM_PER_WHEEL = 0.0014;

export const TOOL_KEYS: Record<string, ToolName> = {
  v: "select",
  n: "note",
  m: "measure",
  c: "comment",
  x: "cut",
  g: "move",
};
export const VIEW_KEYS: Record<string, Direction> = {
  "1": "A",
  "2": "P",
  "3": "L",
  "4": "R",
  "5": "S",
  "6": "I",
};

type Drag = "rotate" | "pan" | "handle";

interface Press {
  drag: Drag;
  start: Pixel;
  last: Pixel;
  moved: boolean;
  handle: Handle | null;
}

export class Interaction {
  private press: Press | null = null;
  private readonly fingers = new Map<number, Pixel>();
  private hoverFrame = 0;
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly bench: Workbench,
    private readonly surface: HTMLElement,
  ) {
    this.on("pointerdown", (event) => this.down(event));
    this.on("pointermove", (event) => this.moveTo(event));
    this.on("pointerup", (event) => this.up(event));
    this.on("pointercancel", (event) => this.abandon(event));
    this.on("pointerleave", () => this.leaveView());
    this.on("contextmenu", (event) => event.preventDefault());
    this.on("wheel", (event) => this.wheel(event));
    const keys = (event: KeyboardEvent) => this.key(event);
    window.addEventListener("keydown", keys);
    this.stops.push(() => window.removeEventListener("keydown", keys));
  }

  close(): void {
    cancelAnimationFrame(this.hoverFrame);
    this.stops.forEach((stop) => stop());
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

  private handleUnder(pixel: Pixel): Handle | null {
    const { camera, size } = this.bench.stage.state;
    const { tool } = this.bench;
    return tool.takes("grab") ? handleAt(camera, size, tool.handles(), pixel) : null;
  }

  private down(event: PointerEvent): void {
    const pixel = this.pixelOf(event);
    this.surface.setPointerCapture(event.pointerId);
    this.surface.focus({ preventScroll: true });
    this.fingers.set(event.pointerId, pixel);
    if (this.fingers.size > 1) {
      this.dropPress();
      return;
    }
    const plain = event.button === 0 && !event.shiftKey;
    const handle = plain ? this.handleUnder(pixel) : null;
    const pan = event.button === 1 || (event.button === 0 && event.shiftKey);
    const drag: Drag = handle ? "handle" : pan ? "pan" : "rotate";
    // Only a plain press can become a click; the others have moved already, so to say.
    this.press = { drag, start: pixel, last: pixel, moved: !plain, handle };
    if (handle) this.bench.tool.send("grab", { pixel, pick: null, handle });
    if (event.button === 1) event.preventDefault();
  }

  private moveTo(event: PointerEvent): void {
    const pixel = this.pixelOf(event);
    this.bench.refusals.hand = pixel;
    if (this.fingers.size === 2 && this.fingers.has(event.pointerId)) {
      this.pinch(event.pointerId, pixel);
      return;
    }
    const { press } = this;
    if (!press) {
      this.hover(pixel);
      return;
    }
    const far = Math.hypot(pixel[0] - press.start[0], pixel[1] - press.start[1]);
    press.moved ||= far > CLICK_PX;
    if (!press.moved) return;
    const step: Pixel = [pixel[0] - press.last[0], pixel[1] - press.last[1]];
    press.last = pixel;
    const { camera, size } = this.bench.stage.state;
    if (press.drag === "handle") {
      this.bench.tool.send("drag", { pixel, pick: null, handle: press.handle });
      this.bench.tellRoom();
    } else {
      const look = press.drag === "pan" ? panned : rotated;
      this.bench.look(look(camera, size, step));
    }
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    const { press } = this;
    this.press = null;
    if (!press) return;
    const pixel = this.pixelOf(event);
    if (press.drag === "handle") {
      this.bench.tool.send(press.moved ? "release" : "cancel", { pixel, pick: null, handle: null });
      this.bench.tellRoom();
    } else if (!press.moved) this.click(pixel);
  }

  private leaveView(): void {
    this.bench.refusals.hand = null;
    this.bench.company.pointAt(null);
  }

  private abandon(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.dropPress();
  }

  private dropPress(): void {
    if (this.press?.drag === "handle") this.bench.tool.send("cancel");
    this.press = null;
  }

  private click(pixel: Pixel): void {
    const pick = this.bench.stage.pick(pixel);
    this.bench.tool.send(pick ? "click" : "miss", { pixel, pick, handle: null });
  }

  private hover(pixel: Pixel): void {
    cancelAnimationFrame(this.hoverFrame);
    this.hoverFrame = requestAnimationFrame(() => {
      const handle = this.handleUnder(pixel)?.id ?? null;
      if (handle !== this.bench.state.hoveredHandle) {
        this.bench.state.hoveredHandle = handle;
        this.bench.stage.redrawInk();
      }
      const pick = this.bench.stage.pick(pixel);
      this.bench.company.pointAt(pick && { solid_id: pick.solid_id, point_mm: pick.point_mm });
      this.bench.tool.send("hover", { pixel, pick, handle: null });
    });
  }

  private pinch(id: number, pixel: Pixel): void {
    const other = [...this.fingers].find(([finger]) => finger !== id)?.[1];
    const before = this.fingers.get(id);
    this.fingers.set(id, pixel);
    if (!other || !before) return;
    const spread = (a: Pixel) => Math.hypot(a[0] - other[0], a[1] - other[1]) || 1;
    const { camera, size } = this.bench.stage.state;
    const shift: Pixel = [(pixel[0] - before[0]) / 2, (pixel[1] - before[1]) / 2];
    const middle: Pixel = [(pixel[0] + other[0]) / 2, (pixel[1] + other[1]) / 2];
    const moved = panned(camera, size, shift);
    this.bench.look(zoomed(moved, size, middle, spread(before) / spread(pixel)));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { camera, size } = this.bench.stage.state;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(event.deltaY * lines * ZOOM_PER_WHEEL);
    this.bench.look(zoomed(camera, size, this.pixelOf(event), factor));
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement | null;
    if (target?.closest("input:not([type=range]), textarea, select, [contenteditable='true'], .v-overlay")) return;
    if (event.altKey) return;
    const { bench } = this;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      const redo = key === "y" || (key === "z" && event.shiftKey);
      if (key !== "z" && !redo) return;
      bench.submit({ type: redo ? "redo" : "undo" });
    } else if (event.shiftKey && key === "c") bench.state.resolvedShown = !bench.state.resolvedShown;
    else if (TOOL_KEYS[key]) bench.choose(TOOL_KEYS[key]);
    else if (VIEW_KEYS[key]) bench.view(VIEW_KEYS[key]);
    else if (key === "f") bench.frame();
    else if (this.playKey(key)) return event.preventDefault();
    else if (key === "p") bench.company.toggleLead();
    else if (key === "r") bench.company.goBack();
    else if (key === "t") void bench.timeline.toggle();
    else if (key === "?") bench.state.keysShown = !bench.state.keysShown;
    else if (key === "escape") this.escape();
    else if (key === "delete" || key === "backspace") bench.removeSelected();
    else return;
    event.preventDefault();
  }

  /** Keys of the history, while its strip is open; false where the key is none of them. */
  private playKey(key: string): boolean {
    const { timeline } = this.bench;
    if (!timeline.state.open) return false;
    if (key === " " && document.activeElement?.closest("button")) return false;
    if (key === " ") timeline.act({ type: timeline.state.head.playing ? "pause" : "play" });
    else if (key === ",") timeline.act({ type: "step", by: -1 });
    else if (key === ".") timeline.act({ type: "step", by: 1 });
    else return false;
    return true;
  }

  /** The nearest thing that can be left is left. */
  private escape(): void {
    const { bench } = this;
    if (bench.state.keysShown) bench.state.keysShown = false;
    else if (this.press?.drag === "handle") this.dropPress();
    else if (bench.state.tool !== "select" && bench.tool.takes("cancel")) bench.tool.send("cancel");
    else if (bench.threadOpen) bench.select(null);
    else if (bench.company.leave()) return;
    else if (bench.room.state.past !== null) bench.timeline.act({ type: "now" });
    else if (bench.timeline.state.open) bench.timeline.shut();
    else bench.tool.send("cancel");
  }
}
