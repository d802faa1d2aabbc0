// Letters and scale bar: what every pane and every picture of one must carry.

import { mmPerPixel, rightOf, roundLengthMm, VIEWS, type Camera, type Direction, type Size } from "./camera";
import { lettersIn, outOfFrame, type Frame } from "./frames";
import { dot, scale, type Vector } from "./vector";
import { t } from "./words";

export type Side = "left" | "right" | "top" | "bottom";

/** Which way of the patient each edge of a view is. */
export function sidesOf(camera: Camera, frame: Frame): Record<Side, string> {
  const right = rightOf(camera);
  return {
    right: lettersIn(frame, right),
    left: lettersIn(frame, scale(right, -1)),
    top: lettersIn(frame, camera.up),
    bottom: lettersIn(frame, scale(camera.up, -1)),
  };
}

export interface Bar {
  mm: number;
  label: string;
  px: number;
}

/** A bar of a round length and at most `longestPx` pixels. */
export function barOf(camera: Camera, size: Size, longestPx: number): Bar {
  const perPixel = mmPerPixel(camera, size);
  const mm = roundLengthMm(perPixel, longestPx);
  return { mm, label: t("{n} mm", { n: mm >= 1 ? mm : mm.toPrecision(1) }), px: mm / perPixel };
}

/** From where one looks in a frame: the camera's direction and what is up, in the images. */
export function viewFrom(frame: Frame, letter: Direction): { direction: Vector; up: Vector } {
  const { direction, up } = VIEWS[letter];
  return { direction: outOfFrame(frame, direction), up: outOfFrame(frame, up) };
}

export interface CubeFace {
  letter: Direction;
  name: string;
  /** 0 edge-on, 1 straight towards the eye. */
  nearness: number;
  /** Affine, of a square that reaches from -1 to 1: a, b, c, d, e, f as canvas and SVG want it. */
  matrix: [number, number, number, number, number, number];
}

/** A face flatter than this is not seen. */
const EDGE_ON = 0.04;

/** The faces of the orientation cube that look at the eye. */
export function cubeFaces(camera: Camera, frame: Frame): CubeFace[] {
  const right = rightOf(camera);
  const flat = (v: Vector): [number, number] => [dot(v, right), -dot(v, camera.up)];
  return (Object.keys(VIEWS) as Direction[]).flatMap((letter): CubeFace[] => {
    const view = viewFrom(frame, letter);
    const out = scale(view.direction, -1);
    const nearness = -dot(out, camera.direction);
    if (nearness < EDGE_ON) return [];
    const across = rightOf({ ...camera, ...view });
    const [c, u, v] = [flat(out), flat(across), flat(scale(view.up, -1))];
    return [{ letter, name: VIEWS[letter].name, nearness, matrix: [...u, ...v, ...c] }];
  });
}
