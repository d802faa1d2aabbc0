// Vertices on sharp edges get one copy per side, so that the rim of a cut is drawn as an edge.

import { crossesOf, normalsFrom } from "./mesh";

/** Two faces that share an edge belong together when they bend less than 50 degrees. */
const TOGETHER_COSINE = 0.64;
/** Only where a face stands further off the mean normal (25 degrees) can there be a rim. */
const SUSPECT_COSINE = 0.9;
/** mm2; the normal of a thinner sliver is rounding noise and must not make a rim. */
const SLIVER_MM2 = 1e-5;

export interface Shaded {
  vertices: Float32Array;
  triangles: Uint32Array;
  normals: Float32Array;
}

export function splitCreases(vertices: Float32Array, triangles: Uint32Array): Shaded {
  const crosses = crossesOf(vertices, triangles);
  const smooth = normalsFrom(crosses, triangles, vertices.length);
  const faces = unitsOf(crosses);
  const suspects = suspectVertices(triangles, smooth, faces);
  const corners = cornersOf(triangles, suspects);
  const split = new Uint32Array(triangles);
  const copied: number[] = [];
  const first = vertices.length / 3;
  for (const [vertex, around] of corners) {
    const groups = groupsAround(triangles, faces, around);
    for (let g = 1; g < groups.length; g += 1) {
      for (const corner of groups[g]) split[corner] = first + copied.length;
      copied.push(vertex);
    }
  }
  if (copied.length === 0) return { vertices, triangles, normals: smooth };
  const all = new Float32Array(vertices.length + 3 * copied.length);
  all.set(vertices);
  copied.forEach((v, i) => all.set(vertices.subarray(3 * v, 3 * v + 3), vertices.length + 3 * i));
  return { vertices: all, triangles: split, normals: normalsFrom(crosses, split, all.length) };
}

/** Unit normals of the faces; zero for slivers. */
function unitsOf(crosses: Float32Array): Float32Array {
  const normals = new Float32Array(crosses.length);
  for (let t = 0; t < crosses.length; t += 3) {
    const [x, y, z] = [crosses[t], crosses[t + 1], crosses[t + 2]];
    const size = Math.sqrt(x * x + y * y + z * z);
    if (size < 2 * SLIVER_MM2) continue;
    normals[t] = x / size;
    normals[t + 1] = y / size;
    normals[t + 2] = z / size;
  }
  return normals;
}

const isSliver = (n: Float32Array, t: number): boolean =>
  n[t] === 0 && n[t + 1] === 0 && n[t + 2] === 0;

function suspectVertices(
  triangles: Uint32Array,
  smooth: Float32Array,
  faces: Float32Array,
): Uint8Array {
  const suspects = new Uint8Array(smooth.length / 3);
  for (let corner = 0; corner < triangles.length; corner += 1) {
    const t = corner - (corner % 3);
    if (isSliver(faces, t)) continue;
    const v = 3 * triangles[corner];
    const facing =
      faces[t] * smooth[v] + faces[t + 1] * smooth[v + 1] + faces[t + 2] * smooth[v + 2];
    if (facing < SUSPECT_COSINE) suspects[triangles[corner]] = 1;
  }
  return suspects;
}

function cornersOf(triangles: Uint32Array, suspects: Uint8Array): Map<number, number[]> {
  const corners = new Map<number, number[]>();
  for (let corner = 0; corner < triangles.length; corner += 1) {
    const vertex = triangles[corner];
    if (suspects[vertex] === 0) continue;
    const around = corners.get(vertex);
    if (around) around.push(corner);
    else corners.set(vertex, [corner]);
  }
  return corners;
}

/** Part the corners around a vertex where the faces bend sharply. */
function groupsAround(triangles: Uint32Array, faces: Float32Array, around: number[]): number[][] {
  const groups: number[][] = [];
  const left = new Set(around);
  for (const seed of around) {
    if (!left.delete(seed)) continue;
    const group = [seed];
    for (const corner of group) {
      for (const other of left) {
        if (!joined(triangles, faces, corner, other)) continue;
        left.delete(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

function joined(triangles: Uint32Array, faces: Float32Array, a: number, b: number): boolean {
  const s = a - (a % 3);
  const t = b - (b % 3);
  const own = triangles[a];
  const shares = [0, 1, 2].some(
    (k) =>
      triangles[s + k] !== own &&
      (triangles[s + k] === triangles[t] ||
        triangles[s + k] === triangles[t + 1] ||
        triangles[s + k] === triangles[t + 2]),
  );
  if (!shares) return false;
  if (isSliver(faces, s) || isSliver(faces, t)) return true;
  const bend = faces[s] * faces[t] + faces[s + 1] * faces[t + 1] + faces[s + 2] * faces[t + 2];
  return bend > TOGETHER_COSINE;
}
