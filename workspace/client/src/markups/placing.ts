// The tools that measure and annotate: one markup after the other, of the kind that was chosen last.

import { shallowReactive } from "vue";
import { newId } from "../ids";
import { LONGEST_NOTE } from "../tools/pinning";
import { Machine } from "../tools/machine";
import type { ToolEvent } from "../tools/tables";
import { NOTHING, type Bench, type Input, type Tool } from "../tools/tool";
import { solidOf } from "../store";
import type { ControlPoint, MarkupKind } from "../records";
import type { Vector } from "../vector";
import { mmPerPixel } from "../camera";
import {
  begun,
  clickMeans,
  countOf,
  finished,
  mayFinish,
  problemWith,
  withoutLast,
  withPlace,
  type Draft,
} from "./draft";
import { kindOf } from "./kinds";
import { simplified } from "./shapes";
import { markedPlace } from "./snapping";
import { PLACE, type PlaceEvent } from "./tables";

/** What a pen draws is kept as long as it is off by more than this share of a pixel. */
const PEN_PX = 0.5;

export class PlaceTool implements Tool {
  readonly anywhere = true;
  readonly state;
  private readonly machine;

  constructor(
    private readonly bench: Bench,
    kind: MarkupKind,
  ) {
    this.state = shallowReactive({
      kind,
      draft: begun(kindOf(kind)) as Draft,
      phase: "idle" as string,
      /** Why the last click did nothing. */
      refusal: "",
      text: "",
    });
    this.machine = new Machine(PLACE, "idle", {
      add: (input: Input) => this.add(input),
      addAndCommit: (input: Input) => {
        this.add(input);
        this.commit();
      },
      preview: ({ place }: Input) => this.put({ hover: place?.world_mm ?? null }),
      takeBack: () => this.put(withoutLast(this.state.draft)),
      commit: () => this.commit(),
      discard: () => this.clear(),
      open: (input: Input) => {
        this.clear(this.state.text);
        this.add(input);
      },
      draw: (input: Input) => this.add(input),
    });
  }

  /** Another kind from now on. */
  take(kind: MarkupKind): void {
    if (kind === this.state.kind) return;
    this.send("cancel");
    this.state.kind = kind;
    this.clear();
  }

  takes(event: ToolEvent): boolean {
    if (event === "finish") return this.machine.takes("finish") && mayFinish(this.state.draft);
    if (event === "back") return this.machine.takes("back");
    if (event === "draw") return this.state.kind === "freehand" && this.machine.takes("draw");
    // Escape leaves the markup first, the tool next.
    if (event === "cancel") return this.machine.state !== "idle";
    return this.machine.takes(event as PlaceEvent);
  }

  send(event: ToolEvent, input: Input = NOTHING): boolean {
    const marked = this.marked(input);
    const told = this.told(event, marked);
    const done = told !== null && this.machine.send(told, marked);
    this.state.phase = this.machine.state;
    this.bench.panes.redrawInk();
    return done;
  }

  handles(): [] {
    return [];
  }

  worldOf = ({ point_mm, solid_id }: ControlPoint): Vector =>
    solid_id ? this.bench.stage.worldOf(solid_id, point_mm) : point_mm;

  /** Return the input with the place that a point of this kind gets. */
  private marked(input: Input): Input {
    const { draft } = this.state;
    if (draft.kind.kind === "gap") return input;
    const free = input.free === true || !draft.kind.sticks;
    return { ...input, place: markedPlace(input.pane, input.pixel, input.place, free) };
  }

  /** Return what an event means for the markup in hand; null: nothing. */
  private told(event: ToolEvent, input: Input): PlaceEvent | null {
    const { draft } = this.state;
    switch (event) {
      case "click":
        return this.clicked(input);
      case "draw":
        return this.accepts(input) && draft.kind.kind === "freehand" ? "draw" : null;
      case "drag":
        return draft.points.length < draft.kind.most && this.accepts(input) ? "drag" : null;
      case "finish":
        return mayFinish(draft) ? "finish" : null;
      case "back":
        return countOf(draft) > 1 ? "back" : "empty";
      case "save":
        return this.state.text.trim() ? "save" : null;
      case "miss":
        this.accepts(input);
        return null;
      default:
        return event in PLACE.idle || event in PLACE.placing || event in PLACE.drawing ? (event as PlaceEvent) : null;
    }
  }

  private clicked(input: Input): PlaceEvent | null {
    // What is drawn with the pen is not clicked together.
    if (this.state.kind === "freehand") return null;
    // Where the point would be: it may be drawn to an outline, and so was the one before it.
    const pixel = input.place ? input.pane.toScreen(input.place.world_mm) : input.pixel;
    const meant = clickMeans(this.state.draft, pixel, input.pane, this.worldOf);
    return meant === "finish" || meant === null || this.accepts(input) ? meant : null;
  }

  private accepts({ place, pane }: Input): boolean {
    const nameOf = (id: string) => solidOf(this.bench.room.state.view, id)?.name ?? id;
    this.state.refusal = place ? (problemWith(this.state.draft, place, pane, nameOf) ?? "") : "";
    return place !== null && this.state.refusal === "";
  }

  private add({ place, pane }: Input): void {
    if (place) this.put({ ...withPlace(this.state.draft, place, pane, this.worldOf), hover: null });
    this.penMm = mmPerPixel(pane.camera, pane.size) * PEN_PX;
  }

  private penMm = 0.1;

  private commit(): void {
    const made = finished(this.state.draft, this.worldOf);
    if (made) {
      const points = made.kind === "freehand" ? this.thinned(made.points) : made.points;
      const text = this.state.text.trim().slice(0, LONGEST_NOTE);
      const { kind, plane, solid_ids } = made;
      this.bench.submit({ type: "place_markup", markup_id: newId(), kind, points, text, plane, solid_ids });
    }
    this.clear();
  }

  private thinned(points: ControlPoint[]): ControlPoint[] {
    const worlds = points.map(this.worldOf);
    const kept = new Set(simplified(worlds, this.penMm));
    return points.filter((_, i) => kept.has(worlds[i]));
  }

  private put(part: Partial<Draft>): void {
    this.state.draft = { ...this.state.draft, ...part };
  }

  private clear(text = ""): void {
    Object.assign(this.state, { draft: begun(kindOf(this.state.kind)), refusal: "", text });
  }
}
