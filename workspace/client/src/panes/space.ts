// The hand in the 3D pane: it turns, shifts and zooms the view.

import { panned, rotated, zoomed, type Pixel } from "../camera";
import type { Handle } from "../gizmo";
import { clipHandles, dragClip } from "../inside/handles";
import type { Workbench } from "../workbench";
import type { DragKind, Gestures, Place } from "./pane";

const ZOOM_PER_LINE = 0.0224;

export class SpaceGestures implements Gestures {
  constructor(private readonly bench: Workbench) {}

  drag(kind: DragKind, step: Pixel): void {
    const { camera, size } = this.bench.stage;
    this.bench.look((kind === "pan" ? panned : rotated)(camera, size, step));
  }

  pinch(shift: Pixel, middle: Pixel, factor: number): void {
    const { camera, size } = this.bench.stage;
    this.bench.look(zoomed(panned(camera, size, shift), size, middle, factor));
  }

  wheel(lines: number, pixel: Pixel): void {
    const { camera, size } = this.bench.stage;
    this.bench.look(zoomed(camera, size, pixel, Math.exp(lines * ZOOM_PER_LINE)));
  }

  /** The slices go to what was clicked. */
  click(_pixel: Pixel, place: Place | null): void {
    if (place) this.bench.crosshair.jump(place.world_mm);
  }

  shiftHover(_pixel: Pixel, place: Place | null): void {
    if (place) this.bench.crosshair.jump(place.world_mm);
  }

  handles(): Handle[] {
    return clipHandles(this.bench);
  }

  dragHandle(handle: Handle, from: Pixel, pixel: Pixel): void {
    dragClip(this.bench, handle, from, pixel);
  }
}
