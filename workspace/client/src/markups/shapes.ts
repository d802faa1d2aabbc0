// The lines that a markup is drawn with, in the world, from its points.

import type { Plane } from "../rigid";
import { add, cross, dot, length, normalize, scale, subtract, type Vector } from "../vector";
import type { MarkupKind } from "../records";

/** Steps of a drawn ellipse. */
const ELLIPSE_STEPS = 72;

/** Corners of a box that differ along one axis are joined. */
const EDGES = [
  [0, 1], [2, 3], [4, 5], [6, 7],
  [0, 2], [1, 3], [4, 6], [5, 7],
  [0, 4], [1, 5], [2, 6], [3, 7],
];

/** Return the outline of an ellipse from its centre and the ends of two half axes; it is closed. */
export function ellipse([centre, first, second]: Vector[]): Vector[] {
  const [a, b] = [subtract(first, centre), subtract(second, centre)];
  return Array.from({ length: ELLIPSE_STEPS + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / ELLIPSE_STEPS;
    return add(centre, add(scale(a, Math.cos(angle)), scale(b, Math.sin(angle))));
  });
}

/** Return the eight corners of a box along L, P and S: a bit for each axis says whose it is. */
export function boxCorners([a, b]: Vector[]): Vector[] {
  return Array.from({ length: 8 }, (_, i): Vector => [i & 1 ? b[0] : a[0], i & 2 ? b[1] : a[1], i & 4 ? b[2] : a[2]]);
}

export function boxEdges(points: Vector[]): Vector[][] {
  const corners = boxCorners(points);
  return EDGES.map(([from, to]) => [corners[from], corners[to]]);
}

/** Return where a plane cuts a box along L, P and S: its outline, closed; empty where it misses. */
export function boxSection(corners: Vector[], { origin, normal }: Plane): Vector[] {
  const found: Vector[] = [];
  for (const [from, to] of boxEdges(corners)) {
    const [s, u] = [dot(subtract(from, origin), normal), dot(subtract(to, origin), normal)];
    if (s === u || s * u > 0) continue;
    found.push(add(from, scale(subtract(to, from), s / (s - u))));
  }
  if (found.length < 3) return [];
  const centre = scale(found.reduce(add), 1 / found.length);
  const first = normalize(subtract(found[0], centre));
  const second = cross(normal, first);
  const turnOf = (point: Vector) => Math.atan2(dot(subtract(point, centre), second), dot(subtract(point, centre), first));
  const around = found.sort((p, q) => turnOf(p) - turnOf(q));
  return [...around, around[0]];
}

/** Return the polylines of a kind through its points; `path` is what the server found, if it has. */
export function linesOf(kind: MarkupKind, points: Vector[], path: Vector[] = []): Vector[][] {
  switch (kind) {
    case "point":
    case "text":
      return [];
    case "surface_path":
      return [path.length > 1 ? path : points];
    case "gap":
      return path.length > 1 ? [path] : [];
    case "closed_curve":
      return points.length > 2 ? [[...points, points[0]]] : [points];
    case "roi_ellipse":
      return points.length > 2 ? [ellipse(points)] : [points];
    case "roi_box":
      return points.length > 1 ? boxEdges(points) : [];
    default:
      return [points];
  }
}

/**
 * Return two opposite corners of a box from two places that were clicked.
 *
 * Both on one slice span no box: it then reaches as far before and behind the slice as half of its
 * shorter side.
 */
export function cornersOf(a: Vector, b: Vector): [Vector, Vector] {
  const low = [0, 1, 2].map((axis) => Math.min(a[axis], b[axis])) as Vector;
  const high = [0, 1, 2].map((axis) => Math.max(a[axis], b[axis])) as Vector;
  const spans = subtract(high, low);
  const [flat, shorter] = [...spans].sort((p, q) => p - q);
  if (flat < 0.05 * shorter) {
    const axis = spans.indexOf(flat);
    low[axis] -= shorter / 2 - flat / 2;
    high[axis] += shorter / 2 - flat / 2;
  }
  return [low, high];
}

/** Return the end of the second half axis: where the pointer is across the first one, in the plane. */
export function secondAxis(centre: Vector, first: Vector, at: Vector, normal: Vector): Vector {
  const across = normalize(cross(normal, subtract(first, centre)));
  const far = dot(subtract(at, centre), across);
  return add(centre, scale(across, far));
}

/** Return three points of the circle about `centre` through `first`. */
export function circle(centre: Vector, first: Vector, normal: Vector): [Vector, Vector, Vector] {
  const across = normalize(cross(normal, subtract(first, centre)));
  return [centre, first, add(centre, scale(across, length(subtract(first, centre))))];
}

export interface Piece {
  from: Vector;
  to: Vector;
  /** Whether it lies within the slab. */
  near: boolean;
}

/** Return a polyline in pieces that lie within `half` of a pane's plane, or beyond it. */
export function splitByDepth(line: Vector[], depthOf: (point: Vector) => number, half: number): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 1; i < line.length; i += 1) {
    const [from, to] = [line[i - 1], line[i]];
    const [s, u] = [depthOf(from), depthOf(to)];
    const cuts = [-half, half].map((level) => (level - s) / (u - s)).filter((share) => share > 0 && share < 1);
    const stops = [0, ...cuts.sort((a, b) => a - b), 1];
    for (let j = 1; j < stops.length; j += 1) {
      const at = (share: number): Vector => add(from, scale(subtract(to, from), share));
      const middle = s + ((u - s) * (stops[j - 1] + stops[j])) / 2;
      pieces.push({ from: at(stops[j - 1]), to: at(stops[j]), near: Math.abs(middle) <= half + 1e-9 });
    }
  }
  return pieces;
}

/** Return every place on a polyline that is far enough from its last kept one to be seen (Douglas and
 * Peucker, 1973, doi:10.3138/FM57-6770-U75U-7727). */
export function simplified(points: Vector[], toleranceMm: number): Vector[] {
  const keep = new Set([0, points.length - 1]);
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let [worst, far] = [-1, toleranceMm];
    for (let i = from + 1; i < to; i += 1) {
      const off = distanceToLine(points[i], points[from], points[to]);
      if (off > far) [worst, far] = [i, off];
    }
    if (worst < 0) continue;
    keep.add(worst);
    spans.push([from, worst], [worst, to]);
  }
  return points.filter((_, i) => keep.has(i));
}

export function distanceToLine(point: Vector, from: Vector, to: Vector): number {
  const along = subtract(to, from);
  const square = dot(along, along);
  const share = square === 0 ? 0 : Math.max(0, Math.min(1, dot(subtract(point, from), along) / square));
  return length(subtract(point, add(from, scale(along, share))));
}
