// What the panels show of everybody: who is idle, who edits what, who follows whom.

import type { Presence, RecordRef, ToolName } from "../protocol";
import { MAIN } from "../records";

export interface Person {
  idle: boolean;
  lag_ms: number | null;
  tool: ToolName;
  editing: RecordRef | null;
  following: string | null;
  branch_id: string;
}

/** A tooltip needs no more, and the page is drawn anew for each change. */
const LAG_STEP_MS = 5;

export function personOf(presence: Presence): Person {
  const lag = presence.lag_ms ?? null;
  return {
    idle: presence.idle ?? false,
    lag_ms: lag === null ? null : LAG_STEP_MS * Math.round(lag / LAG_STEP_MS),
    tool: presence.tool ?? "select",
    editing: presence.editing ?? null,
    following: presence.following ?? null,
    branch_id: presence.branch_id ?? MAIN,
  };
}

export function peopleOf(
  others: ReadonlyMap<string, Presence>,
  me: string,
  own: Presence,
): Record<string, Person> {
  const all: [string, Presence][] = [...others, [me, own]];
  return Object.fromEntries(all.map(([id, presence]) => [id, personOf(presence)]));
}

/** Who else edits a record on this branch right now, or null. */
export function editorOf(nearby: Iterable<[string, Presence]>, id: string): string | null {
  for (const [memberId, { editing, dragging }] of nearby) {
    if (editing?.record_id === id) return memberId;
    if (!dragging) continue;
    if ((dragging.type === "fragment" ? dragging.fragment_id : dragging.cut_id) === id) return memberId;
  }
  return null;
}
