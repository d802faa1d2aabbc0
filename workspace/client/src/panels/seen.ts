// What a member sees of the anatomy: shown, hidden, alone. Theirs only; the plan knows nothing of it.

import type { Appearance } from "../memory";
import type { SolidRow } from "./rows";

export type Appearances = Record<string, Appearance>;

/** The solids on screen below one, or the solid itself: what was cut is seen as its pieces. */
export function leavesUnder(solids: SolidRow[], id: string): string[] {
  const row = solids.find((it) => it.id === id);
  if (!row || row.leaf) return row ? [id] : [];
  return solids.filter((it) => it.parent_id === id).flatMap((it) => leavesUnder(solids, it.id));
}

const visible = (appearance: Appearances, id: string): boolean => appearance[id]?.visible ?? true;

export function isSeen(solids: SolidRow[], appearance: Appearances, id: string): boolean {
  return leavesUnder(solids, id).some((leaf) => visible(appearance, leaf));
}

/** Every solid on screen that is hidden. */
export function hidden(solids: SolidRow[], appearance: Appearances): string[] {
  return solids.filter((row) => row.leaf && !visible(appearance, row.id)).map((row) => row.id);
}

function put(appearance: Appearances, ids: string[], part: (id: string) => Appearance): Appearances {
  return { ...appearance, ...Object.fromEntries(ids.map((id) => [id, { ...appearance[id], ...part(id) }])) };
}

export function toggled(solids: SolidRow[], appearance: Appearances, id: string): Appearances {
  const shown = !isSeen(solids, appearance, id);
  return put(appearance, leavesUnder(solids, id), () => ({ visible: shown }));
}

const leavesOf = (solids: SolidRow[]): string[] => solids.filter((row) => row.leaf).map((row) => row.id);

export function allShown(solids: SolidRow[], appearance: Appearances): Appearances {
  return put(appearance, leavesOf(solids), () => ({ visible: true }));
}

export function allHidden(solids: SolidRow[], appearance: Appearances): Appearances {
  return put(appearance, leavesOf(solids), () => ({ visible: false }));
}

/** Show these, whatever they were cut into, and nothing else. */
export function only(solids: SolidRow[], appearance: Appearances, ids: string[]): Appearances {
  const kept = new Set(ids.flatMap((id) => leavesUnder(solids, id)));
  return put(appearance, leavesOf(solids), (id) => ({ visible: kept.has(id) }));
}

export function isAlone(solids: SolidRow[], appearance: Appearances, id: string): boolean {
  const kept = new Set(leavesUnder(solids, id));
  const rest = leavesOf(solids).filter((leaf) => !kept.has(leaf));
  return rest.length > 0 && leavesOf(solids).every((leaf) => visible(appearance, leaf) === kept.has(leaf));
}

/** Show one alone, or everything where it is alone already. */
export function solo(solids: SolidRow[], appearance: Appearances, id: string): Appearances {
  if (isAlone(solids, appearance, id)) return allShown(solids, appearance);
  return only(solids, appearance, [id]);
}

export function faded(appearance: Appearances, id: string, percent: string | number): Appearances {
  return put(appearance, [id], () => ({ opacity: Number(percent) / 100 }));
}
