// A plane through a closed surface: the volumes on both sides and the outline of the section.

import { key } from "./words";
import type { Plane } from "./rigid";
import { spanOf, subtract, dot, type Vector } from "./vector";

export interface Section {
  /** Volume on the side that the normal points to, mL. */
  positive_ml: number;
  negative_ml: number;
  /** Line segments x0, y0, z0, x1, y1, z1, ...: where the plane meets the surface. */
  outline: Float32Array;
  /** Per segment: the outward normal of its triangle, x, y, z (not one long). */
  facing: Float32Array;
  /** Area of the section, cm2. */
  area_cm2: number;
}

/**
 * Cut a closed surface by a plane.
 *
 * Divergence theorem with the plane's origin as apex: the tetrahedra of the cap are flat, so the
 * triangles clipped to one side are enough, and no cap has to be built.
 */
export function sectionOf(vertices: Float32Array, triangles: Uint32Array, plane: Plane): Section {
  const { origin, normal } = plane;
  const points = new Float64Array(vertices.length);
  const sides = new Float64Array(vertices.length / 3);
  for (let i = 0; i < sides.length; i += 1) {
    const x = (points[3 * i] = vertices[3 * i] - origin[0]);
    const y = (points[3 * i + 1] = vertices[3 * i + 1] - origin[1]);
    const z = (points[3 * i + 2] = vertices[3 * i + 2] - origin[2]);
    sides[i] = x * normal[0] + y * normal[1] + z * normal[2];
  }
  const outline: number[] = [];
  const facing: number[] = [];
  let positive = 0;
  let total = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t];
    const b = triangles[t + 1];
    const c = triangles[t + 2];
    const whole = sixfoldVolume(points, a, b, c);
    total += whole;
    const above = Number(sides[a] > 0) + Number(sides[b] > 0) + Number(sides[c] > 0);
    if (above === 3) positive += whole;
    if (above === 0 || above === 3) continue;
    // Turn the triangle so that `p` is the corner that stands alone on its side.
    const lone = above === 1;
    const p = sides[a] > 0 === lone ? a : sides[b] > 0 === lone ? b : c;
    const [q, r] = p === a ? [b, c] : p === b ? [c, a] : [a, b];
    const s = sides[p] / (sides[p] - sides[q]);
    const u = sides[p] / (sides[p] - sides[r]);
    positive += lone ? whole * s * u : whole * (1 - s * u);
    crossing(outline, points, origin, p, q, s);
    crossing(outline, points, origin, p, r, u);
    pushNormal(facing, points, a, b, c);
  }
  return {
    positive_ml: positive / 6000,
    negative_ml: (total - positive) / 6000,
    outline: Float32Array.from(outline),
    facing: Float32Array.from(facing),
    area_cm2: areaOf(outline, facing, plane),
  };
}

function sixfoldVolume(p: Float64Array, a: number, b: number, c: number): number {
  const [i, j, k] = [3 * a, 3 * b, 3 * c];
  return (
    p[i] * (p[j + 1] * p[k + 2] - p[j + 2] * p[k + 1]) +
    p[i + 1] * (p[j + 2] * p[k] - p[j] * p[k + 2]) +
    p[i + 2] * (p[j] * p[k + 1] - p[j + 1] * p[k])
  );
}

function crossing(
  out: number[],
  p: Float64Array,
  origin: Vector,
  from: number,
  to: number,
  share: number,
): void {
  for (let axis = 0; axis < 3; axis += 1) {
    const start = p[3 * from + axis];
    out.push(origin[axis] + start + share * (p[3 * to + axis] - start));
  }
}

function pushNormal(out: number[], p: Float64Array, a: number, b: number, c: number): void {
  const [i, j, k] = [3 * a, 3 * b, 3 * c];
  const ux = p[j] - p[i];
  const uy = p[j + 1] - p[i + 1];
  const uz = p[j + 2] - p[i + 2];
  const vx = p[k] - p[i];
  const vy = p[k + 1] - p[i + 1];
  const vz = p[k + 2] - p[i + 2];
  out.push(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
}

/** Green's theorem in the plane; each segment is turned so that the inside lies to its left. */
function areaOf(outline: number[], facing: number[], plane: Plane): number {
  const [u, v] = spanOf(plane.normal, [0, 0, 1]);
  const [ox, oy] = [dot(u, plane.origin), dot(v, plane.origin)];
  let twice = 0;
  for (let i = 0; i < facing.length / 3; i += 1) {
    const a = outline.slice(6 * i, 6 * i + 3) as Vector;
    const b = outline.slice(6 * i + 3, 6 * i + 6) as Vector;
    const out = facing.slice(3 * i, 3 * i + 3) as Vector;
    const [ax, ay] = [dot(u, a) - ox, dot(v, a) - oy];
    const [bx, by] = [dot(u, b) - ox, dot(v, b) - oy];
    const side = (by - ay) * dot(u, out) - (bx - ax) * dot(v, out);
    twice += (side >= 0 ? 1 : -1) * (ax * by - ay * bx);
  }
  return Math.abs(twice) / 200;
}

const PRINCIPAL: [string, Vector][] = [
  [key("sagittal"), [1, 0, 0]],
  [key("coronal"), [0, 1, 0]],
  [key("axial"), [0, 0, 1]],
];

/** Return the nearest anatomical plane and the tilt off it, degrees; the same for every member. */
export function tiltOf(normal: Vector): { name: string; deg: number } {
  const steepness = PRINCIPAL.map(([, axis]) => Math.abs(dot(axis, normal)));
  const best = steepness.indexOf(Math.max(...steepness));
  const deg = (Math.acos(Math.min(1, steepness[best])) * 180) / Math.PI;
  return { name: PRINCIPAL[best][0], deg };
}

/** How far `point` lies on the positive side of the plane, mm. */
export const signedDistanceMm = (plane: Plane, point: Vector): number =>
  dot(subtract(point, plane.origin), plane.normal);
