// Playing a history: at which pace the moments follow each other.

import type { Moment } from "./moments";
import { t } from "../words";

export const SPEEDS = [1, 10, 60, Infinity] as const;
export type Speed = (typeof SPEEDS)[number];

/** A night between two moments is played as this long. */
const LONGEST_GAP_MS = 3000;
/** Shorter than this the eye cannot tell two moments apart. */
const SHORTEST_GAP_MS = 40;

export const speedText = (speed: Speed): string =>
  speed === Infinity ? t("as fast as it goes") : `${speed}×`;

/** How long the moment at `place` stays before the next one, ms; null: it is the last one. */
export function stayMs(moments: readonly Moment[], place: number, speed: Speed): number | null {
  const [here, next] = [moments[place], moments[place + 1]];
  if (!here || !next) return null;
  if (speed === Infinity) return 0;
  const gap = Date.parse(next.at) - Date.parse(here.at);
  const shown = Number.isFinite(gap) ? Math.max(0, Math.min(LONGEST_GAP_MS, gap)) : LONGEST_GAP_MS;
  return Math.max(SHORTEST_GAP_MS, shown / speed);
}

export interface Playhead {
  /** Place among the moments; the last one is now. */
  place: number;
  playing: boolean;
}

export type PlayEvent =
  | { type: "play" }
  | { type: "pause" }
  | { type: "seek"; place: number }
  | { type: "step"; by: 1 | -1 }
  | { type: "shown" } // the moment has been shown for as long as it stays
  | { type: "now" }
  | { type: "grown"; count: number }; // there are more moments than before

/** Return where the playhead is after `event`; `count` moments there are. */
export function move(head: Playhead, event: PlayEvent, count: number): Playhead {
  const last = Math.max(0, count - 1);
  const within = (place: number) => Math.max(0, Math.min(last, place));
  switch (event.type) {
    case "play":
      // From the end one plays the whole of it.
      return { place: head.place >= last ? 0 : head.place, playing: last > 0 };
    case "pause":
      return { ...head, playing: false };
    case "seek":
      return { place: within(event.place), playing: false };
    case "step":
      return { place: within(head.place + event.by), playing: false };
    case "shown": {
      if (!head.playing) return head;
      const place = within(head.place + 1);
      return { place, playing: place < last };
    }
    case "now":
      return { place: last, playing: false };
    case "grown":
      // Who stands at the end stays there; who looks back stays where they look.
      return head.place >= last ? { ...head, place: event.count - 1 } : head;
  }
}
