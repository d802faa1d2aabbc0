// Numbers as people read them.

import { languageNow, t } from "../words";

const UNITS = [t("bytes"), "kB", "MB", "GB", "TB"];

export function sizeInWords(bytes: number): string {
  let unit = 0;
  while (bytes >= 1000 && unit < UNITS.length - 1) {
    bytes /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || bytes >= 100 ? 0 : 1;
  return `${inDigits(bytes, digits)} ${unit === 0 && bytes === 1 ? t("byte") : UNITS[unit]}`;
}

export function timeInWords(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number of files. */
export function filesInWords(count: number): string {
  return count === 1 ? t("1 file") : t("{n} files", { n: inDigits(count, 0) });
}

/** A number as the page's language writes it. */
export function inDigits(value: number, digits: number): string {
  return value.toLocaleString(languageNow(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Three significant digits, without zeros at the end. */
export function lengthInWords(mm: number): string {
  return Number(mm.toPrecision(3)).toLocaleString(languageNow(), { maximumSignificantDigits: 3 });
}
