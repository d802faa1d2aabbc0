// What the server answers; see workspace/server/import_states.py.

export type Stage =
  | "receiving"
  | "received"
  | "inspecting"
  | "inspected"
  | "opening"
  | "ready"
  | "failed";

export interface Limits {
  total_bytes: number;
  files: number;
  chunk_bytes: number;
  list_bytes: number;
  kept_days: number;
}

export interface FoundVolume {
  id: string;
  modality: string;
  description: string;
  shape_kji: [number, number, number];
  /** Along i, j, k, mm. */
  spacing_mm: [number, number, number];
  hu: boolean;
  warnings: { code: string; message: string }[];
}

export interface RefusedSeries {
  code: string;
  message: string;
  files: number;
}

export interface Found {
  volumes: FoundVolume[];
  refused: RefusedSeries[];
  /** Code -> how many files. */
  skipped: Record<string, number>;
  not_shown: number;
}

export interface ServerUpload {
  id: string;
  fingerprint: string;
  files: number;
  listed: number;
  total_bytes: number;
  offset: number;
  stage: Stage;
  progress: { label: string; done: number; total: number } | null;
  found: Found | null;
  error: { code: string; message: string; file: null } | null;
  /** Role -> path of an invitation. */
  links: Record<string, string>;
}
