// Slices made by the server: for weak devices, and for volumes too large for the browser.

import { rightOf } from "../camera";
import { add, scale, type Vector } from "../vector";
import type { PlaneView } from "./layer";
import type { Window } from "./listing";
import type { Frame } from "./slicing";

export interface Picture {
  image: ImageBitmap;
  frame: Frame;
}

export interface Request {
  /** The volume's. */
  key: string;
  view: PlaneView;
  window: Window;
  /** For how long a plane must stand still before it is asked for. */
  rest_ms: number;
}

interface Slot {
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

export class ServerPictures {
  private readonly slots = new Map<string, Slot>();
  /** Why the last picture did not come; "" while they come. */
  problem = "";
  onPicture: () => void = () => undefined;

  /** `base` is the member's page, with a slash at the end. */
  constructor(private readonly base: string) {}

  /** Return the last picture of a pane, and ask for what it should show; `onPicture` tells when it came. */
  ask(pane: string, request: Request): { picture: Picture | null; exact: boolean } {
    const { key, view, window, rest_ms } = request;
    const slot = this.slotOf(`${pane} ${key}`);
    const stamp = JSON.stringify([view.camera, view.size, view.slab, window]);
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
      slot = { wanted: "", shown: "", picture: null, fetching: null, begin: () => undefined, timer: undefined };
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

  private async fetch(slot: Slot, stamp: string, { key, view, window }: Request): Promise<void> {
    const abort = new AbortController();
    slot.fetching = abort;
    const frame = pictureFrame(view);
    const address = `${this.base}volumes/${key}/slice?${queryOf(frame, view, window)}`;
    try {
      const response = await fetch(address, { signal: abort.signal, credentials: "same-origin" });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const image = await createImageBitmap(await response.blob());
      if (abort.signal.aborted) return image.close();
      slot.picture?.image.close();
      slot.picture = { image, frame };
      slot.shown = stamp;
      this.problem = "";
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = error instanceof Error ? error.message : "unknown";
      slot.timer = setTimeout(slot.begin, AGAIN_MS);
    }
    slot.fetching = null;
    if (!this.problem && slot.wanted !== stamp) slot.begin();
    this.onPicture();
  }
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

export function queryOf(frame: Frame, { camera, slab }: PlaneView, window: Window): URLSearchParams {
  const places = ([x, y, z]: Vector) => [x, y, z].map((value) => value.toFixed(6)).join(",");
  const query = new URLSearchParams({
    origin: places(camera.focal),
    u: places(rightOf(camera)),
    v: places(scale(camera.up, -1)),
    width: String(frame.width),
    height: String(frame.height),
    mm: Math.hypot(...frame.across).toFixed(6),
    center: String(window.center),
    width_hu: String(window.width),
    format: "webp",
  });
  if (slab) {
    query.set("mode", slab.mode);
    query.set("slab_mm", String(slab.mm));
  }
  return query;
}
