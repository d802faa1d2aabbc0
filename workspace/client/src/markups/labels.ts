// Labels of markups in a pane: which, where, and beside each other.

import type { Size } from "../camera";
import { layOut, type CardBox, type Placed, type Room } from "../note_layout";
import type { Pane } from "../panes/pane";
import type { Vector } from "../vector";
import { strengthAt } from "./drawing";
import { anchorOf, type Seen } from "./seen";
import { toldOf, type Told } from "./telling";
import { t } from "../words";

const HEIGHT_PX = 22;
const CHARACTER_PX = 6.5;
const PADDING_PX = 22;
const WIDEST_PX = 260;
/** Further from a slice than this a markup that is not chosen has no label there, mm. */
const TOLD_WITHIN_MM = 6;
const LONGEST_TEXT = 24;
/** As wide as what is told while the server computes. */
const COMPUTING = "o computing…";
const GAPS_PX = [10, 26, 44, 70];

export interface Label {
  seen: Seen;
  told: Told;
  /** "3.1 mm before": how far it is from the slice; empty: it is on it. */
  off: string;
  /** In a slice there is room for a name only where nothing else tells. */
  named: boolean;
  world: Vector;
}

export interface PlacedLabel extends Label {
  left: number;
  top: number;
  width: number;
}

/** Where a markup is labelled in a pane, and how far from its plane that is. */
function standOf(seen: Seen, pane: Pane, half: number): { world: Vector; depth: number } | null {
  const anchor = anchorOf(seen);
  if (!anchor) return null;
  if (pane.id === "3d" || Math.abs(pane.depthOf(anchor)) <= half) return { world: anchor, depth: 0 };
  const line = seen.path.length > 1 ? seen.path : seen.points;
  const depths = line.map((point) => pane.depthOf(point));
  const crosses = Math.min(...depths) <= half && Math.max(...depths) >= -half;
  const nearest = depths.reduce((best, depth, i) => (Math.abs(depth) < Math.abs(depths[best]) ? i : best), 0);
  return { world: line[nearest], depth: crosses ? 0 : depths[nearest] };
}

/** Return the label of a markup in a pane; null: it has none there. */
export function labelOf(seen: Seen, pane: Pane, half: number): Label | null {
  const stand = standOf(seen, pane, half);
  if (!stand) return null;
  const { world, depth } = stand;
  if (strengthAt(depth, half) === 0) return null;
  const far = Math.abs(depth) > half;
  if (far && !seen.chosen && Math.abs(depth) > TOLD_WITHIN_MM) return null;
  const told = toldOf(seen);
  const named = pane.id === "3d" || seen.chosen || (told.first === "" && seen.text === "");
  const mm = Math.abs(depth).toFixed(1);
  const off = !far ? "" : depth < 0 ? t("{mm} mm before", { mm }) : t("{mm} mm behind", { mm });
  return { seen, told, off, named, world };
}

const widthOf = ({ seen, told, off, named }: Label): number => {
  const texts = [named && !seen.growing ? seen.name : "", told.first, off, seen.text.slice(0, LONGEST_TEXT), seen.pending ? COMPUTING : ""];
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  return Math.min(WIDEST_PX, PADDING_PX + CHARACTER_PX * characters + (seen.chosen ? 28 : 0));
};

export function placedLabels(labels: Label[], pane: Pane, size: Size, topPx: number): PlacedLabel[] {
  const room: Room = { left: 6, top: topPx, right: size.width - 6, bottom: size.height - 34 };
  const boxes = labels.flatMap((label): CardBox[] => {
    const pin = pane.toScreen(label.world);
    const inside = pin[0] > -20 && pin[1] > -20 && pin[0] < size.width + 20 && pin[1] < size.height + 20;
    const height = HEIGHT_PX + (label.seen.problem ? 18 : 0);
    return inside ? [{ id: label.seen.id, pin, width: widthOf(label), height }] : [];
  });
  return layOut(boxes, room, size.width / 2, beside).flatMap(({ id, left, top, width }) => {
    const label = labels.find(({ seen }) => seen.id === id);
    return label ? [{ ...label, left, top, width }] : [];
  });
}

/** Places close around a point: to the sides first, then above and below. */
function beside(card: CardBox, room: Room): Placed[] {
  const [x, y] = card.pin;
  return GAPS_PX.flatMap((gap) =>
    [
      [x + gap, y - card.height / 2],
      [x - gap - card.width, y - card.height / 2],
      [x - card.width / 2, y - gap - card.height],
      [x - card.width / 2, y + gap],
      [x + gap, y - gap - card.height],
      [x + gap, y + gap],
      [x - gap - card.width, y - gap - card.height],
      [x - gap - card.width, y + gap],
    ].map(([left, top]) => ({
      ...card,
      left: Math.max(room.left, Math.min(room.right - card.width, left)),
      top: Math.max(room.top, Math.min(room.bottom - card.height, top)),
    })),
  );
}
