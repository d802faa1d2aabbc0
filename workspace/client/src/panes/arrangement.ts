// Where panes lie: rectangles for a layout in a view of some size.

import type { Size } from "../camera";
import type { PaneId, SliceId } from "./pane";

export const LAYOUTS = ["four", "even", "space", "pair", "slices"] as const;
export type LayoutId = (typeof LAYOUTS)[number];

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Wanted {
  layout: LayoutId;
  /** Fills the view; null: all of the layout are there. */
  maximised: PaneId | null;
  /** The slice beside 3D where there is only one. */
  beside: SliceId;
  /** A curve that was made straight is shown below the first pane. */
  straight?: boolean;
  /** A card is open: beside slices, as it may not cover their letters. */
  cards?: boolean;
}

export interface Arrangement {
  panes: Partial<Record<PaneId, Rect>>;
  straight: Rect | null;
  /** What the tools and cards stand before: the 3D pane, or all panes where there is none. */
  front: Rect;
  /** The tools have a band of their own above the panes. */
  banded: boolean;
  /** The band has two rows. */
  rows: boolean;
}

const GAP_PX = 2;
/** The 3D pane's share of the width, as drawn by the designer. */
const LARGE_SHARE = 0.7;
/** 3D's share of the height where panes are stacked, as on a tablet. */
const STACKED_SHARE = 0.6;
const CARDS_PX = 260;
const STRAIGHT_SHARE = 0.34;
const STACKED_BELOW_PX = 760;
/** Room for the tools where they may not lie over the picture: one row, or two where it is narrow. */
export const BAND_PX = 72;
export const TWO_ROWS_PX = 116;
/** What stands beside the tools in their band, beyond the margin that they ask for. */
const BESIDE_TOOLS_PX = 318;

const SLICES: SliceId[] = ["axial", "sagittal", "coronal"];

/** `stripPx` is how wide the tools are: over a narrower 3D pane they would hide it. */
export function arrange(wanted: Wanted, size: Size, stripPx: number): Arrangement {
  const whole: Rect = { left: 0, top: 0, ...size };
  const first = withStraight(wanted, placed(wanted, whole));
  const space = first.panes["3d"];
  if (space && space.width >= stripPx) return { ...first, front: space, banded: false, rows: false };
  const rows = size.width < stripPx + BESIDE_TOOLS_PX;
  const bandPx = rows ? TWO_ROWS_PX : BAND_PX;
  const below: Rect = { ...whole, top: bandPx, height: Math.max(1, size.height - bandPx) };
  const beside = wanted.cards && !space ? { ...below, width: Math.max(1, size.width - CARDS_PX) } : below;
  const second = withStraight(wanted, placed(wanted, beside));
  return { ...second, front: second.panes["3d"] ?? below, banded: true, rows };
}

/** Take room for the straightened curve from below the first pane. */
function withStraight({ straight }: Wanted, panes: Arrangement["panes"]): Pick<Arrangement, "panes" | "straight"> {
  const [id] = (["3d", ...SLICES] as PaneId[]).filter((one) => panes[one]);
  const host = panes[id];
  if (!straight || !host) return { panes, straight: null };
  const [upper, lower] = parts(host, "down", [1 - STRAIGHT_SHARE, STRAIGHT_SHARE]);
  return { panes: { ...panes, [id]: upper }, straight: lower };
}

function placed({ layout, maximised, beside }: Wanted, whole: Rect): Arrangement["panes"] {
  if (maximised) return { [maximised]: whole };
  const stacked = whole.width < STACKED_BELOW_PX || whole.width < whole.height;
  switch (layout) {
    case "space":
      return { "3d": whole };
    case "even":
      return even(whole);
    case "pair": {
      const [a, b] = parts(whole, stacked ? "down" : "across", [0.5, 0.5]);
      return { "3d": a, [beside]: b };
    }
    case "slices":
      return named(parts(whole, whole.width < whole.height ? "down" : "across", [1 / 3, 1 / 3, 1 / 3]));
    case "four": {
      const share = stacked ? STACKED_SHARE : LARGE_SHARE;
      const [space, rest] = parts(whole, stacked ? "down" : "across", [share, 1 - share]);
      const thirds = parts(rest, stacked ? "across" : "down", [1 / 3, 1 / 3, 1 / 3]);
      return { "3d": space, ...named(thirds) };
    }
  }
}

function even(whole: Rect): Arrangement["panes"] {
  const [upper, lower] = parts(whole, "down", [0.5, 0.5]);
  const [space, axial] = parts(upper, "across", [0.5, 0.5]);
  const [sagittal, coronal] = parts(lower, "across", [0.5, 0.5]);
  return { "3d": space, axial, sagittal, coronal };
}

const named = (rects: Rect[]): Arrangement["panes"] =>
  Object.fromEntries(SLICES.map((id, i) => [id, rects[i]]));

/** Cut a rectangle into whole pixels with a gap between. */
function parts(whole: Rect, way: "across" | "down", shares: number[]): Rect[] {
  const total = way === "across" ? whole.width : whole.height;
  const free = total - GAP_PX * (shares.length - 1);
  let before = 0;
  return shares.map((share, i) => {
    const from = Math.round(before * free) + i * GAP_PX;
    before += share;
    const size = Math.max(1, Math.round(before * free) + i * GAP_PX - from);
    return way === "across"
      ? { ...whole, left: whole.left + from, width: size }
      : { ...whole, top: whole.top + from, height: size };
  });
}
