// Keys of markups: while one is placed or edited, and to begin.

import type { Key } from "../keyboard";
import { ARROWS } from "../panes/view_keys";
import { t } from "../words";
import type { Workbench } from "../workbench";

/** How far the crosshair goes at a time, mm: as points that are edited do, and ten times that with Shift. */
const STEP_MM = 0.5;
const LEAP_MM = 5;

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
  return edit.send("nudge", { pixel: ARROWS[chord], place: null, pane: bench.panes.inHand, handle: null });
}

/** Move the crosshair while a tool waits for a place. */
function lead(bench: Workbench, chord: string): boolean {
  const leap = chord.startsWith("Shift+");
  const mm = leap ? LEAP_MM : STEP_MM;
  const [right, down] = ARROWS[leap ? chord.slice("Shift+".length) : chord];
  return bench.panes.cursor.move([right * mm, down * mm]);
}

function enter(bench: Workbench, chord: string): boolean {
  if (onButton()) return false;
  if (bench.state.tool === "edit") return chord === "Enter" && bench.tools.edit.send("next");
  return bench.panes.cursor.enter(chord === "Shift+Enter");
}

function backspace(bench: Workbench): boolean {
  return bench.state.tool === "edit" ? bench.tools.edit.send("remove") : bench.panes.cursor.back();
}

/** They stand before the others: what is in hand comes first. */
export const MARKUP_KEYS: Key[] = [
  { group: "Tools", shown: "M", text: t("Measure; again: its menu"), chords: ["m"], act: (bench) => measure(bench, "measure") },
  { group: "Tools", shown: "A", text: t("Annotate; again: its menu"), chords: ["a"], act: (bench) => measure(bench, "annotate") },
  { group: "Tools", shown: "E", text: t("Edit the points of the chosen markup"), chords: ["e"], act: (bench) => bench.editPoints() },
  {
    group: "Markups",
    shown: "← ↑ ↓ →",
    text: t("While placing: move the crosshair by half a millimetre, with Shift by five"),
    chords: Object.keys(ARROWS).flatMap((way) => [way, `Shift+${way}`]),
    act: (bench, chord) => (bench.state.tool === "edit" ? false : lead(bench, chord)),
  },
  {
    group: "Markups",
    shown: "Enter",
    text: t("Place a point at the crosshair; again, or after clicks: finish; while editing: the next point"),
    chords: ["Enter"],
    act: enter,
  },
  {
    group: "Markups",
    shown: "Shift Enter",
    text: t("Place a point just at the crosshair, not drawn to an outline"),
    chords: ["Shift+Enter"],
    act: enter,
  },
  { group: "Markups", shown: "Backspace", text: t("Take the last point back"), chords: ["Backspace"], act: backspace },
  {
    group: "Markups",
    shown: "← ↑ ↓ →",
    text: t("While editing: move the point by half a millimetre"),
    chords: Object.keys(ARROWS),
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
  {
    group: "Markups",
    shown: "Ins",
    text: t("While editing: put a point after the chosen one"),
    chords: ["Insert"],
    act: (bench) => bench.state.tool === "edit" && bench.tools.edit.send("insert", { pixel: [0, 0], place: null, pane: bench.panes.inHand, handle: null }),
  },
];
