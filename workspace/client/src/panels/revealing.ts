// The row of what is chosen comes into sight in its list, where that list is on screen.

import { nextTick } from "vue";

/** Upper and lower end, CSS pixels. */
export interface Extent {
  top: number;
  bottom: number;
}

/** So much of the rows beside it is seen as well. */
const MARGIN_PX = 8;

/** Return how far a list has to scroll for a row: as little as shows it, or from its top where it is too tall. */
export function scrollFor(row: Extent, list: Extent, marginPx = MARGIN_PX): number {
  const above = row.top - marginPx - list.top;
  const below = row.bottom + marginPx - list.bottom;
  if (above < 0) return above;
  return below > 0 ? Math.min(below, above) : 0;
}

/** Scroll the list that shows a record now; where none does, nothing is opened for it. */
export async function revealRow(id: string | null): Promise<void> {
  if (id === null) return;
  // What is known of it opens below the list, and leaves it less room.
  await nextTick();
  requestAnimationFrame(() => {
    const row = document.querySelector(`.cm-side [data-record="${CSS.escape(id)}"]`);
    const list = row?.closest(".cm-scroll");
    if (!row || !list) return;
    const top = scrollFor(row.getBoundingClientRect(), list.getBoundingClientRect());
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (top !== 0) list.scrollBy({ top, behavior: still ? "instant" : "smooth" });
  });
}
