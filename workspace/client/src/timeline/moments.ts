// The moments of a room's history, as the server tells them and as the strip draws them.

import type { Activity, Change, PlanView, ViewKind } from "../protocol";
import { MAIN } from "../records";

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

const MARKED: [ViewKind, Mark][] = [
  ["versions", "version"],
  ["branches", "branch"],
  ["imaging", "imaging"],
  ["fragments", "cut"],
];

/** Return the moment of an entry that came just now; `known` is the plan before it. */
export function momentOf(
  { revision, at, member_id, summary, branch_id }: Activity,
  changes: Change[] = [],
  known: Partial<PlanView> = {},
): Moment {
  const isNew = ({ kind, id, value }: Change) => value !== null && !(id in (known[kind] ?? {}));
  const mark = MARKED.find(([kind]) => changes.some((change) => change.kind === kind && isNew(change)));
  return { revision, at, member_id, summary, branch_id, mark: mark?.[1] ?? null, label: "" };
}

/** Return the branch to show at a moment: before a branch was opened, the one it came from. */
export function branchAt(plan: Pick<PlanView, "branches" | "versions">, branchId: string, at: string): string {
  const seen = new Set<string>();
  let here = branchId;
  while (!seen.has(here)) {
    seen.add(here);
    const branch = plan.branches[here];
    if (!branch || Date.parse(branch.created_at) <= Date.parse(at)) return here;
    here = plan.versions[branch.from_version_id]?.branch_id ?? MAIN;
  }
  return MAIN;
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
