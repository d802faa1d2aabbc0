// Rigid motions as on the wire: a unit quaternion (w, x, y, z), then a translation in mm.

import { add, cross, length, normalize, scale, subtract, type Vector } from "./vector";

export type Quaternion = [number, number, number, number];

export interface RigidTransform {
  rotation: Quaternion;
  translation_mm: Vector;
}

export interface Plane {
  origin: Vector;
  normal: Vector;
}

export const IDENTITY: RigidTransform = { rotation: [1, 0, 0, 0], translation_mm: [0, 0, 0] };

export function unit(q: Quaternion): Quaternion {
  const size = Math.hypot(q[0], q[1], q[2], q[3]);
  return [q[0] / size, q[1] / size, q[2] / size, q[3] / size];
}

/** Return the turn `first`, then `then`. */
export function multiply(then: Quaternion, first: Quaternion): Quaternion {
  const [aw, ax, ay, az] = then;
  const [bw, bx, by, bz] = first;
  return unit([
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ]);
}

export function aboutAxis(axis: Vector, angleDeg: number): Quaternion {
  const half = (angleDeg * Math.PI) / 360;
  const [x, y, z] = scale(normalize(axis), Math.sin(half));
  return unit([Math.cos(half), x, y, z]);
}

export function rotate(q: Quaternion, v: Vector): Vector {
  const axis: Vector = [q[1], q[2], q[3]];
  const t = scale(cross(axis, v), 2);
  return add(add(v, scale(t, q[0])), cross(axis, t));
}

export const apply = (t: RigidTransform, point: Vector): Vector =>
  add(rotate(t.rotation, point), t.translation_mm);

export function inverse(t: RigidTransform): RigidTransform {
  const [w, x, y, z] = t.rotation;
  const back: Quaternion = [w, -x, -y, -z];
  return { rotation: back, translation_mm: scale(rotate(back, t.translation_mm), -1) };
}

export function applyToPlane(t: RigidTransform, plane: Plane): Plane {
  return { origin: apply(t, plane.origin), normal: normalize(rotate(t.rotation, plane.normal)) };
}

/** Angle of the rotation, 0 to 180 degrees. */
export function angleDeg(q: Quaternion): number {
  const [w, x, y, z] = q;
  return (2 * Math.atan2(Math.hypot(x, y, z), Math.abs(w)) * 180) / Math.PI;
}

/** How far `centre` (as scanned) is moved, mm along L, P and S. */
export const displacement = (t: RigidTransform, centre: Vector): Vector =>
  subtract(apply(t, centre), centre);

/** Return the motion that turns about `centre` (as scanned) and then shifts it by `shift` mm. */
export function fromDisplacement(
  rotation: Quaternion,
  shift: Vector,
  centre: Vector,
): RigidTransform {
  const q = unit(rotation);
  return { rotation: q, translation_mm: subtract(add(centre, shift), rotate(q, centre)) };
}

/** Return the turns about the fixed L, P and S axes, degrees, done in that order. */
export function anglesOf(q: Quaternion): Vector {
  const [w, x, y, z] = q;
  const sine = Math.max(-1, Math.min(1, 2 * (w * y - x * z)));
  const degrees = (value: number) => (value * 180) / Math.PI;
  return [
    degrees(Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))),
    degrees(Math.asin(sine)),
    degrees(Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))),
  ];
}

/** The inverse of `anglesOf`. */
export function fromAngles([l, p, s]: Vector): Quaternion {
  const first = multiply(aboutAxis([0, 1, 0], p), aboutAxis([1, 0, 0], l));
  return multiply(aboutAxis([0, 0, 1], s), first);
}

/** Return the 4x4 matrix by columns, as WebGL and vtk.js want it. */
export function matrix({ rotation, translation_mm: t }: RigidTransform): number[] {
  const x = rotate(rotation, [1, 0, 0]);
  const y = rotate(rotation, [0, 1, 0]);
  const z = rotate(rotation, [0, 0, 1]);
  return [...x, 0, ...y, 0, ...z, 0, ...t, 1];
}

export function sameMotion(a: RigidTransform, b: RigidTransform): boolean {
  const near = (p: number[], q: number[]) => p.every((value, i) => Math.abs(value - q[i]) < 1e-9);
  return near(a.rotation, b.rotation) && near(a.translation_mm, b.translation_mm);
}

/** Whether a value from the wire is a motion that can be drawn. */
export function isMotion(value: RigidTransform): boolean {
  return (
    Math.abs(Math.hypot(...value.rotation) - 1) < 1e-6 && value.translation_mm.every(Number.isFinite)
  );
}

export const isPlane = (value: Plane): boolean =>
  Math.abs(length(value.normal) - 1) < 1e-6 && value.origin.every(Number.isFinite);
