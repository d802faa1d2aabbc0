// Which images the room has: what `{base}volumes` says.

/** A 4x4 matrix by rows. */
export type Matrix = number[][];

export interface Level {
  /** Its folder below the volume's. */
  path: string;
  /** Slices, rows, columns. */
  shape_kji: [number, number, number];
  /** Maps (i, j, k, 1) to LPS mm. */
  affine_lps: Matrix;
}

export interface Window {
  center: number;
  width: number;
}

export interface Volume {
  key: string;
  volume_id: string;
  modality: string;
  description: string;
  acquired_on: string;
  /** Values are Hounsfield units. */
  hu: boolean;
  dtype: "int16" | "float32";
  shape_kji: [number, number, number];
  spacing_mm: [number, number, number];
  affine_lps: Matrix;
  /** The finest first. */
  levels: Level[];
  window: Window;
  range: [number, number];
  primary: boolean;
  /** `matrix` maps this volume's LPS to the primary's. */
  registration: { matrix: Matrix; error_mm: number | null } | null;
}

/** Return the volumes of the server's answer that can be drawn. */
export function volumesOf(answer: unknown): Volume[] {
  const { volumes } = (answer ?? {}) as { volumes?: Volume[] };
  return Array.isArray(volumes) ? volumes.filter(({ levels }) => levels?.length > 0) : [];
}
