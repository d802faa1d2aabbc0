// idle -> placing -> done, and idle -> adjusting -> dragging.

import type { Table } from "../tools/machine";

/** What happens to a markup that is being placed. A click is told by what it leads to. */
export type PlaceEvent =
  | "click" // one more point, and more to come
  | "last" // a click after which nothing is missing
  | "write" // a click after which only the text is missing
  | "draw" // the pen goes down
  | "drag"
  | "release"
  | "hover"
  | "finish" // Enter, a right-click, a double click, the button
  | "back" // the last point goes
  | "empty" // it was the only one
  | "save" // of the text
  | "cancel";

export type PlaceState = "idle" | "placing" | "drawing" | "writing";
export type PlaceAct = "add" | "preview" | "takeBack" | "commit" | "discard" | "open" | "draw" | "addAndCommit";

export const PLACE: Table<PlaceState, PlaceEvent, PlaceAct> = {
  idle: {
    hover: { to: "idle", act: "preview" },
    click: { to: "placing", act: "add" },
    last: { to: "idle", act: "addAndCommit" },
    write: { to: "writing", act: "open" },
    draw: { to: "drawing", act: "draw" },
    cancel: { to: "idle", act: "discard" },
  },
  placing: {
    hover: { to: "placing", act: "preview" },
    click: { to: "placing", act: "add" },
    last: { to: "idle", act: "addAndCommit" },
    finish: { to: "idle", act: "commit" },
    back: { to: "placing", act: "takeBack" },
    empty: { to: "idle", act: "discard" },
    cancel: { to: "idle", act: "discard" },
  },
  drawing: {
    drag: { to: "drawing", act: "draw" },
    release: { to: "idle", act: "commit" },
    cancel: { to: "idle", act: "discard" },
  },
  writing: {
    write: { to: "writing", act: "open" },
    save: { to: "idle", act: "commit" },
    cancel: { to: "idle", act: "discard" },
  },
};

export type EditEvent =
  | "chosen"
  | "left"
  | "grab"
  | "drag"
  | "release"
  | "nudge" // an arrow key
  | "next" // the next point is chosen
  | "remove"
  | "insert" // a point after the chosen one
  | "click"
  | "miss"
  | "cancel";
export type EditState = "idle" | "adjusting" | "dragging";
export type EditAct = "hold" | "preview" | "commit" | "revert" | "nudge" | "next" | "removePoint" | "insert" | "leave";

export const EDIT: Table<EditState, EditEvent, EditAct> = {
  idle: {
    chosen: { to: "adjusting" },
    left: { to: "idle", act: "leave" },
  },
  adjusting: {
    grab: { to: "dragging", act: "hold" },
    nudge: { to: "adjusting", act: "nudge" },
    next: { to: "adjusting", act: "next" },
    remove: { to: "adjusting", act: "removePoint" },
    insert: { to: "adjusting", act: "insert" },
    click: { to: "idle", act: "leave" },
    miss: { to: "idle", act: "leave" },
    chosen: { to: "adjusting" },
    left: { to: "idle", act: "leave" },
    cancel: { to: "idle", act: "leave" },
  },
  dragging: {
    drag: { to: "dragging", act: "preview" },
    release: { to: "adjusting", act: "commit" },
    cancel: { to: "adjusting", act: "revert" },
    left: { to: "idle", act: "revert" },
  },
};
