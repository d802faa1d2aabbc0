// How a member's lists look is remembered over a reload, as the view itself is.

import type { Memory } from "../memory";
import type { TrameClient } from "./keeping";

/** State of the panels -> what it can be; `LOOKS` in `workspace/panels/page.py`. */
const KEPT: Record<string, string[]> = {
  tree_mode: ["owner", "group", "flat"],
  colour_mode: ["own", "code"],
  plan_tab: ["segments", "measures", "steps", "activity"],
};

/** Leave out what no list can look like: it is from another version of the page. */
export function soundLists(lists: unknown): Record<string, string> {
  if (typeof lists !== "object" || lists === null) return {};
  const known = Object.entries(lists).filter(([key, value]) => KEPT[key]?.includes(value as string));
  return Object.fromEntries(known as [string, string][]);
}

/** Bring back how the lists looked, and note it from now on until the answer is called. */
export function rememberLists({ state }: TrameClient, memory: Memory): () => void {
  for (const [key, value] of Object.entries(soundLists(memory.get().lists))) void state.set(key, value);
  const keys = Object.keys(KEPT);
  return state.watch(keys, (...values) => {
    memory.put({ lists: soundLists(Object.fromEntries(keys.map((key, i) => [key, values[i]]))) });
  });
}
