// A pane looks at the anatomy: the 3D picture, or a slice. Tools work in every pane alike.

import type { Camera, Pixel, Size } from "../camera";
import type { Vector } from "../vector";

export type SliceId = "axial" | "coronal" | "sagittal";
export type PaneId = "3d" | SliceId;

/** A place that a pointer is on. */
export interface Place {
  /** The solid under it; null: only images are. */
  solid_id: string | null;
  /** In the anatomy's own frame: where the solid was scanned, or the world point itself. */
  point_mm: Vector;
  world_mm: Vector;
}

export interface Pane {
  readonly id: PaneId;
  /** Parallel in a slice as in 3D: so gizmos, letters and scale bars are one and the same. */
  readonly camera: Camera;
  readonly size: Size;
  toScreen(world: Vector): Pixel;
  /** What is under a pixel: the visible surface in 3D, a point of the plane in a slice. */
  placeAt(pixel: Pixel): Place | null;
  /** How far a world point is from what the pane shows, mm, along its direction; 0 in 3D. */
  depthOf(world: Vector): number;
  /** Draw the lines over the picture again, soon. */
  redrawInk(): void;
}

/** How slices are looked at, in the coordinates of a subject: LPS. Axial from the feet, coronal
 * from the front, sagittal from the left: as radiologists do. */
export const SLICE_VIEWS: Record<SliceId, { direction: Vector; up: Vector }> = {
  axial: { direction: [0, 0, 1], up: [0, -1, 0] },
  coronal: { direction: [0, 1, 0], up: [0, 0, 1] },
  sagittal: { direction: [-1, 0, 0], up: [0, 0, 1] },
};
