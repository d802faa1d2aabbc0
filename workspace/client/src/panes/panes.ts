// Which panes there are, how they lie, and which one has the hand.

import { computed, shallowReactive, watch } from "vue";
import type { Size } from "../camera";
import { crosshairLayer } from "../slices/crosshair_lines";
import { Slice } from "../slices/slice";
import { Straight } from "../slices/straight";
import { add, scale } from "../vector";
import type { Workbench } from "../workbench";
import { arrange, type LayoutId } from "./arrangement";
import { Cursor } from "./cursor";
import type { Pane, PaneId, Place, SliceId } from "./pane";
import type { Pointer } from "./pointer";

const STRIP_MARGIN_PX = 16;
/** The cube and what is around it. */
const CUBE_PX = 112;

export class Panes {
  readonly state = shallowReactive({
    layout: "four" as LayoutId,
    /** The pane that fills the view; null: all of the layout are there. */
    maximised: null as PaneId | null,
    /** Where the hand was last. */
    active: "3d" as PaneId,
    /** The slice beside 3D where there is only one. */
    beside: "axial" as SliceId,
    /** Of the whole view, CSS pixels. */
    size: { width: 1, height: 1 } as Size,
    /** Of the strip of tools, CSS pixels. */
    stripPx: 0,
    /** A card is open before the panes. */
    cards: false,
    pointed: null as { pane: PaneId; place: Place } | null,
  });
  readonly slices: Record<SliceId, Slice>;
  readonly straight: Straight;
  readonly cursor: Cursor;
  private readonly arranged = computed(() => arrange({ ...this.state, straight: this.straight.visible }, this.state.size, this.state.stripPx + STRIP_MARGIN_PX));
  private holding: Pointer | null = null;
  private readonly stops: (() => void)[];

  constructor(private readonly bench: Workbench) {
    const { layout, maximised, beside } = bench.memory.get().panes ?? {};
    Object.assign(this.state, { layout: layout ?? "four", maximised: maximised ?? null, beside: beside ?? "axial" });
    this.slices = {
      axial: new Slice("axial", bench),
      coronal: new Slice("coronal", bench),
      sagittal: new Slice("sagittal", bench),
    };
    this.straight = new Straight(bench);
    this.cursor = new Cursor(bench);
    bench.layers.push(crosshairLayer(bench));
    bench.crosshair.state.world = bench.memory.get().crosshair ?? null;
    this.stops = this.watchAll();
  }

  close(): void {
    this.stops.forEach((stop) => stop());
    this.holding = null;
    this.straight.close();
    for (const slice of Object.values(this.slices)) slice.close();
  }

  /** Where panes and tools lie now. */
  get arrangement() {
    return this.arranged.value;
  }

  /** The panes that are on screen. */
  get list(): Pane[] {
    const all: Pane[] = [this.bench.stage, ...Object.values(this.slices)];
    return all.filter(({ id }) => this.shows(id));
  }

  styleOf(id: PaneId | "front" | "straight"): Record<string, string> {
    const { front, straight, panes } = this.arrangement;
    const rect = id === "front" ? front : id === "straight" ? straight : panes[id];
    if (!rect) return {};
    const { left, top, width, height } = rect;
    return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
  }

  /** Tools and cube do not fit side by side over the 3D pane. */
  get tight(): boolean {
    const { banded, front } = this.arrangement;
    return !banded && front.width < this.state.stripPx + 2 * CUBE_PX;
  }

  shows(id: PaneId): boolean {
    return this.arrangement.panes[id] !== undefined;
  }

  choose(layout: LayoutId): void {
    this.state.layout = layout;
    this.state.maximised = null;
    this.keep();
  }

  /** Let a pane fill the view, or bring back the others. */
  maximise(id: PaneId = this.state.active): void {
    this.state.maximised = this.state.maximised === null ? id : null;
    this.keep();
  }

  /** Notes and comments are written and read beside 3D: it comes back where it is not on screen. */
  bringSpace(): void {
    if (this.shows("3d")) return;
    Object.assign(this.state, { layout: "pair", maximised: null });
    this.keep();
  }

  /** A hand came down in a pane. */
  touch(id: PaneId, pointer: Pointer): void {
    this.holding = pointer;
    this.cursor.send("press");
    this.state.active = id;
    if (id === "3d" || this.state.beside === id) return;
    // The slice that was used last stays beside 3D.
    this.state.beside = id;
    this.keep();
  }

  /** Put back what the hand holds; false where it holds nothing. */
  drop(): boolean {
    return this.holding?.drop() ?? false;
  }

  /** The pane that had the hand last, if it is on screen; else the first that is. */
  get inHand(): Pane {
    const { list } = this;
    return list.find(({ id }) => id === this.state.active) ?? list[0] ?? this.bench.stage;
  }

  /** The slice that keys act on: the one used last, or the first on screen. */
  get activeSlice(): Slice | null {
    const { active } = this.state;
    const slices = Object.values(this.slices).filter(({ id }) => this.shows(id));
    return slices.find(({ id }) => id === active) ?? null;
  }

  pointAt(pane: Pane, place: Place | null): void {
    this.state.pointed = place && { pane: pane.id, place };
    this.bench.company.pointAt(place && { solid_id: place.solid_id, point_mm: place.point_mm, pane: pane.id });
  }

  redrawInk(): void {
    for (const pane of this.list) pane.redrawInk();
  }

  /** Show all that there is in every slice. */
  fit(): void {
    for (const slice of Object.values(this.slices)) slice.fit();
  }

  private watchAll(): (() => void)[] {
    const { crosshair, room, stage, frames, memory, tools } = this.bench;
    const { slices } = this;
    return [
      watch(
        () => this.arrangement,
        ({ panes }) => {
          for (const slice of Object.values(slices)) slice.resize(panes[slice.id] ?? { width: 0, height: 0 });
        },
      ),
      watch(
        () => crosshair.state.world,
        (world) => {
          for (const slice of Object.values(slices)) slice.follow();
          if (world) memory.put({ crosshair: world });
          stage.redrawInk();
        },
      ),
      watch(
        () => tools.note.state.anchor !== null || tools.comment.state.anchor !== null,
        (writes) => writes && this.bringSpace(),
      ),
      // The slices begin in the middle, as soon as there is one.
      watch(
        () => room.state.view,
        () => this.begin(),
        { immediate: true },
      ),
      watch(
        () => frames.current.name,
        () => this.fit(),
      ),
    ];
  }

  private begin(): void {
    const box = this.bench.stage.bounds();
    if (!box) return;
    this.bench.crosshair.state.world ??= scale(add(box.low, box.high), 0.5);
    for (const slice of Object.values(this.slices)) if (slice.state.centre === null) slice.fit();
  }

  private keep(): void {
    const { layout, maximised, beside } = this.state;
    this.bench.memory.put({ panes: { layout, maximised, beside } });
  }
}
