// A pane looks at the anatomy: the 3D picture, or a slice. Tools work in every pane alike.

import { FROM_ANTERIOR, type Camera, type Pixel, type Size } from "../camera";
import type { Handle } from "../gizmo";
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

/** Draws lines over every pane, such as markups; `bench.layers` has them in the order of drawing. */
export interface Layer {
  draw(pane: Pane, context: CanvasRenderingContext2D): void;
  /** What can be taken hold of in this pane whatever tool is in hand. */
  handles?(pane: Pane): Handle[];
}

/** What a pane makes of a hand that no tool takes. `step` is the way since the last call. */
export interface Gestures {
  drag(kind: DragKind, step: Pixel, pixel: Pixel): void;
  pinch(shift: Pixel, middle: Pixel, factor: number): void;
  wheel(lines: number, pixel: Pixel, withCtrl: boolean): void;
  /** A click while the Select tool is in hand, after the tool had it. */
  click(pixel: Pixel, place: Place | null): void;
  /** The pointer passes with Shift held down. */
  shiftHover(pixel: Pixel, place: Place | null): void;
  /** Handles of the pane itself. */
  handles(): Handle[];
  dragHandle(handle: Handle, from: Pixel, pixel: Pixel): void;
}

/** "first": the left button; "touch": one finger; "pan": with Shift, or the middle button; "second": the right one. */
export type DragKind = "first" | "touch" | "pan" | "second";

/** Where events are that come from no pane, such as Escape. */
export const NOWHERE: Pane = {
  id: "3d",
  camera: FROM_ANTERIOR,
  size: { width: 1, height: 1 },
  toScreen: () => [0, 0],
  placeAt: () => null,
  depthOf: () => 0,
  redrawInk: () => undefined,
};

/** How slices are looked at, in the coordinates of a subject: LPS. Axial from the feet, coronal
 * from the front, sagittal from the left: as radiologists do. */
export const SLICE_VIEWS: Record<SliceId, { direction: Vector; up: Vector }> = {
  axial: { direction: [0, 0, 1], up: [0, -1, 0] },
  coronal: { direction: [0, 1, 0], up: [0, 0, 1] },
  sagittal: { direction: [-1, 0, 0], up: [0, 0, 1] },
};
