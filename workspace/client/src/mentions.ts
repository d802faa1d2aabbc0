// Naming members in a text: "@Ana Reis". Completion while typing, and who is meant in the end.

import type { MemberRecord } from "./protocol";

export interface Asking {
  /** Where the "@" stands. */
  from: number;
  /** Where the caret stands. */
  to: number;
  /** What stands between them, in lower case. */
  typed: string;
}

/** Longer than this nobody types before choosing. */
const LONGEST_TYPED = 30;
const MOST_OFFERED = 6;

/** Return the mention that is being typed at the caret, or null. */
export function askingAt(text: string, caret: number): Asking | null {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from > LONGEST_TYPED) return null;
  const before = from === 0 ? " " : text[from - 1];
  const typed = text.slice(from + 1, caret);
  // "a@b" is an address, and a line break or a second space ends what belongs to the name.
  if (!/[\s(]/.test(before) || /\n| {2}|^ /.test(typed)) return null;
  return { from, to: caret, typed: typed.toLowerCase() };
}

/** Return the members whose name, or a word of it, begins as typed; those begun with first. */
export function offered(asking: Asking, members: MemberRecord[]): MemberRecord[] {
  const fitting = members.filter(({ name, dismissed }) => !dismissed && rank(name, asking.typed) < 2);
  const order = (a: MemberRecord, b: MemberRecord) =>
    rank(a.name, asking.typed) - rank(b.name, asking.typed) || a.name.localeCompare(b.name);
  return fitting.sort(order).slice(0, MOST_OFFERED);
}

function rank(name: string, typed: string): number {
  const whole = name.toLowerCase();
  if (whole.startsWith(typed)) return 0;
  return whole.split(/\s+/).some((word) => word.startsWith(typed)) ? 1 : 2;
}

/** Put a member's name in place of what was typed; return the text and where the caret goes. */
export function completed(text: string, asking: Asking, member: MemberRecord): [string, number] {
  const name = `@${member.name} `;
  const rest = text.slice(asking.to).replace(/^ /, "");
  return [text.slice(0, asking.from) + name + rest, asking.from + name.length];
}

/** Return the ids of the members named in a text, each once. */
export function mentionedIn(text: string, members: MemberRecord[]): string[] {
  let rest = text.toLowerCase();
  const found: string[] = [];
  // Longer names first: "@Ana Reis" is not "@Ana".
  for (const member of [...members].sort((a, b) => b.name.length - a.name.length)) {
    const name = `@${member.name.toLowerCase()}`;
    if (!rest.includes(name) || member.dismissed) continue;
    found.push(member.member_id);
    rest = rest.replaceAll(name, " ");
  }
  return found;
}
