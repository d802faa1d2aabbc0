// The records of the plan view; `sessions/plan/view.py` decides.

import type { Plane, RigidTransform } from "./rigid";
import type { Vector } from "./vector";

export const MAIN = "main";

export type Role = "owner" | "surgeon" | "radiologist" | "trainee" | "observer" | "patient";
export type RecordKind = "segment" | "fragment" | "cut" | "note" | "measurement" | "markup";

/** Names a record of a branch. */
export interface RecordRef {
  kind: RecordKind;
  record_id: string;
}

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
export type SegmentStatus = "not_started" | "in_progress" | "completed" | "flagged";
export interface SegmentRecord extends SolidRecord {
  segment_id: string;
  /** SNOMED CT concept id, or empty. */
  code: string;
  status: SegmentStatus;
  /** Under which heading it is listed; empty: under none. */
  group: string;
  provenance?: Provenance;
}
/** How a segment was made, and by whom. */
export interface Provenance {
  engine: string;
  version: string;
  parameters: Record<string, unknown>;
  author: string;
  created_at: string;
}
export interface FragmentRecord extends SolidRecord {
  fragment_id: string;
  parent_id: string;
  segment_id: string;
  /** Its segment's. */
  code?: string;
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
export type MarkupKind =
  | "point"
  | "line"
  | "surface_path"
  | "angle"
  | "closed_curve"
  | "freehand"
  | "arrow"
  | "text"
  | "roi_ellipse"
  | "roi_box"
  | "gap";
/** A point that a markup is drawn through; without a solid it is a place in the images. */
export interface ControlPoint {
  /** In the anatomy's own frame. */
  point_mm: Vector;
  solid_id?: string | null;
}
/** What the server computed of a markup. */
export interface Findings {
  basis: { world_mm: Vector[]; solid_ids: string[]; transforms: RigidTransform[] };
  length_mm: number | null;
  area_mm2: number | null;
  volume_ml: number | null;
  mean: number | null;
  sd: number | null;
  minimum: number | null;
  maximum: number | null;
  voxels: number | null;
  unit: "HU" | "";
  /** World: the way along the surface; of a gap, the two points that are nearest. */
  path_mm: Vector[];
  problem: string;
}
/** What a markup measures. */
export interface MarkupValue {
  name: "length" | "angle" | "area" | "perimeter" | "volume" | "distance" | GreyValue;
  value: number;
  unit: "mm" | "deg" | "mm2" | "mL" | "HU" | "";
  /** Standard uncertainty (k = 1), in the same unit. */
  uncertainty: number | null;
}
export type GreyValue = "mean" | "sd" | "minimum" | "maximum" | "voxels";
export interface MarkupRecord {
  markup_id: string;
  kind: MarkupKind;
  name: string;
  points: ControlPoint[];
  text: string;
  plane: Plane | null;
  solid_ids: string[];
  author_id: string;
  author_name: string;
  colour: string;
  created_at: string;
  findings: Findings | null;
  world_points: Vector[];
  /** What carries each point now; null: it is a place in the images. */
  leaf_ids: (string | null)[];
  values: MarkupValue[];
  /** The server has yet to compute it. */
  pending: boolean;
  /** Why a value is missing; empty: none is. */
  problem: string;
}
export interface MemberRecord {
  member_id: string;
  name: string;
  role: Role;
  colour: string;
  dismissed?: boolean;
}

export interface LockRecord {
  ref: RecordRef;
  member_id: string;
  member_name: string;
  at: string;
}
export type About = { type: "point"; anchor: Anchor } | { type: "record"; ref: RecordRef };
export interface CommentRecord {
  comment_id: string;
  author_id: string;
  author_name: string;
  colour: string;
  text: string;
  mentions: string[];
  created_at: string;
  edited_at: string | null;
}
export interface ThreadRecord {
  thread_id: string;
  about: About;
  comments: CommentRecord[];
  resolved_by: string | null;
  resolved_by_name: string | null;
  subject: string;
  /** The solid that carries the point now, and where it is; null where it is about no point. */
  leaf_id: string | null;
  world_mm: Vector | null;
}
export interface BranchRecord {
  branch_id: string;
  name: string;
  from_version_id: string;
  author_id: string;
  author_name: string;
  colour: string;
  created_at: string;
}
export interface VersionRecord {
  version_id: string;
  number: number;
  name: string;
  label: string;
  branch_id: string;
  branch_name: string;
  author_id: string;
  author_name: string;
  created_at: string;
  state: string;
  signatures: { name: string; role: string; at: string }[];
}
export interface StatusRecord {
  branch_id: string;
  branch_name: string;
  state: string;
  label: string;
  version_id: string | null;
  newer_imaging: boolean;
}

/** Axes of a subject: rows towards its left, posterior and superior, as unit vectors in LPS. */
export interface FrameRecord {
  axes: [Vector, Vector, Vector];
  /** What the axes were taken from. */
  basis: string;
}
/** An upright box, world, mm. */
export interface Box {
  minimum_mm: Vector;
  maximum_mm: Vector;
}
export interface Clipping {
  /** World; what lies on the side that the normal points to stays. */
  planes: Plane[];
  box: Box | null;
}
export interface SharedClippingRecord extends Clipping {
  member_id: string;
  member_name: string;
}

export interface PlanView {
  case: Record<string, { title: string; source: unknown }>;
  segments: Record<string, SegmentRecord>;
  fragments: Record<string, FragmentRecord>;
  cuts: Record<string, CutRecord>;
  notes: Record<string, NoteRecord>;
  measurements: Record<string, MeasurementRecord>;
  markups: Record<string, MarkupRecord>;
  members: Record<string, MemberRecord>;
  /** By `kind:id`. */
  locks: Record<string, LockRecord>;
  threads: Record<string, ThreadRecord>;
  /** Drawn by the panels. */
  chat: Record<string, unknown>;
  branches: Record<string, BranchRecord>;
  versions: Record<string, VersionRecord>;
  imaging: Record<string, unknown>;
  status: Record<string, StatusRecord>;
  /** By the subject's letter; empty for one subject. */
  frames: Record<string, FrameRecord>;
  /** "shared", where somebody shares it. */
  clipping: Record<string, SharedClippingRecord>;
}
export type ViewKind = keyof PlanView;

const KINDS: [keyof PlanView, RecordKind][] = [
  ["segments", "segment"],
  ["fragments", "fragment"],
  ["cuts", "cut"],
  ["notes", "note"],
  ["measurements", "measurement"],
  ["markups", "markup"],
];

/** Return the name of the record of that id, or null where it is no record of a branch. */
export function refOf(view: PlanView, id: string): RecordRef | null {
  const found = KINDS.find(([records]) => id in view[records]);
  return found ? { kind: found[1], record_id: id } : null;
}
