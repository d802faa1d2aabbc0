// A refused command is told where the hand was when it was given, not in a corner.

import { shallowReactive } from "vue";
import type { Pixel } from "../camera";

export interface Refusal {
  key: number;
  reason: string;
  at: Pixel;
}

const SHOWN_MS = 8000;
/** Asked longer ago than this many commands, nobody remembers where the hand was. */
const MOST_REMEMBERED = 100;

export class Refusals {
  readonly list = shallowReactive<Refusal[]>([]);
  /** Where the pointer is over the view; null: elsewhere, over the panels. */
  hand: Pixel | null = null;
  private readonly asked = new Map<string, Pixel>();
  private count = 0;

  remember(operationId: string): void {
    if (this.hand === null) return;
    this.asked.set(operationId, this.hand);
    if (this.asked.size > MOST_REMEMBERED) this.asked.delete(this.asked.keys().next().value as string);
  }

  /** Show the reason where the hand was; false where that is not known. */
  show(operationId: string, reason: string): boolean {
    const at = this.asked.get(operationId);
    this.asked.delete(operationId);
    if (!at) return false;
    const key = (this.count += 1);
    this.list.splice(0, this.list.length, { key, reason, at });
    setTimeout(() => this.dismiss(key), SHOWN_MS);
    return true;
  }

  dismiss(key: number): void {
    const place = this.list.findIndex((refusal) => refusal.key === key);
    if (place >= 0) this.list.splice(place, 1);
  }
}
