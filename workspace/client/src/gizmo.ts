// Handles to take hold of: where they are, which one is under the pointer, how far a drag goes.

import {
  mmPerPixel,
  project,
  projectDirection,
  rayThrough,
  type Camera,
  type Pixel,
  type Size,
} from "./camera";
import { add, cross, dot, normalize, scale, subtract, turn, type Vector } from "./vector";

export interface Handle {
  id: string;
  kind: "shift" | "turn" | "point";
  /** Direction of the shift, or of the axis of the turn; world, unit length. A point has none. */
  axis: Vector;
  centre: Vector;
  /** World polyline by which it is drawn and taken; one point: a knob. */
  points: Vector[];
  tint: string;
  label: string;
}

const REACH_PX = 9;
const KNOB_REACH_PX = 13;
/** An arrow that points nearly at the eye cannot be dragged in a controlled way. */
const SHORTEST_ARROW_PX = 16;
/** A knob nearer to the middle than this would be confused with it. */
const KNOB_CLEARANCE_PX = 46;
const ARROW_PX = 122;
const RING_PX = 88;
const RING_STEPS = 64;
/** A ring seen flatter than this (cosine) is turned along its edge instead of within its plane. */
const FLAT_COSINE = 0.3;

/** The patient's axes: direction of plus, letter, and a quiet tint (colour is for meaning). */
const AXES: { axis: Vector; letter: string; tint: string }[] = [
  { axis: [1, 0, 0], letter: "L", tint: "#9fc8ff" },
  { axis: [0, 1, 0], letter: "P", tint: "#d3bcff" },
  { axis: [0, 0, 1], letter: "S", tint: "#b4ecd2" },
];

/** Three arrows and three rings about `centre`, along the patient's axes. */
export function motionHandles(camera: Camera, size: Size, centre: Vector): Handle[] {
  const mm = mmPerPixel(camera, size);
  return AXES.flatMap(({ axis, letter, tint }): Handle[] => {
    const [first, second] = ringSpan(axis);
    const circle = Array.from({ length: RING_STEPS + 1 }, (_, i) => {
      const angle = (2 * Math.PI * i) / RING_STEPS;
      const spoke = add(scale(first, Math.cos(angle)), scale(second, Math.sin(angle)));
      return add(centre, scale(spoke, RING_PX * mm));
    });
    const tip = add(centre, scale(axis, ARROW_PX * mm));
    const foot = add(centre, scale(axis, 12 * mm));
    return [
      { id: `shift-${letter}`, kind: "shift", axis, centre, points: [foot, tip], tint, label: letter },
      { id: `turn-${letter}`, kind: "turn", axis, centre, points: circle, tint, label: "" },
    ];
  });
}

/** An arrow along the normal of a plane, and a knob per direction in it that tilts the plane. */
export function planeHandles(
  camera: Camera,
  size: Size,
  centre: Vector,
  normal: Vector,
  [u, v]: [Vector, Vector],
  reach: [number, number],
): Handle[] {
  const mm = mmPerPixel(camera, size);
  const tint = "#ffb020";
  const ends = [scale(normal, -44 * mm), scale(normal, 44 * mm)].map((end) => add(centre, end));
  const shift: Handle = { id: "offset", kind: "shift", axis: normal, centre, points: ends, tint, label: "" };
  const knobs = (["v", "u"] as const).flatMap((name) => {
    const [spoke, axis] = name === "v" ? [v, u] : [u, v];
    const far = Math.min(reach[name === "v" ? 1 : 0], 0.36 * size.height * mm);
    return [1, -1].map((sign): Handle => {
      const point = add(centre, scale(spoke, sign * far));
      return { id: `tilt-${name}${sign}`, kind: "turn", axis, centre, points: [point], tint, label: "" };
    });
  });
  const middle = project(camera, size, centre);
  const apart = ({ points }: Handle) => distancePx(project(camera, size, points[0]), middle) > KNOB_CLEARANCE_PX;
  return [shift, ...knobs.filter(apart)];
}

function ringSpan(axis: Vector): [Vector, Vector] {
  const first = normalize(cross(axis, Math.abs(axis[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]));
  return [first, cross(axis, first)];
}

const distancePx = (a: Pixel, b: Pixel): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Whether a handle can be used from where the camera is. */
export function isUsable(camera: Camera, size: Size, handle: Handle): boolean {
  if (handle.kind !== "shift") return true;
  const [from, to] = [handle.points[0], handle.points[handle.points.length - 1]];
  return distancePx(project(camera, size, from), project(camera, size, to)) > SHORTEST_ARROW_PX;
}

/** Return the handle under the pointer; knobs before arrows before rings. */
export function handleAt(
  camera: Camera,
  size: Size,
  handles: Handle[],
  pixel: Pixel,
): Handle | null {
  let best: Handle | null = null;
  let nearest = Infinity;
  for (const handle of handles) {
    if (!isUsable(camera, size, handle)) continue;
    const knob = handle.points.length === 1;
    const gap = distanceTo(camera, size, handle, pixel) - (knob ? KNOB_REACH_PX : REACH_PX);
    const eager = gap - (handle.kind === "shift" ? 3 : 0);
    if (gap <= 0 && eager < nearest) {
      best = handle;
      nearest = eager;
    }
  }
  return best;
}

function distanceTo(camera: Camera, size: Size, { points }: Handle, pixel: Pixel): number {
  const line = points.map((point) => project(camera, size, point));
  if (line.length === 1) return distancePx(line[0], pixel);
  let nearest = Infinity;
  for (let i = 1; i < line.length; i += 1) {
    nearest = Math.min(nearest, distanceToSegment(line[i - 1], line[i], pixel));
  }
  return nearest;
}

export function distanceToSegment(a: Pixel, b: Pixel, p: Pixel): number {
  const along: Pixel = [b[0] - a[0], b[1] - a[1]];
  const size = along[0] ** 2 + along[1] ** 2;
  const raw = size === 0 ? 0 : ((p[0] - a[0]) * along[0] + (p[1] - a[1]) * along[1]) / size;
  const share = Math.max(0, Math.min(1, raw));
  return distancePx([a[0] + share * along[0], a[1] + share * along[1]], p);
}

/** Return how far the drag has gone when the pointer is at a pixel: mm, or radians. */
export function dragFrom(
  camera: Camera,
  size: Size,
  handle: Handle,
  start: Pixel,
): (pixel: Pixel) => number {
  return handle.kind === "shift"
    ? shiftDrag(camera, size, handle.axis, start)
    : turnDrag(camera, size, handle, start);
}

function shiftDrag(camera: Camera, size: Size, axis: Vector, start: Pixel) {
  const seen = projectDirection(camera, size, axis);
  const square = seen[0] ** 2 + seen[1] ** 2;
  return (pixel: Pixel): number =>
    ((pixel[0] - start[0]) * seen[0] + (pixel[1] - start[1]) * seen[1]) / square;
}

function turnDrag(camera: Camera, size: Size, handle: Handle, start: Pixel) {
  const { axis, centre } = handle;
  if (Math.abs(dot(axis, camera.direction)) <= FLAT_COSINE) {
    const held = nearestOn(camera, size, handle.points, start);
    const spoke = subtract(held, centre);
    const seen = projectDirection(camera, size, cross(axis, spoke));
    const square = Math.max(seen[0] ** 2 + seen[1] ** 2, 1);
    return (pixel: Pixel): number =>
      ((pixel[0] - start[0]) * seen[0] + (pixel[1] - start[1]) * seen[1]) / square;
  }
  const first = spokeAt(camera, size, handle, start);
  const second = cross(axis, first);
  let angle = 0;
  return (pixel: Pixel): number => {
    const spoke = spokeAt(camera, size, handle, pixel);
    const raw = Math.atan2(dot(spoke, second), dot(spoke, first));
    angle = raw + 2 * Math.PI * Math.round((angle - raw) / (2 * Math.PI)); // past half a turn
    return angle;
  };
}

/** Where the ray through a pixel meets the plane of the turn, as a direction from its centre. */
function spokeAt(camera: Camera, size: Size, { axis, centre }: Handle, pixel: Pixel): Vector {
  const { origin, direction } = rayThrough(camera, size, pixel);
  const far = dot(subtract(centre, origin), axis) / dot(direction, axis);
  return normalize(subtract(add(origin, scale(direction, far)), centre));
}

/** The point of the handle that is nearest to the pixel; of two, the one towards the eye. */
function nearestOn(camera: Camera, size: Size, points: Vector[], pixel: Pixel): Vector {
  const cost = (point: Vector) =>
    distancePx(project(camera, size, point), pixel) +
    (0.02 * dot(subtract(point, camera.focal), camera.direction)) / mmPerPixel(camera, size);
  return points.reduce((best, point) => (cost(point) < cost(best) ? point : best));
}

/** Turn a point about a line. */
export const turnAbout = (point: Vector, axis: Vector, centre: Vector, rad: number): Vector =>
  add(centre, turn(subtract(point, centre), axis, rad));
