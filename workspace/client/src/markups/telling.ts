// Values in words and figures: "42.3 ± 0.6 mm".

import type { MarkupValue } from "../records";
import { t } from "../words";
import type { Seen } from "./seen";

const UNITS: Record<MarkupValue["unit"], string> = { mm: " mm", deg: "°", mm2: " mm²", mL: " mL", HU: " HU", "": "" };

/** An area from here on is told in cm2. */
const LARGE_MM2 = 1000;
const DIGITS: Record<MarkupValue["unit"], number> = { mm: 1, deg: 1, mm2: 1, mL: 2, HU: 1, "": 1 };

/** Return a value with its uncertainty and unit, as much of it as is known. */
export function valueText({ name, value, unit, uncertainty }: MarkupValue): string {
  if (name === "voxels") return String(value);
  const large = unit === "mm2" && value >= LARGE_MM2;
  const factor = large ? 0.01 : 1;
  const digits = large ? 2 : DIGITS[unit];
  const sign = (figure: number) => figure.toFixed(digits).replace("-", "−").replace(/^−(0(?:\.0*)?)$/, "$1");
  const around = uncertainty === null ? "" : ` ± ${plusMinus(uncertainty * factor, digits)}`;
  return `${sign(value * factor)}${around}${large ? " cm²" : UNITS[unit]}`;
}

/** An uncertainty is never told as none. */
function plusMinus(uncertainty: number, digits: number): string {
  const least = 10 ** -digits;
  return Math.max(uncertainty, least).toFixed(digits);
}

export function nameOfValue(name: MarkupValue["name"]): string {
  switch (name) {
    case "length":
      return t("Length");
    case "angle":
      return t("Angle");
    case "area":
      return t("Area");
    case "perimeter":
      return t("Perimeter");
    case "volume":
      return t("Volume");
    case "distance":
      return t("Least distance");
    case "mean":
      return t("Mean");
    case "sd":
      return t("SD");
    case "minimum":
      return t("Minimum");
    case "maximum":
      return t("Maximum");
    case "voxels":
      return t("Voxels");
  }
}

/** The figure that stands on the picture, and those that one asks for. */
export interface Told {
  first: string;
  more: { name: string; text: string }[];
}

/** What of several values comes first: in a region the grey value, of a line its length. */
export function toldOf({ values, pending }: Pick<Seen, "values" | "pending">): Told {
  const mean = values.find(({ name }) => name === "mean");
  const first = mean ?? (pending ? undefined : values[0]);
  const sd = mean && values.find(({ name }) => name === "sd");
  const text = first ? valueText(first) : "";
  return {
    first: sd && mean ? t("{mean}, SD {sd}", { mean: text, sd: sd.value.toFixed(1) }) : text,
    more: values.filter((one) => one !== first && one !== sd).map((one) => ({ name: nameOfValue(one.name), text: valueText(one) })),
  };
}

/** What goes to the clipboard: a line for each value. */
export function copyOf({ name, values, text }: Pick<Seen, "name" | "values" | "text">): string {
  const lines = values.map((one) => `${nameOfValue(one.name)}: ${valueText(one)}`);
  return [[name, text].filter(Boolean).join(": "), ...lines].join("\n");
}
