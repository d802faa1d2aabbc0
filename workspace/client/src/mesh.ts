// A surface as it is drawn and asked: in the anatomy's own frame, LPS, mm.

import type { Bvh } from "./bvh";

export interface Mesh {
  /** x, y, z of each vertex, mm. */
  vertices: Float32Array;
  /** Three vertices of each triangle, counter-clockwise from outside. */
  triangles: Uint32Array;
  /** Smooth unit normals, one per vertex. */
  normals: Float32Array;
  /** For finding triangles; comes after the rest, for a picture can do without. */
  bvh: Bvh | null;
}

/** Return vertex normals: the mean of the triangles around, weighted by area. */
export function smoothNormals(vertices: Float32Array, triangles: Uint32Array): Float32Array {
  return normalsFrom(crossesOf(vertices, triangles), triangles, vertices.length);
}

/** Return a normal of each triangle; as long as twice its area, mm2. */
export function crossesOf(p: Float32Array, triangles: Uint32Array): Float32Array {
  const crosses = new Float32Array(triangles.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * triangles[t];
    const b = 3 * triangles[t + 1];
    const c = 3 * triangles[t + 2];
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    crosses[t] = uy * vz - uz * vy;
    crosses[t + 1] = uz * vx - ux * vz;
    crosses[t + 2] = ux * vy - uy * vx;
  }
  return crosses;
}

/** Return unit normals of vertices, `size` numbers, from those of the triangles. */
export function normalsFrom(crosses: Float32Array, triangles: Uint32Array, size: number): Float32Array {
  const normals = new Float32Array(size);
  for (let corner = 0; corner < triangles.length; corner += 1) {
    const t = corner - (corner % 3);
    const v = 3 * triangles[corner];
    normals[v] += crosses[t];
    normals[v + 1] += crosses[t + 1];
    normals[v + 2] += crosses[t + 2];
  }
  for (let i = 0; i < normals.length; i += 3) {
    const [x, y, z] = [normals[i], normals[i + 1], normals[i + 2]];
    const long = Math.sqrt(x * x + y * y + z * z) || 1; // Math.hypot takes ten times as long
    normals[i] /= long;
    normals[i + 1] /= long;
    normals[i + 2] /= long;
  }
  return normals;
}
