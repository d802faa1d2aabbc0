// What is told of a slice in words and numbers.

import { frameOf, intoFrame, lettersIn } from "../frames";
import type { Slab } from "../images/images";
import { valueUnder } from "../images/server_values";
import { dot, scale, type Vector } from "../vector";
import { t } from "../words";
import type { Workbench } from "../workbench";
import type { Slice } from "./slice";

/** Return a length along a direction as patients' sides are told: "S 12.0 mm", "I 3.5 mm". */
export function offsetOf(slice: Slice, bench: Workbench): string {
  const frame = frameOf(bench);
  const { focal, direction } = slice.camera;
  const mm = dot(focal, direction);
  const letters = lettersIn(frame, mm < -0.05 ? scale(direction, -1) : direction);
  return t("{side} {n} mm", { side: letters, n: Math.abs(mm).toFixed(1) });
}

const AXES: [string, string][] = [
  ["L", "R"],
  ["P", "A"],
  ["S", "I"],
];

/** Return a place as distances along the subject's axes: "L 12.0  A 3.4  S 100.1". */
export function placeText(world: Vector, bench: Workbench): string {
  return intoFrame(frameOf(bench), world)
    .map((mm, axis) => `${AXES[axis][mm < -0.05 ? 1 : 0]} ${Math.abs(mm).toFixed(1)}`)
    .join(" ");
}

export function windowText({ volume }: Slice, { images }: Workbench): string {
  void images.state.windows;
  if (!volume) return "";
  const { center, width } = images.windowOf(volume.key);
  return t("W {width} L {level}", { width: Math.round(width), level: Math.round(center) });
}

export const SLAB_MODES: { mode: Slab["mode"]; short: string; text: string }[] = [
  { mode: "max", short: "MIP", text: t("Brightest (MIP)") },
  { mode: "min", short: "MinIP", text: t("Darkest (MinIP)") },
  { mode: "mean", short: "Mean", text: t("Mean") },
];

export function slabText(slab: Slab | null): string {
  if (!slab) return "";
  const short = SLAB_MODES.find(({ mode }) => mode === slab.mode)?.short ?? "";
  return t("{mode} {n} mm", { mode: t(short), n: slab.mm });
}

/** Return the value under the pointer where it is in this slice, else "". */
export function valueText(slice: Slice, bench: Workbench): string {
  const { pointed } = bench.panes.state;
  if (pointed?.pane !== slice.id) return "";
  void slice.state.drawn;
  return valueAt(pointed.place.world_mm, bench);
}

/** Return the value of the images at a place, "" where there is none. */
export function valueAt(world: Vector, { images, values }: Workbench): string {
  const { volumes, primaryKey } = images.state;
  const value = valueUnder(world, { images, values });
  if (value === null) return "";
  return volumes.find(({ key }) => key === primaryKey)?.hu ? t("{n} HU", { n: Math.round(value) }) : t("Value {n}", { n: Math.round(value) });
}
