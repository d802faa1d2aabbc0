// Keys that turn, zoom and shift the view of the pane in which the keyboard is.

import { panned, rotated, zoomed, type Pixel } from "../camera";
import type { Workbench } from "../workbench";
import { inPane } from "./cursor";

/** Towards where an arrow key points, on the screen. */
export const ARROWS: Record<string, Pixel> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A turn of 10 degrees: dragging over the whole height is one of 180. */
const TURN_SHARE = 10 / 180;
const SHIFT_SHARE = 0.1;
const ZOOM_FACTOR = 1.25;

/** The 3D pane is where the keyboard is. */
const inSpace = ({ panes }: Workbench): boolean => inPane() && panes.state.active === "3d";

/** Turn the 3D view as a drag that way would; false where the keyboard is elsewhere. */
export function turnView(bench: Workbench, arrow: string): boolean {
  if (!inSpace(bench)) return false;
  const { camera, size } = bench.stage;
  const [x, y] = ARROWS[arrow];
  const by = size.height * TURN_SHARE;
  bench.look(rotated(camera, size, [x * by, y * by]));
  return true;
}

/** Shift the picture towards where an arrow points. */
export function shiftView(bench: Workbench, arrow: string): boolean {
  if (!inPane()) return false;
  const slice = bench.panes.activeSlice;
  const { size } = slice ?? bench.stage;
  const [x, y] = ARROWS[arrow];
  const by = size.height * SHIFT_SHARE;
  const step: Pixel = [x * by, y * by];
  if (slice) slice.pan(step);
  else bench.look(panned(bench.stage.camera, size, step));
  return true;
}

/** Come nearer to the crosshair, or go back from it; to the middle where it is out of the picture. */
export function zoomView(bench: Workbench, nearer: boolean): boolean {
  if (!inPane()) return false;
  const slice = bench.panes.activeSlice;
  const pane = slice ?? bench.stage;
  const { width, height } = pane.size;
  const world = bench.crosshair.state.world;
  const at = world && pane.toScreen(world);
  const within = at && at[0] >= 0 && at[1] >= 0 && at[0] <= width && at[1] <= height;
  const pixel: Pixel = within ? at : [width / 2, height / 2];
  const factor = nearer ? 1 / ZOOM_FACTOR : ZOOM_FACTOR;
  if (slice) slice.zoom(pixel, factor);
  else bench.look(zoomed(bench.stage.camera, bench.stage.size, pixel, factor));
  return true;
}
