// A markup: what somebody drew, measured or wrote on the anatomy or in the images.

import type { Plane } from "../rigid";
import type { Vector } from "../vector";

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

export interface ControlPoint {
  /** In the frame of the anatomy, as scanned. */
  point_mm: Vector;
  /** The solid that it sticks to; null: it stands in the images. */
  solid_id: string | null;
}

/** What the server worked out from surfaces and images; gone as soon as the points change. */
export interface Findings {
  length_mm: number | null;
  area_mm2: number | null;
  volume_ml: number | null;
  mean: number | null;
  sd: number | null;
  minimum: number | null;
  maximum: number | null;
  voxels: number | null;
  unit: string;
  /** World: along the surface, or the two nearest points of a gap. */
  path_mm: Vector[];
  problem: string;
}

export interface MarkupValue {
  name: string;
  value: number;
  unit: string;
  /** Standard uncertainty, in the same unit. */
  uncertainty: number | null;
}

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
  /** The solid that carries each point now. */
  leaf_ids: (string | null)[];
  values: MarkupValue[];
  /** Findings are awaited. */
  pending: boolean;
}
