// Where a plane meets a surface: closed loops along the very triangles that 3D shows.

import { treeOf } from "../bvh";
import type { Mesh } from "../mesh";
import type { Plane } from "../rigid";
import { cross, dot, length, scale, type Vector } from "../vector";
import { welded } from "./weld";

export interface Loop {
  /** Points `from` up to, without, `to`. */
  from: number;
  to: number;
  /** False where the surface has a hole that the plane runs through. */
  closed: boolean;
}

/** Loops run so that, seen against the plane's normal, the inside lies to the left. */
export interface Outline {
  /** x, y, z of each point, mm, in the frame of the mesh. */
  points: Float64Array;
  loops: Loop[];
}

export const NO_OUTLINE: Outline = { points: new Float64Array(0), loops: [] };

const welds = new WeakMap<Mesh, Int32Array>();

function weldOf(mesh: Mesh): Int32Array {
  const known = welds.get(mesh) ?? welded(mesh.vertices);
  welds.set(mesh, known);
  return known;
}

/** Return where the plane, in the frame of the mesh, meets it. */
export function outlineOf(mesh: Mesh, plane: Plane): Outline {
  const crossings = new Crossings(mesh, weldOf(mesh), plane);
  forTrianglesAt(mesh, plane, (triangle) => crossings.take(triangle));
  return crossings.chained();
}

/** Call for each triangle whose box the plane may meet. */
function forTrianglesAt(
  mesh: Mesh,
  { origin, normal: [a, b, c] }: Plane,
  take: (triangle: number) => void,
): void {
  const { boxes, counts, nexts, order } = treeOf(mesh);
  const level = dot([a, b, c], origin);
  const [aa, bb, cc] = [Math.abs(a), Math.abs(b), Math.abs(c)];
  // The boxes are of single precision: a little slack loses no triangle.
  const slack = 1e-4 * (1 + 1e-3 * Math.abs(level));
  const stack = [0];
  while (stack.length > 0) {
    const node = stack.pop() as number;
    const at = 6 * node;
    const middle = a * (boxes[at] + boxes[at + 3]) + b * (boxes[at + 1] + boxes[at + 4]) + c * (boxes[at + 2] + boxes[at + 5]);
    const reach = aa * (boxes[at + 3] - boxes[at]) + bb * (boxes[at + 4] - boxes[at + 1]) + cc * (boxes[at + 5] - boxes[at + 2]);
    // Also false for the box of an empty mesh, whose middle is no number.
    if (!(Math.abs(middle / 2 - level) <= reach / 2 + slack)) continue;
    const count = counts[node];
    if (count === 0 && nexts[node] > 0) stack.push(nexts[node], node + 1);
    for (let i = 0; i < count; i += 1) take(order[nexts[node] + i]);
  }
}

/** Collects the crossed triangles and chains them by the edges that they share. */
class Crossings {
  /** Per segment: the crossed edge that it starts at, the one that it ends at. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** Per crossed edge: its number. */
  private readonly edges = new Map<number, number>();
  private readonly points: number[] = [];
  private readonly level: number;
  private readonly stride: number;

  constructor(
    private readonly mesh: Mesh,
    private readonly weld: Int32Array,
    private readonly plane: Plane,
  ) {
    this.level = dot(plane.normal, plane.origin);
    this.stride = weld.length;
  }

  take(triangle: number): void {
    const { triangles } = this.mesh;
    const at = 3 * triangle;
    const corners = [this.weld[triangles[at]], this.weld[triangles[at + 1]], this.weld[triangles[at + 2]]];
    const sides = corners.map((corner) => this.sideOf(corner));
    // What lies in the plane counts as before it: so each triangle is crossed twice or not at all.
    const before = sides.map((side) => side >= 0);
    if (before[0] === before[1] && before[1] === before[2]) return;
    let start = -1;
    let end = -1;
    for (let i = 0; i < 3; i += 1) {
      const j = (i + 1) % 3;
      if (before[i] === before[j]) continue;
      const edge = this.edgeAt(corners[i], corners[j], sides[i], sides[j]);
      if (before[i]) start = edge;
      else end = edge;
    }
    this.starts.push(start);
    this.ends.push(end);
  }

  chained(): Outline {
    const next = this.nextSegments();
    const entered = new Uint8Array(this.edges.size);
    for (const end of this.ends) entered[end] = 1;
    const used = new Uint8Array(this.starts.length);
    const loops: Loop[] = [];
    const order: number[] = [];
    const follow = (first: number) => {
      const from = order.length;
      let segment = first;
      let edge = this.starts[first];
      while (segment >= 0) {
        used[segment] = 1;
        order.push(edge);
        edge = this.ends[segment];
        segment = next(edge, used);
      }
      const closed = edge === this.starts[first];
      if (!closed) order.push(edge);
      loops.push({ from, to: order.length, closed });
    };
    // Open lines first, from their beginnings; then whatever is left goes round.
    this.starts.forEach((edge, segment) => !entered[edge] && !used[segment] && follow(segment));
    this.starts.forEach((_, segment) => !used[segment] && follow(segment));
    const points = new Float64Array(3 * order.length);
    order.forEach((edge, i) => {
      for (const axis of [0, 1, 2]) points[3 * i + axis] = this.points[3 * edge + axis];
    });
    return { points, loops };
  }

  /** Return how to go on from an edge: the next segment that was not walked, or -1. */
  private nextSegments(): (edge: number, used: Uint8Array) => number {
    const first = new Int32Array(this.edges.size).fill(-1);
    const others = new Int32Array(this.starts.length).fill(-1);
    this.starts.forEach((edge, segment) => {
      others[segment] = first[edge];
      first[edge] = segment;
    });
    return (edge, used) => {
      let segment = first[edge];
      while (segment >= 0 && used[segment]) segment = others[segment];
      return segment;
    };
  }

  private sideOf(vertex: number): number {
    const { vertices } = this.mesh;
    const { normal } = this.plane;
    const at = 3 * vertex;
    return normal[0] * vertices[at] + normal[1] * vertices[at + 1] + normal[2] * vertices[at + 2] - this.level;
  }

  private edgeAt(a: number, b: number, sideA: number, sideB: number): number {
    const key = a < b ? a * this.stride + b : b * this.stride + a;
    const known = this.edges.get(key);
    if (known !== undefined) return known;
    const edge = this.edges.size;
    this.edges.set(key, edge);
    const { vertices } = this.mesh;
    const share = sideA / (sideA - sideB);
    for (const axis of [0, 1, 2]) {
      const start = vertices[3 * a + axis];
      this.points.push(start + share * (vertices[3 * b + axis] - start));
    }
    return edge;
  }
}

const pointOf = ({ points }: Outline, i: number): Vector => [points[3 * i], points[3 * i + 1], points[3 * i + 2]];

/** Length of all loops, mm. */
export function lengthOf(outline: Outline): number {
  let sum = 0;
  for (const { from, to, closed } of outline.loops) {
    for (let i = from; i < to - (closed ? 0 : 1); i += 1) {
      const j = i + 1 < to ? i + 1 : from;
      const [a, b] = [pointOf(outline, i), pointOf(outline, j)];
      sum += Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
    }
  }
  return sum;
}

/** Area that the loops enclose, holes taken off, mm2: the shoelace formula in the plane. */
export function areaOf(outline: Outline, normal: Vector): number {
  let twice: Vector = [0, 0, 0];
  for (const { from, to, closed } of outline.loops) {
    if (!closed) continue;
    const first = pointOf(outline, from);
    const about = (i: number): Vector => pointOf(outline, i).map((value, axis) => value - first[axis]) as Vector;
    for (let i = from + 1; i < to - 1; i += 1) {
      const part = cross(about(i), about(i + 1));
      twice = [twice[0] + part[0], twice[1] + part[1], twice[2] + part[2]];
    }
  }
  return dot(scale(twice, 0.5), scale(normal, 1 / length(normal)));
}
