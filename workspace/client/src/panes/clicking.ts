// A click at a pixel of a pane, whoever makes it: a pointer, a finger or a key.

import type { Pixel } from "../camera";
import type { Workbench } from "../workbench";
import type { Pane, Place } from "./pane";

export interface Clicked {
  place: Place | null;
  /** The tool in hand made something of it. */
  done: boolean;
}

/** Give the tool in hand a click; `free` draws the place to nothing. */
export function clickAt({ tool }: Workbench, pane: Pane, pixel: Pixel, free: boolean): Clicked {
  const place = pane.placeAt(pixel);
  const hit = place !== null && (place.solid_id !== null || tool.anywhere === true);
  return { place, done: tool.send(hit ? "click" : "miss", { pixel, place, pane, handle: null, free }) && hit };
}
