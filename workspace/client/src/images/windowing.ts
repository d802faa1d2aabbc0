// From values to shades: windows as DICOM defines them, presets by modality, a map of colours.

import type { Volume, Window } from "./listing";
import { key } from "../words";

export interface Preset {
  name: string;
  window: Window;
}

/** Names are translated where they are shown. Sources: what PACS workstations ship as defaults. */
const CT_PRESETS: Preset[] = [
  { name: key("Soft tissue"), window: { center: 40, width: 400 } },
  { name: key("Bone"), window: { center: 500, width: 2000 } },
  { name: key("Lung"), window: { center: -600, width: 1500 } },
  { name: key("Brain"), window: { center: 40, width: 80 } },
  { name: key("Angio"), window: { center: 300, width: 600 } },
];

/** Half and twice the width that the volume itself asks for. */
const NARROW = 0.5;
const WIDE = 2;

export function presetsFor({ hu, window }: Volume): Preset[] {
  const { center, width } = window;
  const own = { name: key("Automatic"), window };
  if (hu) {
    // what the series itself asks for can be had back, unless it is one of the usual ones
    const usual = CT_PRESETS.some((preset) => preset.window.center === center && preset.window.width === width);
    return usual ? CT_PRESETS : [...CT_PRESETS, own];
  }
  return [
    own,
    { name: key("Narrow"), window: { center, width: width * NARROW } },
    { name: key("Wide"), window: { center, width: width * WIDE } },
  ];
}

/** Return what begins a volume: the server's proposal. */
export const startOf = ({ window }: Volume): Window => ({ ...window });

/** Return a window that can be drawn: finite, and wide enough to divide by. */
export function allowed({ center, width }: Window, least: number): Window {
  return {
    center: Number.isFinite(center) ? center : 0,
    width: Number.isFinite(width) ? Math.max(least, Math.min(width, 65536)) : 400,
  };
}

/** A shade 0..255 as the colour of a canvas: bytes red, green, blue, alpha. */
export type Palette = Uint32Array;

export const GREYS: Palette = Uint32Array.from(
  { length: 256 },
  (_, shade) => (0xff000000 | (shade << 16) | (shade << 8) | shade) >>> 0,
);

/** Black, red, orange, yellow, white: brightness rises all the way, so it reads without hue. */
export const HOT: Palette = Uint32Array.from({ length: 256 }, (_, shade) => {
  const red = Math.min(255, shade * 2.4);
  const green = Math.max(0, Math.min(255, (shade - 70) * 1.9));
  const blue = Math.max(0, Math.min(255, (shade - 160) * 2.7));
  return (0xff000000 | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
});

/** Return the shade of a value, 0..255: DICOM PS3.3, C.11.2.1.3.2, LINEAR_EXACT. */
export function shadeOf(value: number, { center, width }: Window): number {
  const shade = (value - (center - width / 2)) * (255 / width);
  return shade <= 0 ? 0 : shade >= 255 ? 255 : (shade + 0.5) | 0;
}

/** Return the colour of every value of 16 bits, the lowest first. */
export function lookupTable(window: Window, palette: Palette): Uint32Array {
  const table = new Uint32Array(65536);
  const low = Math.floor(window.center - window.width / 2);
  const high = Math.ceil(window.center + window.width / 2);
  for (let value = -32768; value < 32768; value += 1) {
    const shade = value <= low ? 0 : value >= high ? 255 : shadeOf(value, window);
    table[value + 32768] = palette[shade];
  }
  return table;
}

/** Write values as colours; what is NaN stays clear. */
export function paintValues(
  values: Float32Array,
  window: Window,
  palette: Palette,
  pixels: Uint32Array,
): void {
  const low = window.center - window.width / 2;
  const perShade = 255 / window.width;
  for (let at = 0; at < values.length; at += 1) {
    const shade = (values[at] - low) * perShade;
    // NaN fails both comparisons
    if (shade >= 255) pixels[at] = palette[255];
    else if (shade >= 0) pixels[at] = palette[(shade + 0.5) | 0];
    else pixels[at] = shade < 0 ? palette[0] : 0;
  }
}

/** Write one slice of 16-bit voxels as colours. */
export function paintSlice(
  voxels: Int16Array,
  { start, across, down }: { start: number; across: number; down: number },
  { width, height }: { width: number; height: number },
  table: Uint32Array,
  pixels: Uint32Array,
): void {
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0, p = start + y * down; x < width; x += 1, at += 1, p += across) {
      pixels[at] = table[voxels[p] + 32768];
    }
  }
}
