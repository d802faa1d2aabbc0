// Where the lines of the legend stand: in columns below the picture, wrapped, none cut off.

import type { Line } from "./legend";

export interface PlacedText {
  text: string;
  weight: Line["weight"];
  x: number;
  /** Of the baseline. */
  y: number;
}

export interface Layout {
  placed: PlacedText[];
  height: number;
}

export type Measure = (text: string, weight: Line["weight"]) => number;

const LEAST_COLUMN_PX = 420;
const MOST_COLUMNS = 3;
const MARGIN_PX = 12;
const GUTTER_PX = 20;
export const LINE_PX = 17;
const BASELINE_PX = 12;

/** Fill columns from the top, as even as lines allow; a line that is too long is wrapped. */
export function layOut(lines: readonly Line[], widthPx: number, measure: Measure): Layout {
  const columns = Math.max(1, Math.min(MOST_COLUMNS, Math.floor(widthPx / LEAST_COLUMN_PX)));
  const columnPx = (widthPx - 2 * MARGIN_PX - (columns - 1) * GUTTER_PX) / columns;
  const blocks = lines.map(({ text, weight }) => ({ weight, rows: wrapped(text, columnPx, (part) => measure(part, weight)) }));
  const rows = blocks.reduce((sum, block) => sum + block.rows.length, 0);
  const perColumn = Math.ceil(rows / columns);
  const placed: PlacedText[] = [];
  let [column, row, deepest] = [0, 0, 0];
  for (const { weight, rows: texts } of blocks) {
    if (row > 0 && row + texts.length > perColumn && column < columns - 1) [column, row] = [column + 1, 0];
    for (const text of texts) {
      placed.push({ text, weight, x: MARGIN_PX + column * (columnPx + GUTTER_PX), y: MARGIN_PX + row * LINE_PX + BASELINE_PX });
      row += 1;
    }
    deepest = Math.max(deepest, row);
  }
  return { placed, height: 2 * MARGIN_PX + deepest * LINE_PX };
}

/** Break a text between words; a word that is too long for a row is broken as well. */
export function wrapped(text: string, widthPx: number, measure: (text: string) => number): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(/\s+/).flatMap((one) => broken(one, widthPx, measure))) {
    const longer = row === "" ? word : `${row} ${word}`;
    if (row !== "" && measure(longer) > widthPx) {
      rows.push(row);
      row = word;
    } else row = longer;
  }
  return row === "" ? rows : [...rows, row];
}

function broken(word: string, widthPx: number, measure: (text: string) => number): string[] {
  if (measure(word) <= widthPx) return [word];
  const parts: string[] = [];
  let part = "";
  for (const sign of word) {
    if (part !== "" && measure(part + sign) > widthPx) {
      parts.push(part);
      part = "";
    }
    part += sign;
  }
  return [...parts, part];
}
