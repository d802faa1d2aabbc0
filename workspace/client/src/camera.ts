// The camera: parallel, so that a millimetre is as long everywhere and the scale bar is exact.

import type { CameraState } from "./protocol";
import type { Ray } from "./picking";
import { add, cross, dot, length, normalize, reject, scale, subtract, turn, type Vector } from "./vector";
import { key } from "./words";

export interface Camera {
  focal: Vector;
  /** From the eye into the scene; unit length. */
  direction: Vector;
  /** Unit length, at right angles to `direction`. */
  up: Vector;
  /** Half the height of the view, mm. */
  half_height_mm: number;
}

/** Size of the view, CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

export type Pixel = [number, number];
export type Direction = "A" | "P" | "L" | "R" | "S" | "I";

/** Where one stands, the way one looks from there and what is up; LPS. */
export const VIEWS: Record<Direction, { direction: Vector; up: Vector; name: string }> = {
  A: { direction: [0, 1, 0], up: [0, 0, 1], name: key("anterior") },
  P: { direction: [0, -1, 0], up: [0, 0, 1], name: key("posterior") },
  L: { direction: [-1, 0, 0], up: [0, 0, 1], name: key("left") },
  R: { direction: [1, 0, 0], up: [0, 0, 1], name: key("right") },
  S: { direction: [0, 0, -1], up: [0, -1, 0], name: key("superior") },
  I: { direction: [0, 0, 1], up: [0, -1, 0], name: key("inferior") },
};

/** Patient directions by axis: towards plus, towards minus. */
const LETTERS: [string, string][] = [
  ["L", "R"],
  ["P", "A"],
  ["S", "I"],
];

/** A direction is named after an axis when it is nearer to it than this (cosine of 67 degrees). */
const NAMED_COSINE = 0.39;

export const rightOf = (camera: Camera): Vector => cross(camera.direction, camera.up);
export const mmPerPixel = (camera: Camera, size: Size): number =>
  (2 * camera.half_height_mm) / size.height;

export function project(camera: Camera, size: Size, point: Vector): Pixel {
  const offset = subtract(point, camera.focal);
  const mm = mmPerPixel(camera, size);
  return [
    size.width / 2 + dot(offset, rightOf(camera)) / mm,
    size.height / 2 - dot(offset, camera.up) / mm,
  ];
}

/** Return how a direction looks on screen, pixels per mm, y down. */
export function projectDirection(camera: Camera, size: Size, direction: Vector): Pixel {
  const mm = mmPerPixel(camera, size);
  return [dot(direction, rightOf(camera)) / mm, -dot(direction, camera.up) / mm];
}

/** Return the ray through a pixel, from far in front of everything. */
export function rayThrough(camera: Camera, size: Size, [x, y]: Pixel, farMm = 5000): Ray {
  const mm = mmPerPixel(camera, size);
  const across = scale(rightOf(camera), (x - size.width / 2) * mm);
  const upward = scale(camera.up, (size.height / 2 - y) * mm);
  const middle = add(camera.focal, add(across, upward));
  return {
    origin: subtract(middle, scale(camera.direction, farMm)),
    direction: camera.direction,
  };
}

/** Turn about the focal point as if the scene were a ball under the hand; 180 degrees per height. */
export function rotated(camera: Camera, size: Size, [dx, dy]: Pixel): Camera {
  const perPixel = Math.PI / size.height;
  const right = rightOf(camera);
  const roll = (v: Vector) => turn(turn(v, camera.up, -dx * perPixel), right, -dy * perPixel);
  const direction = normalize(roll(camera.direction));
  return { ...camera, direction, up: normalize(reject(roll(camera.up), direction)) };
}

export function panned(camera: Camera, size: Size, [dx, dy]: Pixel): Camera {
  const mm = mmPerPixel(camera, size);
  const shift = add(scale(rightOf(camera), -dx * mm), scale(camera.up, dy * mm));
  return { ...camera, focal: add(camera.focal, shift) };
}

/** Zoom so that what is under the pointer stays there; `factor` < 1 comes nearer. */
export function zoomed(camera: Camera, size: Size, [x, y]: Pixel, factor: number): Camera {
  const half = Math.max(0.5, Math.min(5000, camera.half_height_mm * factor));
  const mm = mmPerPixel(camera, size) * (1 - half / camera.half_height_mm);
  const shift = add(
    scale(rightOf(camera), (x - size.width / 2) * mm),
    scale(camera.up, (size.height / 2 - y) * mm),
  );
  return { ...camera, focal: add(camera.focal, shift), half_height_mm: half };
}

export const facing = (camera: Camera, view: Direction): Camera => ({
  ...camera,
  direction: VIEWS[view].direction,
  up: VIEWS[view].up,
});

/** The strip of tools lies over this much of the picture's top. */
const STRIP_PX = 64;

/** Return the camera that shows a ball of `radiusMm` about `centre`, whole and clear of the tools. */
export function framed(camera: Camera, size: Size, centre: Vector, radiusMm: number): Camera {
  const narrow = Math.min(1, size.width / size.height);
  const clear = Math.max(0.5, 1 - (2 * STRIP_PX) / Math.max(size.height, 1));
  const halfHeight = (1.04 * Math.max(radiusMm, 5)) / Math.min(narrow, clear);
  return { ...camera, focal: centre, half_height_mm: halfHeight };
}

export const FROM_ANTERIOR: Camera = {
  focal: [0, 0, 0],
  direction: VIEWS.A.direction,
  up: VIEWS.A.up,
  half_height_mm: 120,
};

export const EYE_DISTANCE_MM = 2000;

/** How far an eye stands that sees the view's height under 30 degrees: so zoom is told as well. */
const EYE_PER_HALF_HEIGHT = 1 / Math.tan(Math.PI / 12);

export const stateOf = (camera: Camera): CameraState => ({
  position: subtract(
    camera.focal,
    scale(camera.direction, EYE_PER_HALF_HEIGHT * camera.half_height_mm),
  ),
  focal_point: camera.focal,
  view_up: camera.up,
});

/** Return the camera that was told so, or null where it is none. */
export function cameraOf({ position, focal_point, view_up }: CameraState): Camera | null {
  const sight = subtract(focal_point, position);
  const far = length(sight);
  if (![...position, ...focal_point, ...view_up].every(Number.isFinite) || far < 1e-6) return null;
  const direction = scale(sight, 1 / far);
  const up = reject(view_up, direction);
  if (length(up) < 1e-6) return null;
  return { focal: focal_point, direction, up: normalize(up), half_height_mm: far / EYE_PER_HALF_HEIGHT };
}

/** Return the camera `share` (0..1) of the way from one to the other. */
export function between(from: Camera, to: Camera, share: number): Camera {
  if (share >= 1) return to;
  const mix = (a: Vector, b: Vector) => add(scale(a, 1 - share), scale(b, share));
  // Straight against each other no way is the shortest: go round about the view's up.
  const opposed = length(add(from.direction, to.direction)) < 1e-3;
  const direction = opposed
    ? turn(from.direction, from.up, share * Math.PI)
    : normalize(mix(from.direction, to.direction));
  const upward = reject(mix(from.up, to.up), direction);
  const up = length(upward) < 1e-3 ? reject(to.up, direction) : upward;
  if (length(up) < 1e-3) return to;
  return {
    focal: mix(from.focal, to.focal),
    direction,
    up: normalize(up),
    half_height_mm: from.half_height_mm ** (1 - share) * to.half_height_mm ** share,
  };
}

/** Return the patient directions that `direction` points to, the strongest first: "L", "LS". */
export function lettersOf(direction: Vector): string {
  return [0, 1, 2]
    .filter((axis) => Math.abs(direction[axis]) > NAMED_COSINE)
    .sort((a, b) => Math.abs(direction[b]) - Math.abs(direction[a]))
    .map((axis) => LETTERS[axis][direction[axis] > 0 ? 0 : 1])
    .join("");
}

/** Return a round length (1, 2 or 5 times a power of ten), mm, of at most `longestPx` pixels. */
export function roundLengthMm(mmPerPx: number, longestPx: number): number {
  const longest = mmPerPx * longestPx;
  const power = 10 ** Math.floor(Math.log10(longest));
  const step = [5, 2, 1].find((digit) => digit * power <= longest) ?? 1;
  return step * power;
}
