// A surface as it is drawn and asked: in the anatomy's own frame, LPS, mm.

import type { Bvh } from "./bvh";

export interface Mesh {
  /** x, y, z of each vertex, mm. */
  vertices: Float32Array;
  /** Three vertices of each triangle, counter-clockwise from outside. */
  triangles: Uint32Array;
  /** Smooth unit normals, one per vertex. */
  normals: Float32Array;
  bvh: Bvh;
}

/** Return vertex normals: the mean of the triangles around, weighted by area. */
export function smoothNormals(vertices: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(vertices.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * triangles[t];
    const b = 3 * triangles[t + 1];
    const c = 3 * triangles[t + 2];
    const ux = vertices[b] - vertices[a];
    const uy = vertices[b + 1] - vertices[a + 1];
    const uz = vertices[b + 2] - vertices[a + 2];
    const vx = vertices[c] - vertices[a];
    const vy = vertices[c + 1] - vertices[a + 1];
    const vz = vertices[c + 2] - vertices[a + 2];
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (const corner of [a, b, c]) {
      normals[corner] += nx;
      normals[corner + 1] += ny;
      normals[corner + 2] += nz;
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const size = Math.hypot(normals[i], normals[i + 1], normals[i + 2]) || 1;
    normals[i] /= size;
    normals[i + 1] /= size;
    normals[i + 2] /= size;
  }
  return normals;
}

/** A right-angled rim stands 45 degrees off its mean normal on each side. */
const CREASE_COSINE = 0.75;

/** Give vertices on sharp edges one copy per side, so that the rim of a cut is drawn as an edge. */
export function splitCreases(
  vertices: Float32Array,
  triangles: Uint32Array,
): { vertices: Float32Array; triangles: Uint32Array; normals: Float32Array } {
  const smooth = smoothNormals(vertices, triangles);
  const split = new Map<number, number>();
  const extra: number[] = [];
  const faces = new Uint32Array(triangles);
  const count = vertices.length / 3;
  for (let t = 0; t < faces.length; t += 3) {
    const [nx, ny, nz] = faceNormal(vertices, triangles, t);
    for (let k = 0; k < 3; k += 1) {
      const v = triangles[t + k];
      const facing = nx * smooth[3 * v] + ny * smooth[3 * v + 1] + nz * smooth[3 * v + 2];
      if (facing >= CREASE_COSINE || (nx === 0 && ny === 0 && nz === 0)) continue;
      // One copy per vertex and main direction of the face: enough for the two sides of a rim.
      const key = v * 32 + directionKey(nx, ny, nz);
      let copy = split.get(key);
      if (copy === undefined) {
        copy = count + extra.length;
        extra.push(v);
        split.set(key, copy);
      }
      faces[t + k] = copy;
    }
  }
  if (extra.length === 0) return { vertices, triangles, normals: smooth };
  const all = new Float32Array(vertices.length + 3 * extra.length);
  all.set(vertices);
  extra.forEach((v, i) => all.set(vertices.subarray(3 * v, 3 * v + 3), vertices.length + 3 * i));
  return { vertices: all, triangles: faces, normals: smoothNormals(all, faces) };
}

function directionKey(x: number, y: number, z: number): number {
  const level = (value: number) => (value > 0.5 ? 2 : value < -0.5 ? 1 : 0);
  return level(x) * 9 + level(y) * 3 + level(z);
}

function faceNormal(p: Float32Array, f: Uint32Array, t: number): [number, number, number] {
  const a = 3 * f[t];
  const b = 3 * f[t + 1];
  const c = 3 * f[t + 2];
  const ux = p[b] - p[a];
  const uy = p[b + 1] - p[a + 1];
  const uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a];
  const vy = p[c + 1] - p[a + 1];
  const vz = p[c + 2] - p[a + 2];
  const n: [number, number, number] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const size = Math.hypot(n[0], n[1], n[2]);
  return size > 0 ? [n[0] / size, n[1] / size, n[2] / size] : [0, 0, 0];
}
