// Keys: one table, from which keys are obeyed and the sheet of keys is made.

import type { Direction } from "./camera";
import { MARKUP_KEYS } from "./markups/keys";
import { PANE_KEYS } from "./panes/keys";
import type { ToolName } from "./protocol";
import { SEGMENT_KEYS } from "./segment_keys";
import { solidOf } from "./store";
import type { Workbench } from "./workbench";
import { t } from "./words";

export type KeyGroup = "Tools" | "Markups" | "Look" | "Panes" | "Pointer" | "Together" | "History" | "Do";

export interface Key {
  group: KeyGroup;
  /** As on the sheet. */
  shown: string;
  text: string;
  /** As `chordOf` names them; none: only the sheet tells of it. */
  chords?: string[];
  /** False: the key means nothing now, and the next one with this chord is asked. */
  act?(bench: Workbench, chord: string): unknown;
}

const tool = (chord: string, name: ToolName, text: string): Key => ({
  group: "Tools",
  shown: chord.toUpperCase(),
  text,
  chords: [chord],
  act: (bench) => bench.choose(name),
});

const VIEWS: Record<string, Direction> = { "1": "A", "2": "P", "3": "L", "4": "R", "5": "S", "6": "I" };
const look = (chords: [string, string], text: string): Key => ({
  group: "Look",
  shown: chords.join(" "),
  text,
  chords,
  act: (bench, chord) => bench.view(VIEWS[chord]),
});

/** A key of the history means something only while its strip is open. */
const play = (shown: string, text: string, chords: string[], act: (bench: Workbench, chord: string) => void): Key => ({
  group: "History",
  shown,
  text,
  chords,
  act: (bench, chord) => {
    if (!bench.timeline.state.open) return false;
    if (chord === "Space" && document.activeElement?.closest("button")) return false;
    act(bench, chord);
    return true;
  },
});

const told = (group: KeyGroup, shown: string, text: string): Key => ({ group, shown, text });

export const KEYS: Key[] = [
  ...MARKUP_KEYS,
  tool("v", "select", t("Select")),
  tool("n", "note", t("Note")),
  tool("c", "comment", t("Comment")),
  tool("x", "cut", t("Plane cut")),
  tool("g", "move", t("Move")),
  look(["1", "2"], t("From anterior, posterior")),
  look(["3", "4"], t("From left, right")),
  look(["5", "6"], t("From superior, inferior")),
  {
    group: "Look",
    shown: "F",
    text: t("Bring what is chosen into view, or everything"),
    chords: ["f"],
    act: (bench) => bench.frame(solidOf(bench.room.state.view, bench.state.selectedId ?? "") ? bench.state.selectedId : null),
  },
  { group: "Look", shown: "I", text: t("Only what is chosen; again: everything"), chords: ["i"], act: (bench) => bench.isolation.toggle() },
  { group: "Look", shown: "O", text: t("Look inside: clip planes and box"), chords: ["o"], act: (bench) => bench.inside.toggle() },
  { group: "Look", shown: "K", text: t("Picture of all panes, with its legend"), chords: ["k"], act: (bench) => void bench.capture.picture() },
  {
    group: "Look",
    shown: "Shift C",
    text: t("Show or hide resolved comments"),
    chords: ["Shift+c"],
    act: (bench) => {
      bench.state.resolvedShown = !bench.state.resolvedShown;
    },
  },
  ...PANE_KEYS,
  told("Pointer", "Drag", t("Turn the view")),
  told("Pointer", "Shift drag", t("Shift the view; so does the middle button")),
  told("Pointer", "Wheel", t("Zoom at the pointer")),
  told("Pointer", "Right drag", t("Turn, whatever is under the pointer")),
  { group: "Together", shown: "P", text: t("Present, ask to present, or stop"), chords: ["p"], act: (bench) => bench.company.toggleLead() },
  { group: "Together", shown: "R", text: t("Return to the presenter"), chords: ["r"], act: (bench) => bench.company.goBack() },
  told("Together", "Esc", t("Stop following; so does moving the view")),
  { group: "History", shown: "T", text: t("Open or close the history"), chords: ["t"], act: (bench) => void bench.timeline.toggle() },
  play("Space", t("Play or pause"), ["Space"], ({ timeline }) =>
    timeline.act({ type: timeline.state.head.playing ? "pause" : "play" }),
  ),
  play(", .", t("One entry back, on"), [",", "."], ({ timeline }, chord) =>
    timeline.act({ type: "step", by: chord === "," ? -1 : 1 }),
  ),
  ...SEGMENT_KEYS,
  told("History", "Esc", t("Back to now")),
  { group: "Do", shown: "Ctrl Z", text: t("Undo your last change"), chords: ["Ctrl+z"], act: (bench) => bench.submit({ type: "undo" }) },
  {
    group: "Do",
    shown: "Ctrl Shift Z",
    text: t("Redo it"),
    chords: ["Ctrl+Shift+z", "Ctrl+y"],
    act: (bench) => bench.submit({ type: "redo" }),
  },
  { group: "Do", shown: "Del", text: t("Remove what is chosen"), chords: ["Delete", "Backspace"], act: (bench) => bench.removeSelected() },
  { group: "Do", shown: "Esc", text: t("Cancel"), chords: ["Escape"], act: escape },
  {
    group: "Do",
    shown: "?",
    text: t("This list"),
    chords: ["?"],
    act: (bench) => {
      bench.state.keysShown = !bench.state.keysShown;
    },
  },
];

const TITLES: Record<KeyGroup, string> = {
  Tools: t("Tools"),
  Markups: t("Markups"),
  Look: t("Look"),
  Panes: t("Panes"),
  Pointer: t("Pointer"),
  Together: t("Together"),
  History: t("History"),
  Do: t("Do"),
};

/** What is written on a key, or done with the pointer, as the member's language calls it. */
const shownAs = (shown: string): string => CAPS[shown] ?? shown;

const CAPS: Record<string, string> = {
  Drag: t("Drag"),
  "Shift drag": t("Shift drag"),
  Wheel: t("Wheel"),
  "Right drag": t("Right drag"),
  Space: t("Space"),
  Click: t("Click"),
  "Shift and move": t("Shift and move"),
  "Drag in a slice": t("Drag in a slice"),
  "Shift drag in a slice": t("Shift drag in a slice"),
  "Right drag, Ctrl wheel": t("Right drag, Ctrl wheel"),
};

/** The sheet: groups in the order of the table, in the member's language. */
export function keySheet(): { title: string; keys: { shown: string; text: string }[] }[] {
  const titles = [...new Set(KEYS.map(({ group }) => group))];
  return titles.map((title) => ({
    title: TITLES[title],
    keys: KEYS.filter(({ group }) => group === title).map(({ shown, text }) => ({ shown: shownAs(shown), text })),
  }));
}

/** Return how the table names what was pressed: "v", "Shift+c", "Ctrl+z", "Shift+2", "PageUp". */
export function chordOf(event: Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "metaKey">): string {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const plain = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const letter = /^\p{L}$/u.test(plain);
  // Shift and a digit write another sign on each keyboard, and on some the digit itself.
  const shiftedDigit = event.shiftKey && digit !== undefined && !/^\d$/.test(plain) && plain !== "?";
  const key = shiftedDigit ? digit : plain;
  const shift = event.shiftKey && (letter || shiftedDigit || plain.length > 1) ? "Shift+" : "";
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${shift}${key}`;
}

/** Obey keys until the answer is called. */
export function listenToKeys(bench: Workbench): () => void {
  const listen = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement | null;
    if (target?.closest("input:not([type=range]), textarea, select, [contenteditable='true'], .v-overlay")) return;
    if (!event.altKey && press(bench, chordOf(event))) event.preventDefault();
  };
  window.addEventListener("keydown", listen);
  return () => window.removeEventListener("keydown", listen);
}

function press(bench: Workbench, chord: string): boolean {
  return KEYS.some(({ chords, act }) => chords?.includes(chord) && act && act(bench, chord) !== false);
}

/** The nearest thing that can be left is left. */
function escape(bench: Workbench): void {
  if (bench.state.keysShown) bench.state.keysShown = false;
  else if (bench.menus.close()) return;
  else if (bench.panes.drop()) return;
  else if (bench.state.tool !== "select" && bench.tool.takes("cancel")) bench.panes.cursor.leave();
  else if (bench.threadOpen) bench.select(null);
  else if (bench.company.leave()) return;
  else if (bench.room.state.past !== null) bench.timeline.act({ type: "now" });
  else if (bench.timeline.state.open) bench.timeline.shut();
  else bench.tool.send("cancel");
}
