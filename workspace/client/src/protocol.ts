// Messages of the room socket; `sessions/protocol.py` decides.

import type {
  About, Anchor, Clipping, ControlPoint, MarkupKind, PlanView, RecordRef, Role, ViewKind,
} from "./records";
import type { Plane, RigidTransform } from "./rigid";
import type { Vector } from "./vector";

export type * from "./records";

export const PROTOCOL_VERSION = 3;

export type ToolName = "select" | "note" | "comment" | "measure" | "annotate" | "edit" | "cut" | "move";

/** Commands that only the panels give. */
export type PanelCommand =
  | "edit_segment"
  | "rename"
  | "lock_record"
  | "unlock_record"
  | "edit_comment"
  | "remove_comment"
  | "send_message"
  | "save_version"
  | "request_review"
  | "return_to_draft"
  | "sign_version"
  | "open_branch"
  | "merge_records"
  | "confirm_imaging"
  | "change_role"
  | "dismiss_member";
export type Command =
  | { type: "pin_note"; note_id: string; anchor: Anchor; text: string }
  | { type: "edit_note"; note_id: string; text: string }
  | { type: "remove_note"; note_id: string }
  | { type: "measure_distance"; measurement_id: string; start: Anchor; end: Anchor }
  | { type: "remove_measurement"; measurement_id: string }
  | {
      type: "place_markup";
      markup_id: string;
      kind: MarkupKind;
      points?: ControlPoint[];
      text?: string;
      /** The slice that it is drawn on; null: it is drawn in 3D. */
      plane?: Plane | null;
      /** Between what a gap is. */
      solid_ids?: string[];
    }
  // What is left out, or null, stays; a new plane goes with new points.
  | {
      type: "edit_markup";
      markup_id: string;
      points?: ControlPoint[] | null;
      plane?: Plane | null;
      text?: string | null;
    }
  | { type: "remove_markup"; markup_id: string }
  | { type: "share_clipping"; clipping: Clipping | null }
  | { type: "place_cut"; cut_id: string; target_id: string; plane: Plane }
  | { type: "adjust_cut"; cut_id: string; plane: Plane }
  | { type: "remove_cut"; cut_id: string }
  | { type: "apply_cut"; cut_id: string }
  | { type: "move_fragment"; fragment_id: string; transform: RigidTransform }
  | {
      type: "open_thread";
      thread_id: string;
      about: About;
      comment_id: string;
      text: string;
      mentions: string[];
    }
  | { type: "reply"; thread_id: string; comment_id: string; text: string; mentions: string[] }
  | { type: "resolve_thread"; thread_id: string; resolved: boolean }
  | { type: "rename"; ref: RecordRef; name: string }
  | { type: "lock_record" | "unlock_record"; ref: RecordRef }
  | { type: "edit_segment"; segment_id: string; name: string }
  // What the panels ask for; the view hands it on without looking inside.
  | { type: PanelCommand }
  | { type: "undo" }
  | { type: "redo" };

export interface CameraState {
  position: Vector;
  focal_point: Vector;
  view_up: Vector;
}
export type Dragged =
  | { type: "fragment"; fragment_id: string; transform: RigidTransform }
  | { type: "plane"; cut_id: string; plane: Plane };
/** Where a member points; without a solid at a place in the images. */
export interface Cursor {
  solid_id: string | null;
  point_mm: Vector;
  /** In which pane, by its id. */
  pane?: string;
}
export interface Presence {
  cursor?: Cursor | null;
  camera?: CameraState | null;
  /** Where the member's slices meet, world, mm. */
  crosshair?: Vector | null;
  panes?: { layout: string; maximised: string | null } | null;
  /** Their own, while they present. */
  clipping?: Clipping | null;
  tool?: ToolName;
  dragging?: Dragged | null;
  selection?: RecordRef | null;
  /** What is under the hand, or about to be changed. */
  editing?: RecordRef | null;
  idle?: boolean;
  lag_ms?: number | null;
  following?: string | null;
  branch_id?: string;
}

/** What a page that was here before has on its screen. */
export interface Seen {
  boot_id: string;
  revision: number;
}
export type PresentAct = "start" | "ask" | "grant" | "take_back" | "stop";

export type ClientMessage =
  | { type: "hello"; protocol: number; branch_id: string; seen: Seen | null }
  | {
      type: "submit";
      operation_id: string;
      command: Command;
      branch_id: string;
      seen: number | null;
    }
  | { type: "visit"; branch_id: string }
  | { type: "present"; act: PresentAct; member_id: string | null }
  | ({ type: "presence" } & Presence)
  | { type: "ping"; sent_ms: number };

export interface Change {
  kind: ViewKind;
  id: string;
  value: Record<string, unknown> | null;
}
export interface Activity {
  revision: number;
  member_id: string;
  at: string;
  summary: string;
  branch_id: string;
}
/** Somebody's change that this one replaced, before its author had seen it. */
export interface Overwrote {
  kind: string;
  record_id: string;
  /** Whose change was replaced. */
  member_id: string;
  summary: string;
}
export interface Presenting {
  presenter_id: string | null;
  asked: string[];
}
/** What both answers to a hello tell. */
interface Greeting {
  boot_id: string;
  branch_id: string;
  revision: number;
  role: Role;
  may: string[];
  present: string[];
  presenting: Presenting;
  can_undo: boolean;
  can_redo: boolean;
}
export interface Welcome extends Greeting {
  type: "welcome";
  protocol: number;
  room_id: string;
  member_id: string;
  state_hash: string;
  view: PlanView;
  activity: Activity[];
}
export interface Resumed extends Greeting {
  type: "resumed";
}
export interface Advanced {
  type: "advanced";
  revision: number;
  operation_id: string;
  branch_id: string;
  activity: Activity;
  changes: Change[];
  overwrote: Overwrote[];
  can_undo: boolean;
  can_redo: boolean;
}
export interface Progress {
  type: "progress";
  job: string;
  label: string;
  done: number;
  total: number;
}
export type ServerMessage =
  | Welcome
  | Resumed
  | Advanced
  | { type: "acknowledged"; operation_id: string; revision: number }
  | { type: "refused"; operation_id: string; reason: string }
  | ({ type: "presenting" } & Presenting)
  | { type: "presence_update"; members: Record<string, Presence | null> }
  | Progress
  | { type: "pong"; sent_ms: number }
  | { type: "pace"; early_ms: number }
  | { type: "failure"; reason: string };

const GREETING = ["boot_id", "branch_id", "revision", "role", "may", "present", "presenting"];
const REQUIRED: Record<ServerMessage["type"], string[]> = {
  welcome: [...GREETING, "room_id", "member_id", "view", "activity"],
  resumed: GREETING,
  advanced: ["revision", "operation_id", "branch_id", "activity", "changes", "overwrote"],
  acknowledged: ["operation_id", "revision"],
  refused: ["operation_id", "reason"],
  presenting: ["presenter_id", "asked"],
  presence_update: ["members"],
  progress: ["job", "label", "done", "total"],
  pong: ["sent_ms"],
  pace: ["early_ms"],
  failure: ["reason"],
};

/** Return the messages in a text frame, or null where it holds one that this client cannot read. */
export function parseFrame(text: unknown): ServerMessage[] | null {
  if (typeof text !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return Array.isArray(value) && value.every(isMessage) ? value : null;
}

function isMessage(value: unknown): value is ServerMessage {
  if (typeof value !== "object" || value === null) return false;
  const record = value as Record<string, unknown>;
  const fields = REQUIRED[record.type as ServerMessage["type"]];
  return fields?.every((field) => field in record) ?? false;
}
