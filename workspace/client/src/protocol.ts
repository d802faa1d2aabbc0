// Messages of the room socket and the records of the plan view; `sessions/protocol.py` decides.

import type { Plane, RigidTransform } from "./rigid";
import type { Vector } from "./vector";

export const PROTOCOL_VERSION = 1;

export type Role = "owner" | "surgeon" | "observer";
export type ToolName = "select" | "note" | "measure" | "cut" | "move";
export type ViewKind =
  | "case"
  | "segments"
  | "fragments"
  | "cuts"
  | "notes"
  | "measurements"
  | "members";

export interface SurfaceRef {
  sha256: string;
  volume_ml: number;
  area_cm2: number;
  triangles: number;
  watertight: boolean;
  /** xmin, xmax, ymin, ymax, zmin, zmax. */
  bounds_mm: [number, number, number, number, number, number];
}

export interface SolidRecord {
  name: string;
  colour: [number, number, number];
  opacity: number;
  owner: string;
  surface: SurfaceRef;
  leaf: boolean;
}
export interface SegmentRecord extends SolidRecord {
  segment_id: string;
}
export interface FragmentRecord extends SolidRecord {
  fragment_id: string;
  parent_id: string;
  segment_id: string;
  cut_id: string;
  side: "positive" | "negative";
  transform: RigidTransform;
  moved_mm: Vector;
  moved_deg: number;
}
export interface CutRecord {
  cut_id: string;
  name: string;
  target_id: string;
  plane: Plane;
  world_plane: Plane;
  applied: boolean;
  author_id: string;
  author_name: string;
}
export interface Anchor {
  solid_id: string;
  /** In the anatomy's own frame. */
  point_mm: Vector;
}
export interface NoteRecord {
  note_id: string;
  anchor: Anchor;
  text: string;
  author_id: string;
  author_name: string;
  created_at: string;
  leaf_id: string;
  world_mm: Vector;
  colour: string;
}
export interface MeasurementRecord {
  measurement_id: string;
  name: string;
  start: Anchor;
  end: Anchor;
  start_leaf_id: string;
  end_leaf_id: string;
  start_world_mm: Vector;
  end_world_mm: Vector;
  length_mm: number;
  author_id: string;
  author_name: string;
  colour: string;
}
export interface MemberRecord {
  member_id: string;
  name: string;
  role: Role;
  colour: string;
}

export interface PlanView {
  case: Record<string, { title: string; source: unknown }>;
  segments: Record<string, SegmentRecord>;
  fragments: Record<string, FragmentRecord>;
  cuts: Record<string, CutRecord>;
  notes: Record<string, NoteRecord>;
  measurements: Record<string, MeasurementRecord>;
  members: Record<string, MemberRecord>;
}

export type Command =
  | { type: "pin_note"; note_id: string; anchor: Anchor; text: string }
  | { type: "edit_note"; note_id: string; text: string }
  | { type: "remove_note"; note_id: string }
  | { type: "measure_distance"; measurement_id: string; start: Anchor; end: Anchor }
  | { type: "remove_measurement"; measurement_id: string }
  | { type: "place_cut"; cut_id: string; target_id: string; plane: Plane }
  | { type: "adjust_cut"; cut_id: string; plane: Plane }
  | { type: "remove_cut"; cut_id: string }
  | { type: "apply_cut"; cut_id: string }
  | { type: "move_fragment"; fragment_id: string; transform: RigidTransform }
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
export interface Presence {
  cursor?: Anchor | null;
  camera?: CameraState | null;
  tool?: ToolName;
  dragging?: Dragged | null;
}

export type ClientMessage =
  | { type: "hello"; protocol: number }
  | { type: "submit"; operation_id: string; command: Command }
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
}
export interface Welcome {
  type: "welcome";
  protocol: number;
  boot_id: string;
  room_id: string;
  member_id: string;
  role: Role;
  revision: number;
  state_hash: string;
  view: PlanView;
  present: string[];
  activity: Activity[];
  can_undo: boolean;
  can_redo: boolean;
}
export interface Advanced {
  type: "advanced";
  revision: number;
  operation_id: string;
  activity: Activity;
  changes: Change[];
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
  | Advanced
  | { type: "acknowledged"; operation_id: string; revision: number }
  | { type: "refused"; operation_id: string; reason: string }
  | { type: "presence_update"; members: Record<string, Presence | null> }
  | Progress
  | { type: "pong"; sent_ms: number }
  | { type: "failure"; reason: string };

const REQUIRED: Record<ServerMessage["type"], string[]> = {
  welcome: ["boot_id", "room_id", "member_id", "role", "revision", "view", "present", "activity"],
  advanced: ["revision", "operation_id", "activity", "changes"],
  acknowledged: ["operation_id", "revision"],
  refused: ["operation_id", "reason"],
  presence_update: ["members"],
  progress: ["job", "label", "done", "total"],
  pong: ["sent_ms"],
  failure: ["reason"],
};

/** Return the message in a text frame, or null where it is none that this client knows. */
export function parseMessage(text: unknown): ServerMessage | null {
  if (typeof text !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const record = value as Record<string, unknown>;
  const fields = REQUIRED[record.type as ServerMessage["type"]];
  return fields?.every((field) => field in record) ? (value as ServerMessage) : null;
}
