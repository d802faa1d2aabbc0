// How values become colour and density in space: presets by name.

import { key } from "../words";
import type { Volume, Window } from "./listing";

/** Value, red, green, blue; then value and opacity. */
export interface Transfer {
  colours: [number, number, number, number][];
  densities: [number, number][];
}

export interface SpacePreset {
  id: string;
  /** Translated where it is shown. */
  name: string;
  /** For what kind of volume. */
  hu: boolean;
  transfer(window: Window): Transfer;
}

const BONE: Transfer = {
  colours: [
    [150, 0.55, 0.25, 0.16],
    [350, 0.9, 0.76, 0.52],
    [1200, 1, 0.96, 0.86],
  ],
  densities: [
    [180, 0],
    [400, 0.35],
    [1200, 0.85],
  ],
};

/** Contrast in vessels is 150 to 500 HU; what is above is bone, and thinner so that vessels show. */
const ANGIO: Transfer = {
  colours: [
    [120, 0.45, 0.05, 0.03],
    [250, 0.85, 0.2, 0.12],
    [450, 1, 0.62, 0.42],
    [700, 0.95, 0.88, 0.72],
  ],
  densities: [
    [130, 0],
    [200, 0.25],
    [320, 0.6],
    [480, 0.5],
    [650, 0.12],
    [1500, 0.3],
  ],
};

/** No unit: the window decides, its dark third is clear. */
function magnetic({ center, width }: Window): Transfer {
  const low = center - width / 2;
  const at = (share: number) => low + share * width;
  return {
    colours: [
      [at(0.3), 0.25, 0.22, 0.25],
      [at(0.7), 0.75, 0.68, 0.62],
      [at(1), 1, 0.98, 0.95],
    ],
    densities: [
      [at(0.3), 0],
      [at(0.55), 0.1],
      [at(1), 0.6],
    ],
  };
}

export const SPACE_PRESETS: SpacePreset[] = [
  { id: "bone", name: key("CT bone"), hu: true, transfer: () => BONE },
  { id: "angio", name: key("CT angio"), hu: true, transfer: () => ANGIO },
  { id: "mr", name: key("MR"), hu: false, transfer: magnetic },
];

export const spacePresetsFor = ({ hu }: Volume): SpacePreset[] =>
  SPACE_PRESETS.filter((preset) => preset.hu === hu);
