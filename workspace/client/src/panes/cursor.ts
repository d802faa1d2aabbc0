// The crosshair as the cursor of whoever uses no pointer: keys move it, and Enter does there what a click does.

import { shallowReactive } from "vue";
import { rightOf, type Camera, type Pixel } from "../camera";
import { growing } from "../markups/layer";
import { toldOf } from "../markups/telling";
import { countOf } from "../markups/draft";
import { placeText } from "../slices/telling";
import { Machine, type Table } from "../tools/machine";
import { add, scale, type Vector } from "../vector";
import type { ToolName } from "../protocol";
import type { Workbench } from "../workbench";
import { t } from "../words";
import { clickAt } from "./clicking";
import type { Pane } from "./pane";

/** Whose hand acts: a markup that a pointer has begun is ended by Enter, not grown at the crosshair. */
export type HandState = "pointer" | "keys";
export type HandEvent =
  | "press" // a pointer comes down in a pane
  | "move" // a key moves the crosshair
  | "enter" // Enter, while nothing is begun
  | "enterBegun"; // Enter, while there are points already

export const HAND: Table<HandState, HandEvent, "move" | "click" | "finish"> = {
  pointer: {
    press: { to: "pointer" },
    move: { to: "keys", act: "move" },
    enter: { to: "keys", act: "click" },
    enterBegun: { to: "pointer", act: "finish" },
  },
  keys: {
    press: { to: "pointer" },
    move: { to: "keys", act: "move" },
    enter: { to: "keys", act: "click" },
    enterBegun: { to: "keys", act: "click" },
  },
};

/** The tools that begin with a place. */
const PLACING: ToolName[] = ["note", "comment", "measure", "annotate", "cut"];

/** What comes with an event: where to, mm to the right and downwards, or that Enter draws to nothing. */
interface Touch {
  mm?: [number, number];
  free?: boolean;
}

/** Return a place moved within the plane of a view, mm to the right and downwards on the screen. */
export function movedInView(world: Vector, camera: Camera, [right, down]: [number, number]): Vector {
  return add(world, add(scale(rightOf(camera), right), scale(camera.up, -down)));
}

/** Whether the keyboard is in the picture of a pane: elsewhere its keys are not the crosshair's. */
export const inPane = (): boolean => document.activeElement?.classList.contains("cmv-surface") === true;

export class Cursor {
  readonly state = shallowReactive({
    hand: "pointer" as HandState,
    /** What has just happened, for whoever hears the page. */
    said: "",
  });
  private readonly machine: Machine<HandState, HandEvent, "move" | "click" | "finish", Touch>;

  constructor(private readonly bench: Workbench) {
    this.machine = new Machine(HAND, "pointer", {
      move: ({ mm }: Touch) => this.shift(mm ?? [0, 0]),
      click: ({ free }: Touch) => this.click(free === true),
      finish: () => this.finish(),
    });
  }

  send(event: HandEvent, touch: Touch = {}): void {
    this.machine.send(event, touch);
    this.state.hand = this.machine.state;
  }

  /** The tool in hand begins with a place. */
  get places(): boolean {
    return PLACING.includes(this.bench.state.tool);
  }

  /** It waits for one, and the keyboard is in a pane. */
  get waits(): boolean {
    return this.places && this.bench.tool.takes("click") && inPane();
  }

  /** It is what the next place is chosen with: it has to be seen, also where no slice is. */
  get shown(): boolean {
    return this.state.hand === "keys" && this.places && this.bench.tool.takes("click");
  }

  /** Move the crosshair; false where no tool waits for a place. */
  move(mm: [number, number]): boolean {
    if (!this.waits || !this.bench.crosshair.state.world) return false;
    this.send("move", { mm });
    return true;
  }

  /** Enter: place a point, or end what a pointer began; false where it means nothing. */
  enter(free = false): boolean {
    const placing = this.bench.tools.placing();
    if (!this.waits) return placing?.takes("finish") ? placing.send("finish") : false;
    this.send(placing && placing.state.phase !== "idle" ? "enterBegun" : "enter", { free });
    return true;
  }

  /** Take the last point back, and nothing else, while a tool places points; false where none does. */
  back(): boolean {
    const placing = this.bench.tools.placing();
    if (placing?.send("back")) this.state.said = t("Point taken back. Points left: {n}", { n: countOf(placing.state.draft) });
    return placing !== null;
  }

  /** Give up what is in hand. */
  leave(): void {
    this.bench.tool.send("cancel");
    this.state.said = t("Cancelled");
  }

  private get pane(): Pane {
    return this.bench.panes.inHand;
  }

  private get world(): Vector {
    return this.bench.crosshair.state.world ?? [0, 0, 0];
  }

  private shift(mm: [number, number]): void {
    const { pane } = this;
    const world = movedInView(this.world, pane.camera, mm);
    // In 3D it runs over what is seen, as the pointer does.
    const place = pane.id === "3d" ? pane.placeAt(pane.toScreen(world)) : null;
    this.bench.crosshair.jump(place?.world_mm ?? world);
    this.preview(pane);
    this.state.said = t("Crosshair at {place}", { place: placeText(this.world, this.bench) });
  }

  private preview(pane: Pane, free = false): Pixel {
    const pixel = pane.toScreen(this.world);
    const place = pane.placeAt(pixel);
    this.bench.panes.pointAt(pane, place);
    this.bench.tool.send("hover", { pixel, place, pane, handle: null, free });
    return pixel;
  }

  private click(free: boolean): void {
    const { pane, bench } = this;
    const placing = bench.tools.placing();
    const pixel = this.preview(pane, free);
    const value = placing ? valueOf(bench) : "";
    const { place, done } = clickAt(bench, pane, pixel, free);
    if (done && place && pane.id === "3d") bench.crosshair.jump(place.world_mm);
    if (done) this.state.said = this.tellOf(value);
    else if (!placing?.state.refusal) bench.toasts.say(this.whyNot(place !== null));
  }

  /** What a click of Enter has led to. */
  private tellOf(value: string): string {
    const placing = this.bench.tools.placing();
    if (!placing) return "";
    const { draft, phase } = placing.state;
    const name = draft.kind.label();
    if (phase === "idle") return value ? t("{name} placed: {value}", { name, value }) : t("{name} placed", { name });
    return t("Point {n} at {place}", { n: countOf(draft), place: placeText(this.world, this.bench) });
  }

  private whyNot(there: boolean): string {
    const placing = this.bench.tools.placing();
    if (placing?.state.kind === "freehand") return t("Freehand is drawn with a pointer. An area or a path can be placed with keys.");
    if (placing && there) return t("A point is here already: move the crosshair on.");
    return t("Nothing is there to hold it: move the crosshair to a structure.");
  }

  private finish(): void {
    const placing = this.bench.tools.placing();
    if (!placing?.takes("finish")) return;
    const value = valueOf(this.bench);
    placing.send("finish");
    this.state.said = this.tellOf(value);
  }
}

/** What the markup in hand measures, with the place that is pointed at. */
function valueOf(bench: Workbench): string {
  const seen = growing(bench, bench.tools.placing());
  return seen ? toldOf(seen).first : "";
}
