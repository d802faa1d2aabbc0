// Keys of markups: while one is placed or edited, and to begin.

import type { Key } from "../keyboard";
import { t } from "../words";
import type { Workbench } from "../workbench";

const WAYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A button that has the focus keeps its own keys. */
const onButton = (): boolean => !!document.activeElement?.closest("button, a, summary, [role^='menuitem']");

/** The tool, or its menu where it is in hand already. */
function measure(bench: Workbench, tool: "measure" | "annotate"): void {
  if (bench.state.tool === tool) bench.menus.toggle(tool);
  else bench.choose(tool);
}

function nudge(bench: Workbench, chord: string): boolean {
  const { edit } = bench.tools;
  if (bench.state.tool !== "edit" || edit.state.chosen === null) return false;
  const { active } = bench.panes.state;
  const pane = bench.panes.list.find(({ id }) => id === active) ?? bench.stage;
  return edit.send("nudge", { pixel: WAYS[chord], place: null, pane, handle: null });
}

function enter(bench: Workbench): boolean {
  if (onButton()) return false;
  if (bench.state.tool === "edit") return bench.tools.edit.send("next");
  return bench.tools.placing()?.takes("finish") ? bench.tool.send("finish") : false;
}

function backspace(bench: Workbench): boolean {
  if (bench.state.tool === "edit") return bench.tools.edit.send("remove");
  const placing = bench.tools.placing();
  return placing?.takes("back") ? placing.send("back") : false;
}

/** They stand before the others: what is in hand comes first. */
export const MARKUP_KEYS: Key[] = [
  { group: "Tools", shown: "M", text: t("Measure; again: its menu"), chords: ["m"], act: (bench) => measure(bench, "measure") },
  { group: "Tools", shown: "A", text: t("Annotate; again: its menu"), chords: ["a"], act: (bench) => measure(bench, "annotate") },
  { group: "Tools", shown: "E", text: t("Edit the points of the chosen markup"), chords: ["e"], act: (bench) => bench.editPoints() },
  { group: "Markups", shown: "Enter", text: t("Finish a markup; while editing: the next point"), chords: ["Enter"], act: enter },
  { group: "Markups", shown: "Backspace", text: t("Take the last point back"), chords: ["Backspace"], act: backspace },
  {
    group: "Markups",
    shown: "← ↑ ↓ →",
    text: t("While editing: move the point by half a millimetre"),
    chords: Object.keys(WAYS),
    act: nudge,
  },
  {
    group: "Markups",
    shown: "Shift F10",
    text: t("Menu of what is chosen"),
    chords: ["Shift+F10", "ContextMenu"],
    act: (bench) => bench.menus.openChosen(),
  },
  {
    group: "Markups",
    shown: "Del",
    text: t("While editing: remove the point"),
    chords: ["Delete"],
    act: (bench) => (bench.state.tool === "edit" ? bench.tools.edit.send("remove") : false),
  },
];
  {
    group: "Markups",
    shown: "Ins",
    text: t("While editing: put a point after the chosen one"),
    chords: ["Insert"],
    act: (bench) => bench.state.tool === "edit" && bench.tools.edit.send("insert", { pixel: [0, 0], place: null, pane: bench.panes.inHand, handle: null }),
  },
