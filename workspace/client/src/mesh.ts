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
