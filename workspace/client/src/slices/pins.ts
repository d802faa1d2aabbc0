// Notes and comments as small pins on the slices that they lie near.

import type { Pixel } from "../camera";
import { SHADOW } from "../strokes";
import type { Vector } from "../vector";
import type { Workbench } from "../workbench";
import type { Slice } from "./slice";

/** Beyond this a pin is not of this slice, mm. */
const NEAR_MM = 4;
const RADIUS_PX = 7;
/** Within reach of a finger. */
const REACH_PX = 12;

interface Pin {
  id: string;
  world: Vector;
  colour: string;
  letter: string;
}

/** Pins within a slab, or within a few millimetres of a thin slice. */
function pinsOf(slice: Slice, bench: Workbench): Pin[] {
  const { notes, threads } = bench.room.state.view;
  const near = Math.max(NEAR_MM, (slice.state.slab?.mm ?? 0) / 2);
  const pins: Pin[] = [];
  for (const [id, { anchor, leaf_id, author_id }] of Object.entries(notes)) {
    const world = leaf_id ? bench.stage.worldOf(leaf_id, anchor.point_mm) : anchor.point_mm;
    pins.push({ id, world, colour: bench.room.colourOf(author_id), letter: "N" });
  }
  for (const [id, thread] of Object.entries(threads)) {
    const { world_mm, resolved_by } = thread;
    if (!world_mm || (resolved_by !== null && !bench.state.resolvedShown)) continue;
    pins.push({ id, world: world_mm, colour: thread.comments[0]?.colour ?? "#93a0b4", letter: "C" });
  }
  return pins.filter(({ world }) => Math.abs(slice.depthOf(world)) <= near);
}

export function drawPins(context: CanvasRenderingContext2D, slice: Slice, bench: Workbench): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = "700 9px Inter, system-ui, sans-serif";
  for (const { id, world, colour, letter } of pinsOf(slice, bench)) {
    const [x, y] = slice.toScreen(world);
    context.beginPath();
    context.arc(x, y, RADIUS_PX, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = id === bench.state.selectedId ? 3 : 1.5;
    context.strokeStyle = id === bench.state.selectedId ? "#ffb020" : SHADOW;
    context.stroke();
    context.fillStyle = "#0b0e13";
    context.fillText(letter, x, y + 0.5);
  }
}

/** Return the note or comment under a pixel, or null. */
export function pinAt(slice: Slice, bench: Workbench, [px, py]: Pixel): string | null {
  const off = ({ world }: Pin) => {
    const [x, y] = slice.toScreen(world);
    return Math.hypot(x - px, y - py);
  };
  const within = pinsOf(slice, bench).filter((pin) => off(pin) <= REACH_PX);
  return within.sort((a, b) => off(a) - off(b))[0]?.id ?? null;
}
