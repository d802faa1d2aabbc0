// The images of the room: what panes draw, windows, fusion, and where the voxels come from.

import { shallowReactive } from "vue";
import type { Camera, Size } from "../camera";
import type { Vector } from "../vector";
import type { Volume, Window } from "./listing";

/** Where slices are made: here from bricks, or by the server. */
export type Mode = "browser" | "server";

/** `empty`: this server does not have the images; `failed`: see `problem`. */
export type Status = "loading" | "ready" | "empty" | "failed";

export interface Slab {
  mm: number;
  mode: "max" | "min" | "mean";
}

export interface SliceAsk {
  /** One picture is kept for each name: the pane's id. */
  pane: string;
  /** The plane goes through `focal`, at right angles to `direction`. */
  camera: Camera;
  /** CSS pixels. */
  size: Size;
  slab?: Slab | null;
}

export interface CurvedAsk {
  pane: string;
  /** The line that is straightened, LPS mm; its length runs to the right. */
  line: Vector[];
  /** What runs downwards, at right angles to the line as nearly as can be; unit length. */
  down: Vector;
  /** CSS pixels. */
  size: Size;
  mm_per_pixel: number;
  /** Which distance along the line is at the left edge, and which offset at the middle row. */
  from_mm?: number;
  offset_mm?: number;
  slab?: Slab | null;
}

export interface Drawn {
  /** Number of the resolution on screen, 0 the finest; null: nothing was drawn. */
  level: number | null;
  /** A better picture of the same place is on its way; `onFresh` tells. */
  coming: boolean;
}

export interface Preset {
  name: string;
  window: Window;
}

export class Images {
  readonly state = shallowReactive({
    status: "loading" as Status,
    volumes: [] as Volume[],
    primaryKey: null as string | null,
    fusedKey: null as string | null,
    /** Share of the fused volume in the picture, 0..1. */
    fusion: 0.5,
    /** Share of the wanted voxels that is here, 0..1. */
    progress: 0,
    mode: "browser" as Mode,
    /** One sentence for the user: could not read, too large; "" when all is well. */
    problem: "",
    /** Counts up with each change of a window: watch it to draw anew. */
    windows: 0,
  });

  /** `base` is the member's page, `assets` the folder of the built client; both end with a slash. */
  constructor(
    readonly base: string,
    readonly assets: string,
  ) {}

  /** Ask which images there are and begin with the coarsest voxels. */
  async open(): Promise<void> {}

  close(): void {}

  retry(): void {}

  chooseMode(mode: Mode): void {
    this.state.mode = mode;
  }

  /** Draw the best picture there is now; the context counts in CSS pixels of the pane. */
  draw(_context: CanvasRenderingContext2D, _ask: SliceAsk): Drawn {
    return { level: null, coming: false };
  }

  drawCurved(_context: CanvasRenderingContext2D, _ask: CurvedAsk): Drawn {
    return { level: null, coming: false };
  }

  /** Forget a pane that is no longer on screen, so that nothing more is fetched for it. */
  leave(_pane: string): void {}

  /** Call back when panes can be drawn better or otherwise; returns how to stop that. */
  onFresh(_callback: () => void): () => void {
    return () => undefined;
  }

  /** Value of the primary volume at a world point; null outside it, or while it is not here. */
  valueAt(_world: Vector): number | null {
    return null;
  }

  windowOf(_key: string): Window {
    return { center: 40, width: 400 };
  }

  setWindow(_key: string, _window: Window): void {
    this.state.windows += 1;
  }

  presetsOf(_key: string): Preset[] {
    return [];
  }

  fuse(key: string | null): void {
    this.state.fusedKey = key;
  }

  setFusion(share: number): void {
    this.state.fusion = share;
  }
}
