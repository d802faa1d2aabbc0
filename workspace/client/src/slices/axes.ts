// How a slice is looked at: its plane, what is up in it, how much of it is seen, how far a step is.

import type { Camera, Size } from "../camera";
import { outOfFrame, type Frame } from "../frames";
import { axisAcross, gridOf, stepAlong } from "../images/grid";
import type { Volume } from "../images/listing";
import { SLICE_VIEWS, type SliceId } from "../panes/pane";
import { rotate, type Quaternion } from "../rigid";
import { add, cross, dot, length, normalize, reject, scale, subtract, type Vector } from "../vector";

export interface SliceAxes {
  /** Away from the eye, at right angles to the plane; unit length. */
  direction: Vector;
  up: Vector;
}

/** Nearer to the direction than this (sine), the usual up is no direction in the plane. */
const LEAST_UP = 0.1;
const WITHOUT_IMAGES_MM = 1;
const MARGIN = 1.06;

/** Return the axes of a slice in the chosen subject's frame, turned with the two others. */
export function axesOf(id: SliceId, frame: Frame, turn: Quaternion): SliceAxes {
  const usual = SLICE_VIEWS[id];
  const direction = normalize(rotate(turn, outOfFrame(frame, usual.direction)));
  const up = outOfFrame(frame, usual.up);
  // What is up stays up while the others turn about this slice.
  const kept = reject(up, direction);
  return { direction, up: normalize(length(kept) < LEAST_UP ? reject(rotate(turn, up), direction) : kept) };
}

/** Return the camera of the plane through `through` whose middle is `centre`, or as near as can be. */
export function cameraOn(axes: SliceAxes, centre: Vector, through: Vector, half_height_mm: number): Camera {
  const depth = dot(subtract(through, centre), axes.direction);
  return { ...axes, focal: add(centre, scale(axes.direction, depth)), half_height_mm };
}

/** Return half the height at which a box (as seen along the axes) fits a view of that size. */
export function fitted({ direction, up }: SliceAxes, half: Vector, { width, height }: Size): number {
  const reach = (axis: Vector) => axis.reduce((sum, value, i) => sum + Math.abs(value) * half[i], 0);
  const across = reach(cross(direction, up));
  return MARGIN * Math.max(reach(up), (across * height) / Math.max(width, 1), 5);
}

/** Return how far one step of scrolling goes, mm: to the next slice of voxels, or of a voxel askew. */
export function stepMm(direction: Vector, volume: Volume | undefined): number {
  if (!volume) return WITHOUT_IMAGES_MM;
  const grid = gridOf(volume.affine_lps, volume.shape_kji);
  const axis = axisAcross(grid, direction);
  return axis === null ? stepAlong(grid, direction) : Math.abs(dot(grid.steps[axis], direction));
}
