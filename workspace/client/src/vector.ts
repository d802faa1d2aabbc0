// Points and directions in the patient: LPS, mm.

export type Vector = [number, number, number];

export const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vector, factor: number): Vector => [
  a[0] * factor,
  a[1] * factor,
  a[2] * factor,
];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vector): number => Math.hypot(a[0], a[1], a[2]);
export const distanceMm = (a: Vector, b: Vector): number => length(subtract(a, b));

/** Return the direction of `a`; the zero vector has none and comes back as it is. */
export function normalize(a: Vector): Vector {
  const size = length(a);
  return size === 0 ? a : scale(a, 1 / size);
}

/** Return the part of `a` that is at right angles to the direction `axis`. */
export const reject = (a: Vector, axis: Vector): Vector => subtract(a, scale(axis, dot(a, axis)));

/** Return two directions that span the plane with this normal; the second is as near to `up` as can be. */
export function spanOf(normal: Vector, up: Vector): [Vector, Vector] {
  let v = reject(up, normal);
  if (length(v) < 0.1) v = reject(Math.abs(normal[1]) < 0.9 ? [0, -1, 0] : [1, 0, 0], normal);
  v = normalize(v);
  return [normalize(cross(v, normal)), v];
}

/** Turn `a` about the direction `axis` by the right-hand rule. */
export function turn(a: Vector, axis: Vector, angleRad: number): Vector {
  const c = Math.cos(angleRad);
  const along = scale(axis, dot(a, axis) * (1 - c));
  return add(add(scale(a, c), scale(cross(axis, a), Math.sin(angleRad))), along);
}
