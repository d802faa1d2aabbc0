// Keys of the panes: how they lie, and scrolling in slices.

import type { Key } from "../keyboard";
import { t } from "../words";
import type { Workbench } from "../workbench";
import { LAYOUTS } from "./arrangement";
import { ARROWS, shiftView, turnView, zoomView } from "./view_keys";

/** The slice that the focus is in; keys that scroll are the panels' elsewhere. */
function slice(bench: Workbench) {
  return document.activeElement?.closest(".cmv-slice") ? bench.panes.activeSlice : null;
}

function scroll(bench: Workbench, steps: number): boolean {
  const active = slice(bench);
  active?.scroll(steps);
  return active !== null;
}

const told = (shown: string, text: string): Key => ({ group: "Panes", shown, text });

export const PANE_KEYS: Key[] = [
  {
    group: "Panes",
    shown: "Shift 1 … 5",
    text: t("Layout: 3D large, four alike, 3D only, 3D and one slice, slices only"),
    chords: LAYOUTS.map((_, i) => `Shift+${i + 1}`),
    act: (bench, chord) => bench.panes.choose(LAYOUTS[Number(chord.slice(-1)) - 1]),
  },
  {
    group: "Panes",
    shown: "Shift F",
    text: t("Let the pane fill the view, or bring back the others; so does a double click"),
    chords: ["Shift+f"],
    act: (bench) => bench.panes.maximise(),
  },
  {
    group: "Panes",
    shown: "↑ PgUp",
    text: t("One slice back; so does the wheel"),
    chords: ["ArrowUp", "PageUp"],
    act: (bench, chord) => scroll(bench, -1) || (chord in ARROWS && turnView(bench, chord)),
  },
  {
    group: "Panes",
    shown: "↓ PgDn",
    text: t("One slice on"),
    chords: ["ArrowDown", "PageDown"],
    act: (bench, chord) => scroll(bench, 1) || (chord in ARROWS && turnView(bench, chord)),
  },
  {
    group: "Panes",
    shown: "← ↑ ↓ →",
    text: t("In 3D: turn the view by 10 degrees"),
    chords: ["ArrowLeft", "ArrowRight"],
    act: turnView,
  },
  {
    group: "Panes",
    shown: "Shift ← ↑ ↓ →",
    text: t("Shift the picture of the pane"),
    chords: Object.keys(ARROWS).map((arrow) => `Shift+${arrow}`),
    act: (bench, chord) => shiftView(bench, chord.slice("Shift+".length)),
  },
  {
    group: "Panes",
    shown: "+ −",
    text: t("Zoom the pane at the crosshair"),
    chords: ["+", "=", "-"],
    act: (bench, chord) => zoomView(bench, chord !== "-"),
  },
  {
    group: "Panes",
    shown: "Shift O",
    text: t("Oblique: turn the slices by the ends of the crosshair"),
    chords: ["Shift+o"],
    act: (bench) => {
      bench.crosshair.state.oblique = !bench.crosshair.state.oblique;
    },
  },
  {
    group: "Panes",
    shown: "Shift L",
    text: t("Show the images along the chosen line or curve, made straight"),
    chords: ["Shift+l"],
    act: (bench) => bench.panes.straight.toggle(),
  },
  told("Click", t("In a slice: all slices go there")),
  told("Shift and move", t("All slices follow the pointer")),
  told("Drag in a slice", t("Brightness up and down, contrast to the sides")),
  told("Shift drag in a slice", t("Shift the picture")),
  told("Right drag, Ctrl wheel", t("Zoom the slice")),
];
