// What tests and support may look at of the images. Nothing can be changed through it.

import type { Vector } from "../vector";
import type { Workbench } from "../workbench";
import type { Window } from "./listing";
import { valueUnder } from "./server_values";

export interface ImagesProbe {
  readonly status: string;
  readonly mode: string;
  readonly problem: string;
  readonly progress: number;
  /** Resolution on screen by pane, 0 the finest; null: nothing is drawn. */
  readonly levels: Record<string, number | null>;
  readonly window: Window | null;
  /** Of the volume shown, bytes that came over the line. */
  readonly bytes: number;
  /** When a pane first showed anything, and first all there is; ms after the page began, or null. */
  readonly first_ms: { seen: number | null; sharp: number | null };
  /** What the last pictures that were made here took. */
  readonly paint_ms: number[];
  /** Number of the resolution in the 3D pane; null: it shows none. */
  readonly in_space: number | null;
  valueAt(world: Vector): number | null;
}

export function imagesProbe({ images, panes, space, values }: Workbench): ImagesProbe {
  const { state } = images;
  return {
    get status() {
      return state.status;
    },
    get mode() {
      return state.mode;
    },
    get problem() {
      return state.problem;
    },
    get progress() {
      return state.progress;
    },
    get levels() {
      const shown = Object.values(panes.slices).filter(({ id }) => panes.shows(id));
      return Object.fromEntries(shown.map(({ id, state: { drawn } }) => [id, drawn.level]));
    },
    get window() {
      return state.primaryKey === null ? null : { ...images.windowOf(state.primaryKey) };
    },
    get bytes() {
      return images.bytes;
    },
    get first_ms() {
      return { ...images.firstMs };
    },
    get paint_ms() {
      return [...images.paintMs];
    },
    get in_space() {
      return space.level;
    },
    valueAt: (world) => valueUnder(world, { images, values }),
  };
}
