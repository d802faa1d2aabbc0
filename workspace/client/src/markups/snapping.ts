// A place in a slice is drawn to the outline of a structure that is near.

import type { Camera, Pixel, Size } from "../camera";
import type { Pane, Place } from "../panes/pane";
import { apply, inverse } from "../rigid";
import { forLoops, type Section } from "../slices/sections";

export const SNAP_PX = 6;

/** Return the nearest point of an outline, with the solid that it is of; null: none is that near. */
export function nearestOutline(
  sections: Section[],
  camera: Camera,
  size: Size,
  [x, y]: Pixel,
  reachPx = SNAP_PX,
): { section: Section; pixel: Pixel } | null {
  let best: { section: Section; pixel: Pixel } | null = null;
  let least = reachPx * reachPx;
  for (const section of sections) {
    forLoops(section, camera, size, (pixels, closed) => {
      const count = pixels.length / 2;
      for (let i = closed ? 0 : 1; i < count; i += 1) {
        const j = i === 0 ? count - 1 : i - 1;
        const [ax, ay, bx, by] = [pixels[2 * j], pixels[2 * j + 1], pixels[2 * i], pixels[2 * i + 1]];
        const [dx, dy] = [bx - ax, by - ay];
        const long = dx * dx + dy * dy;
        const share = long === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / long));
        const pixel: Pixel = [ax + share * dx, ay + share * dy];
        const off = (pixel[0] - x) ** 2 + (pixel[1] - y) ** 2;
        if (off > least) continue;
        least = off;
        best = { section, pixel };
      }
    });
  }
  return best;
}

/** A slice, as far as one snaps to what it shows. */
export interface Sectioned extends Pane {
  /** The outlines on screen. */
  readonly shown: Section[];
}

const isSectioned = (pane: Pane): pane is Sectioned => pane.id !== "3d" && "shown" in pane;

/**
 * Return the place that a point of a markup gets: on the visible surface in 3D; in a slice on the
 * outline that is near, or in the images. `free` draws it to nothing.
 */
export function markedPlace(pane: Pane, pixel: Pixel, place: Place | null, free: boolean): Place | null {
  if (pane.id === "3d" || !place) return place;
  const near = !free && isSectioned(pane) && nearestOutline(pane.shown, pane.camera, pane.size, pixel);
  const world = near ? pane.placeAt(near.pixel)?.world_mm : undefined;
  if (!near || !world) return { solid_id: null, point_mm: place.world_mm, world_mm: place.world_mm };
  return { solid_id: near.section.id, point_mm: apply(inverse(near.section.transform), world), world_mm: world };
}
