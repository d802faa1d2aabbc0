// The moments of a room's history, as the server tells them and as the strip draws them.

import type { Activity } from "../protocol";

export type Mark = "version" | "branch" | "imaging" | "cut";

export interface Moment {
  revision: number;
  at: string;
  member_id: string;
  summary: string;
  branch_id: string;
  mark: Mark | null;
  label: string;
}

export function momentOf({ revision, at, member_id, summary, branch_id }: Activity): Moment {
  return { revision, at, member_id, summary, branch_id, mark: null, label: "" };
}

/** Return the moments with `moment` at their end, unless they hold it already. */
export function appended(moments: readonly Moment[], moment: Moment): readonly Moment[] {
  const last = moments[moments.length - 1];
  return last && last.revision >= moment.revision ? moments : [...moments, moment];
}

/** Return the place of the last moment at or before a revision; 0 where all are later. */
export function placeOf(moments: readonly Moment[], revision: number): number {
  let [low, high] = [0, moments.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (moments[middle].revision <= revision) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** "24 Nov 2026, 14:03:22", in the time of the one who looks. */
export function timeText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}
