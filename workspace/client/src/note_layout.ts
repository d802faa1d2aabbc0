// Where the cards of notes go: beside their pins, not over each other.

import type { Pixel, Size } from "./camera";
import { t } from "./words";

export interface CardBox {
  id: string;
  pin: Pixel;
  width: number;
  height: number;
}

export interface Placed extends CardBox {
  left: number;
  top: number;
}

const GAP_PX = 26;
const MARGIN_PX = 10;
const WIDEST_PX = 212;

/** Rectangle of the view that cards keep within. */
export interface Room {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const roomIn = ({ width, height }: Size): Room => ({
  left: MARGIN_PX,
  top: 84,
  right: width - MARGIN_PX,
  bottom: height - 56,
});

/** Places around a pin, the best first. */
export type Around = (card: CardBox, room: Room, middle: number) => Placed[];

/** Try places around each pin, in order; take the one that covers least of what is placed already. */
export function layOut(cards: CardBox[], room: Room, middle: number, around: Around = candidates): Placed[] {
  const placed: Placed[] = [];
  const pins = cards.map(({ pin }) => pin);
  for (const card of [...cards].sort((a, b) => a.pin[1] - b.pin[1])) {
    let best: Placed | null = null;
    let least = Infinity;
    for (const place of around(card, room, middle)) {
      const cost = costOf(place, placed, pins);
      if (cost < least) {
        best = place;
        least = cost;
      }
    }
    if (best) placed.push(best);
  }
  return placed;
}

function candidates(card: CardBox, room: Room, middle: number): Placed[] {
  const [x, y] = card.pin;
  const outward = x >= middle ? 1 : -1;
  const result: Placed[] = [];
  for (const side of [outward, -outward]) {
    for (const reach of [GAP_PX, 90, 170]) {
      for (const rise of [0, -0.75, 0.75, -1.6, 1.6, -2.6, 2.6]) {
        const left = side > 0 ? x + reach : x - reach - card.width;
        const top = y - card.height / 2 + rise * (card.height + 6);
        result.push({
          ...card,
          left: Math.max(room.left, Math.min(room.right - card.width, left)),
          top: Math.max(room.top, Math.min(room.bottom - card.height, top)),
        });
      }
    }
  }
  return result;
}

function costOf(place: Placed, placed: Placed[], pins: Pixel[]): number {
  const area = placed.reduce((sum, other) => sum + overlap(place, other), 0);
  const covered = pins.filter(
    ([x, y]) =>
      x > place.left - 8 &&
      x < place.left + place.width + 8 &&
      y > place.top - 8 &&
      y < place.top + place.height + 8,
  ).length;
  const [x, y] = place.pin;
  const far = Math.hypot(place.left + place.width / 2 - x, place.top + place.height / 2 - y);
  return 20 * area + 4000 * covered + far;
}

function overlap(a: Placed, b: Placed): number {
  const wide = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left) + 6;
  const high = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top) + 6;
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** Height of a card, px, from its text: as many lines as it takes, three unless it is open. */
export function heightOf(text: string, open: boolean): number {
  const lines = text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 30)), 0);
  return 36 + 17 * (open ? Math.min(lines, 9) + 2.2 : Math.min(lines, 3));
}

/** Width of a card, px: narrow where the text is short. */
export function widthOf(text: string, name: string, open: boolean): number {
  const longest = Math.max(name.length + 9, ...text.split("\n").map((line) => line.length));
  return open ? WIDEST_PX : Math.max(120, Math.min(WIDEST_PX, 28 + 6.6 * longest));
}

/** "now", "4 min", "3 h", or a date. */
export function sinceText(createdAt: string, nowMs: number): string {
  const minutes = Math.floor((nowMs - Date.parse(createdAt)) / 60_000);
  if (!Number.isFinite(minutes)) return "";
  if (minutes < 1) return t("now");
  if (minutes < 60) return t("{n} min", { n: minutes });
  if (minutes < 24 * 60) return t("{n} h", { n: Math.floor(minutes / 60) });
  return createdAt.slice(0, 10);
}
