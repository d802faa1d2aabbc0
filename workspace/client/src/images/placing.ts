// Puts a picture of the patient where it belongs in a pane.

import { mmPerPixel, project, projectDirection, type Camera, type Size } from "../camera";
import { add, scale } from "../vector";
import type { Frame } from "./slicing";

/** Half as large or smaller: then the browser must mean pixels, or thin bone breaks up. */
const SHRUNK = 0.6;

/** The matrix of a canvas that puts pixel edges of the picture where they are in the pane. */
export function matrixOf(frame: Frame, camera: Camera, size: Size): [number, number, number, number, number, number] {
  const [a, b] = projectDirection(camera, size, frame.across);
  const [c, d] = projectDirection(camera, size, frame.down);
  // pixels have their centres at whole numbers of the frame, and their edges half a pixel beside
  const corner = add(frame.origin, scale(add(frame.across, frame.down), -0.5));
  const [e, f] = project(camera, size, corner);
  return [a, b, c, d, e, f];
}

export function place(
  context: CanvasRenderingContext2D,
  picture: CanvasImageSource,
  frame: Frame,
  { camera, size }: { camera: Camera; size: Size },
): void {
  const pixelsPerMm = 1 / mmPerPixel(camera, size);
  context.save();
  context.transform(...matrixOf(frame, camera, size));
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = Math.hypot(...frame.across) * pixelsPerMm < SHRUNK ? "medium" : "low";
  context.drawImage(picture, 0, 0, frame.width, frame.height);
  context.restore();
}
