// Who holds a record: who has it under the hand now, and who has locked it.

import type { Person } from "../company/people";
import type { LockRow, Me, MemberRow, ThreadRow } from "./rows";

/** Who else has a record in hand right now. */
export function editor(
  people: Record<string, Person>,
  members: MemberRow[],
  me: Me,
  id: string,
): MemberRow | null {
  const found = Object.entries(people).find(
    ([memberId, { editing }]) => memberId !== me.id && editing?.record_id === id,
  );
  return (found && members.find((member) => member.id === found[0])) ?? null;
}

/** As the plan names locks: `sessions/plan/references.py`. */
export function lockKey(kind: string, id: string): string {
  return `${kind === "segment" || kind === "fragment" ? "solid" : kind}:${id}`;
}

/** Whether a lock keeps a member from changing a record; owners go past locks. */
export function isFree(locks: Record<string, LockRow>, me: Me, kind: string, id: string): boolean {
  const lock = locks[lockKey(kind, id)];
  return !lock || lock.member_id === me.id || me.owner;
}

/** Whether a member may do something to a record now. */
export function mayChange(
  locks: Record<string, LockRow>,
  me: Me,
  record: { kind: string; id: string },
  command: string,
): boolean {
  return me.may.includes(command) && isFree(locks, me, record.kind, record.id);
}

/** The threads about a record, or about a point on it. */
export function threadsOn(threads: ThreadRow[], id: string): ThreadRow[] {
  return threads.filter(({ on }) => on.includes(id));
}
