// Which panes there are, how they lie, and which one has the hand.

import { shallowReactive } from "vue";
import type { Size } from "../camera";
import type { Workbench } from "../workbench";
import type { Pane, PaneId, Place } from "./pane";
import type { Pointer } from "./pointer";

export const LAYOUTS = ["four", "even", "space", "pair", "slices"] as const;
export type LayoutId = (typeof LAYOUTS)[number];

export class Panes {
  readonly state = shallowReactive({
    layout: "four" as LayoutId,
    /** The pane that fills the view; null: all of the layout are there. */
    maximised: null as PaneId | null,
    active: "3d" as PaneId,
    /** Of the whole view, CSS pixels. */
    size: { width: 1, height: 1 } as Size,
    pointed: null as { pane: PaneId; place: Place } | null,
  });
  private holding: Pointer | null = null;

  constructor(private readonly bench: Workbench) {}

  get list(): Pane[] {
    return [this.bench.stage];
  }

  /** A hand came down in a pane. */
  touch(pointer: Pointer): void {
    this.holding = pointer;
  }

  /** Put back what the hand holds; false where it holds nothing. */
  drop(): boolean {
    return this.holding?.drop() ?? false;
  }

  pointAt(pane: Pane, place: Place | null): void {
    this.state.pointed = place && { pane: pane.id, place };
    const anchor = place && place.solid_id !== null ? { solid_id: place.solid_id, point_mm: place.point_mm } : null;
    this.bench.company.pointAt(anchor);
  }

  close(): void {
    this.holding = null;
  }

  redrawInk(): void {
    for (const pane of this.list) pane.redrawInk();
  }
}
