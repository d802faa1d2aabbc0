// Colours of segments: their own, or those that the field gives to a structure by its code.

import type { Vector } from "../vector";
import type { Meaning, SolidRow } from "./rows";

export type Rgb = [number, number, number];

/** Of a structure without a known code. */
export const NO_CODE = "#808080";

export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** A colour of the plan with each part from 0 to 1, as surfaces are drawn. */
export const fractions = (rgb: Rgb): Vector => rgb.map((value) => value / 255) as Vector;

export function meaningOf(meanings: Meaning[], code: string): Meaning | undefined {
  return meanings.find((it) => it.code === code);
}

/** The colour of a row's swatch. */
export function swatch(row: SolidRow, byCode: boolean, meanings: Meaning[]): string {
  return byCode ? (meaningOf(meanings, row.code)?.colour ?? NO_CODE) : row.colour;
}

export interface LegendEntry {
  code: string;
  name: string;
  colour: string;
  count: number;
}

/** What the colours say of the segments that there are; an empty name: of an unknown code, or none. */
export function legend(solids: SolidRow[], meanings: Meaning[]): LegendEntry[] {
  const segments = solids.filter((row) => !row.fragment);
  const entries = new Map<string, LegendEntry>();
  for (const { code } of segments) {
    const known = meaningOf(meanings, code);
    const entry = entries.get(code) ?? { code, name: known?.name ?? "", colour: known?.colour ?? NO_CODE, count: 0 };
    entries.set(code, { ...entry, count: entry.count + 1 });
  }
  return [...entries.values()].sort((a, b) => Number(a.name === "") - Number(b.name === ""));
}

/** Code -> colour, for the view. */
export function colourTable(meanings: Meaning[]): Record<string, Rgb> {
  return Object.fromEntries(meanings.map(({ code, colour }) => [code, rgbOf(colour)]));
}
