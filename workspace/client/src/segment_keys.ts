// Keys that users of other workstations reach for: one structure back or on, and the view as it was.

import type { Key } from "./keyboard";
import { leavesOf } from "./store";
import { t } from "./words";
import type { Workbench } from "./workbench";

/** Choose the structure before or after the chosen one, of those on screen; round and round. */
function step(bench: Workbench, by: 1 | -1): boolean {
  const ids = leavesOf(bench.room.state.view)
    .map(([id]) => id)
    .filter((id) => bench.stage.isVisible(id));
  if (ids.length === 0) return false;
  const at = ids.indexOf(bench.state.selectedId ?? "");
  bench.select(at < 0 ? ids[by > 0 ? 0 : ids.length - 1] : ids[(at + by + ids.length) % ids.length]);
  return true;
}

/** Look from anterior at everything; a button that has the focus keeps its own key. */
function reset(bench: Workbench): boolean {
  if (document.activeElement?.closest("button, a, summary, [role='button']")) return false;
  bench.view("A");
  bench.frame(null);
  return true;
}

export const SEGMENT_KEYS: Key[] = [
  { group: "Look", shown: "Q", text: t("Choose the structure before"), chords: ["q"], act: (bench) => step(bench, -1) },
  { group: "Look", shown: "W", text: t("Choose the next structure"), chords: ["w"], act: (bench) => step(bench, 1) },
  {
    group: "Look",
    shown: t("Space"),
    text: t("The view as it was at first, while the history is closed"),
    chords: ["Space"],
    act: reset,
  },
];
