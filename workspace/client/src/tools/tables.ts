// idle -> placing -> adjusting, for each tool.

import type { Table } from "./machine";

export type ToolEvent =
  | "click" // on anatomy
  | "miss" // a click beside it
  | "hover"
  | "grab" // a handle
  | "draw" // the pen goes down
  | "drag"
  | "release"
  | "finish" // Enter, a right-click, the button
  | "back" // the last point goes
  | "nudge" // an arrow key
  | "next" // the next point is chosen
  | "insert" // one more point after it
  | "save"
  | "apply"
  | "remove"
  | "chosen" // elsewhere, in a list
  | "left" // what was chosen is gone, or something else was chosen
  | "refused"
  | "cancel"; // Escape, or another tool

export type SelectState = "idle";
export const SELECT: Table<SelectState, ToolEvent, "choose" | "miss" | "leave"> = {
  idle: {
    click: { to: "idle", act: "choose" },
    miss: { to: "idle", act: "miss" },
    cancel: { to: "idle", act: "leave" },
  },
};

/** A note or a comment: a place, then its text. */
export type PinState = "idle" | "placing";
export const PIN: Table<PinState, ToolEvent, "open" | "pin" | "discard"> = {
  idle: { click: { to: "placing", act: "open" } },
  placing: {
    click: { to: "placing", act: "open" },
    miss: { to: "idle", act: "discard" },
    cancel: { to: "idle", act: "discard" },
    save: { to: "idle", act: "pin" },
  },
};

export type CutState = "idle" | "adjusting" | "dragging" | "cutting";
export const CUT: Table<
  CutState,
  ToolEvent,
  "place" | "hold" | "preview" | "commit" | "revert" | "apply" | "remove" | "leave"
> = {
  idle: {
    click: { to: "adjusting", act: "place" },
    chosen: { to: "adjusting" },
  },
  adjusting: {
    grab: { to: "dragging", act: "hold" },
    apply: { to: "cutting", act: "apply" },
    remove: { to: "idle", act: "remove" },
    chosen: { to: "adjusting" },
    left: { to: "idle" },
    refused: { to: "idle", act: "leave" },
    cancel: { to: "idle", act: "leave" },
  },
  dragging: {
    drag: { to: "dragging", act: "preview" },
    release: { to: "adjusting", act: "commit" },
    cancel: { to: "adjusting", act: "revert" },
    left: { to: "idle", act: "revert" },
  },
  cutting: {
    left: { to: "idle" },
    refused: { to: "adjusting" },
  },
};

export type MoveState = "idle" | "adjusting" | "dragging";
export const MOVE: Table<
  MoveState,
  ToolEvent,
  "choose" | "hold" | "preview" | "commit" | "revert" | "leave"
> = {
  idle: {
    click: { to: "idle", act: "choose" },
    chosen: { to: "adjusting" },
  },
  adjusting: {
    click: { to: "adjusting", act: "choose" },
    grab: { to: "dragging", act: "hold" },
    chosen: { to: "adjusting" },
    left: { to: "idle" },
    cancel: { to: "idle", act: "leave" },
  },
  dragging: {
    drag: { to: "dragging", act: "preview" },
    release: { to: "adjusting", act: "commit" },
    cancel: { to: "adjusting", act: "revert" },
    left: { to: "idle", act: "revert" },
  },
};

export const TABLES = { select: SELECT, pin: PIN, cut: CUT, move: MOVE };
