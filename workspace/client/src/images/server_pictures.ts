// Slices made by the server: for weak devices, and for volumes too large for the browser.

import { rightOf } from "../camera";
import { add, scale, type Vector } from "../vector";
import { coloured } from "./colouring";
import type { Grid } from "./grid";
import type { PlaneView } from "./layer";
import type { Window } from "./listing";
import type { Frame } from "./slicing";
import { GREYS, type Palette } from "./windowing";

export interface Picture {
  image: ImageBitmap;
  frame: Frame;
}

export interface Request {
  /** The volume's. */
  key: string;
  view: PlaneView;
  /** The same plane in the volume's own LPS, which the server counts in. */
  own: PlaneView;
  /** The volume's finest voxels, in the LPS of `view`. */
  grid: Grid;
  window: Window;
  palette: Palette;
  /** For how long a plane must stand still before it is asked for. */
  rest_ms: number;
}

interface Slot {
  name: string;
  /** What is wanted, and what `picture` shows. */
  wanted: string;
  shown: string;
  picture: Picture | null;
  fetching: AbortController | null;
  begin: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Pictures are never larger; a pane on a fine screen has this many pixels. */
const LONGEST_PX = 1024;
const MOST_PIXELS_A_POINT = 1.5;
const AGAIN_MS = 1500;
/** The server's answer to a picture that it did not begin before the next was asked for. */
const SUPERSEDED = 409;

export class ServerPictures {
  private readonly slots = new Map<string, Slot>();
  /** Why the last picture did not come; "" while they come. */
  problem = "";
  onPicture: () => void = () => undefined;

  /** `base` is the member's page, with a slash at the end. */
  constructor(private readonly base: string) {}

  /** Return the last picture of a pane, and ask for what it should show; `onPicture` tells when it came. */
  ask(pane: string, request: Request): { picture: Picture | null; exact: boolean } {
    const { key, view, window, palette, rest_ms } = request;
    const slot = this.slotOf(`${pane} ${key}`);
    const stamp = JSON.stringify([view.camera, view.size, view.slab, window, palette === GREYS]);
    if (stamp !== slot.wanted) {
      slot.wanted = stamp;
      slot.begin = () => void this.fetch(slot, stamp, request);
      clearTimeout(slot.timer);
      // One at a time, so that a slow line shows every picture it can, and the latest at last.
      if (!slot.fetching) slot.timer = setTimeout(slot.begin, rest_ms);
    }
    return { picture: slot.picture, exact: slot.shown === stamp };
  }

  leave(pane: string): void {
    for (const [name, slot] of this.slots) if (name.startsWith(`${pane} `)) this.drop(name, slot);
  }

  close(): void {
    for (const [name, slot] of this.slots) this.drop(name, slot);
  }

  private slotOf(name: string): Slot {
    let slot = this.slots.get(name);
    if (!slot) {
      slot = { name, wanted: "", shown: "", picture: null, fetching: null, begin: () => undefined, timer: undefined };
      this.slots.set(name, slot);
    }
    return slot;
  }

  private drop(name: string, slot: Slot): void {
    clearTimeout(slot.timer);
    slot.fetching?.abort();
    slot.picture?.image.close();
    this.slots.delete(name);
  }

  private async fetch(slot: Slot, stamp: string, request: Request): Promise<void> {
    const { key, view, own, window } = request;
    const abort = new AbortController();
    slot.fetching = abort;
    const frame = pictureFrame(view);
    const address = `${this.base}volumes/${key}/slice?${queryOf(slot.name, own, window)}`;
    try {
      const response = await fetch(address, { signal: abort.signal, credentials: "same-origin" });
      if (!response.ok && response.status !== SUPERSEDED) throw new Error(`the server answered ${response.status}`);
      this.problem = "";
      const image = response.ok ? await pictureIn(await response.blob(), frame, request) : null;
      if (abort.signal.aborted) return image?.close();
      if (image) {
        slot.picture?.image.close();
        slot.picture = { image, frame };
        slot.shown = stamp;
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = error instanceof Error ? error.message : "unknown";
      slot.timer = setTimeout(slot.begin, AGAIN_MS);
    }
    slot.fetching = null;
    if (!this.problem && slot.shown !== slot.wanted) slot.timer = setTimeout(slot.begin, 0);
    this.onPicture();
  }
}

/** The server's pictures are grey, and so as good as its values for any other palette. */
async function pictureIn(answer: Blob, frame: Frame, { palette, grid }: Request): Promise<ImageBitmap> {
  const grey = await createImageBitmap(answer);
  return palette === GREYS ? grey : coloured(grey, frame, { palette, grid });
}

/** Return the raster of a picture that fills a pane. */
export function pictureFrame({ camera, size }: Pick<PlaneView, "camera" | "size">): Frame {
  const finest = Math.min(MOST_PIXELS_A_POINT, globalThis.devicePixelRatio || 1);
  const ratio = Math.min(finest, LONGEST_PX / Math.max(size.width, size.height));
  const [width, height] = [size.width, size.height].map((points) => Math.max(1, Math.round(points * ratio)));
  const mm = (2 * camera.half_height_mm) / height;
  const across = scale(rightOf(camera), mm);
  const down = scale(camera.up, -mm);
  const corner = add(scale(across, -(width - 1) / 2), scale(down, -(height - 1) / 2));
  return { width, height, across, down, origin: add(camera.focal, corner) };
}

/** Return what the server is asked; `name` tells it which pictures replace each other. */
export function queryOf(name: string, view: PlaneView, window: Window): URLSearchParams {
  const { camera, slab } = view;
  const { width, height, across } = pictureFrame(view);
  const places = (values: Vector) => values.map((value) => value.toFixed(6)).join(",");
  const query = new URLSearchParams({
    origin: places(camera.focal),
    u: places(rightOf(camera)),
    v: places(scale(camera.up, -1)),
    width: String(width),
    height: String(height),
    mm: Math.hypot(...across).toFixed(6),
    center: String(window.center),
    width_hu: String(window.width),
    pane: name.slice(0, PANE_LETTERS),
  });
  if (slab) {
    query.set("mode", slab.mode);
    query.set("slab_mm", String(slab.mm));
  }
  return query;
}

/** Enough for the pane's name and the first letters of the volume's. */
const PANE_LETTERS = 40;
