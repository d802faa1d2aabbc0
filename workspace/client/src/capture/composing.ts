// One picture of what is on screen: every pane with its marks, and the legend below all of it.

import { frameOf } from "../frames";
import type { Pane, PaneId } from "../panes/pane";
import type { Workbench } from "../workbench";
import { factsOf } from "./facts";
import { legendOf, type Line } from "./legend";
import { layOut, type Layout } from "./legend_layout";
import { fontOf, paintGround, paintLegend, paintMarks } from "./painting";
import { paintTexts } from "./page_texts";

/** A pane as it lies on the page. */
interface Sheet {
  pane: Pane;
  element: HTMLElement;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Shot {
  canvas: HTMLCanvasElement;
  lines: Line[];
}

/** Browsers refuse larger canvases sooner or later. */
const MOST_PX = 8192;

/** Draw all panes on screen, or one of them, into a canvas; null where there is nothing to draw. */
export function compose(bench: Workbench, only: PaneId | null, ratio: number): Shot | null {
  const sheets = sheetsOf(bench, only);
  if (sheets.length === 0) return null;
  const [left, top] = [Math.min(...sheets.map((one) => one.left)), Math.min(...sheets.map((one) => one.top))];
  const width = Math.max(...sheets.map((one) => one.left + one.width)) - left;
  const height = Math.max(...sheets.map((one) => one.top + one.height)) - top;
  const lines = legendOf(factsOf(bench, new Date()));
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return null;
  const layout = legendLayout(context, lines, width);
  const scale = Math.min(ratio, MOST_PX / width, MOST_PX / (height + layout.height));
  // Even numbers: video knows no others.
  canvas.width = 2 * Math.round((width * scale) / 2);
  canvas.height = 2 * Math.round(((height + layout.height) * scale) / 2);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  paintAll(bench, context, sheets, [left, top]);
  context.translate(0, height);
  paintLegend(context, layout, width);
  return { canvas, lines };
}

function paintAll(bench: Workbench, context: CanvasRenderingContext2D, sheets: Sheet[], [left, top]: [number, number]): void {
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  // The 3D canvas holds its picture only until this task ends.
  bench.stage.drawNow();
  for (const sheet of sheets) {
    context.save();
    context.translate(sheet.left - left, sheet.top - top);
    context.beginPath();
    context.rect(0, 0, sheet.width, sheet.height);
    context.clip();
    paintSheet(bench, context, sheet);
    context.restore();
  }
}

function paintSheet(bench: Workbench, context: CanvasRenderingContext2D, { pane, element, width, height }: Sheet): void {
  if (pane.id === "3d") paintGround(context, { width, height });
  else {
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
  }
  for (const layer of element.querySelectorAll("canvas")) {
    if (layer.width > 0 && layer.height > 0) context.drawImage(layer, 0, 0, width, height);
  }
  paintTexts(context, element);
  paintMarks(context, pane.camera, pane.size, frameOf(bench), pane.id === "3d" || !bench.panes.shows("3d"));
}

function legendLayout(context: CanvasRenderingContext2D, lines: Line[], width: number): Layout {
  return layOut(lines, width, (text, weight) => {
    context.font = fontOf(weight);
    return context.measureText(text).width;
  });
}

function sheetsOf({ panes }: Workbench, only: PaneId | null): Sheet[] {
  return panes.list.flatMap((pane): Sheet[] => {
    const element = document.querySelector<HTMLElement>(`.cmv-pane-${pane.id}`);
    if (!element || (only !== null && pane.id !== only)) return [];
    const { left, top, width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 ? [{ pane, element, left, top, width, height }] : [];
  });
}
