// Closed surfaces whose volumes are known.

export interface Shape {
  vertices: Float32Array;
  triangles: Uint32Array;
}

export function box(sx: number, sy: number, sz: number): Shape {
  const corner = (i: number) => [i & 1 ? sx : 0, i & 2 ? sy : 0, i & 4 ? sz : 0];
  const vertices = Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7].flatMap(corner));
  const quads = [
    [0, 2, 3, 1],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 4, 6, 2],
    [1, 3, 7, 5],
  ];
  const triangles = quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]);
  return { vertices, triangles: Uint32Array.from(triangles) };
}

export function ball(radius: number, rings: number, centre = [0, 0, 0]): Shape {
  const around = 2 * rings;
  const points: number[] = [];
  for (let i = 0; i <= rings; i += 1) {
    for (let j = 0; j < around; j += 1) {
      const [theta, phi] = [(Math.PI * i) / rings, (2 * Math.PI * j) / around];
      const unit = [Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta)];
      points.push(...unit.map((value, axis) => centre[axis] + radius * value));
    }
  }
  const triangles: number[] = [];
  for (let i = 0; i < rings; i += 1) {
    for (let j = 0; j < around; j += 1) {
      const next = (j + 1) % around;
      const [a, b] = [i * around + j, i * around + next];
      const [c, d] = [a + around, b + around];
      if (i > 0) triangles.push(a, c, b);
      if (i < rings - 1) triangles.push(b, c, d);
    }
  }
  return { vertices: Float32Array.from(points), triangles: Uint32Array.from(triangles) };
}

/** A ring about the z axis; `steps` around it, and half as many around the tube. */
export function torus(radius: number, tube: number, steps: number): Shape {
  const round = steps / 2;
  const points: number[] = [];
  const triangles: number[] = [];
  for (let i = 0; i < steps; i += 1) {
    for (let j = 0; j < round; j += 1) {
      const [phi, theta] = [(2 * Math.PI * i) / steps, (2 * Math.PI * j) / round];
      const far = radius + tube * Math.cos(theta);
      points.push(far * Math.cos(phi), far * Math.sin(phi), tube * Math.sin(theta));
      const [a, b] = [i * round + j, i * round + ((j + 1) % round)];
      const [c, d] = [((i + 1) % steps) * round + j, ((i + 1) % steps) * round + ((j + 1) % round)];
      triangles.push(a, c, b, b, c, d);
    }
  }
  return { vertices: Float32Array.from(points), triangles: Uint32Array.from(triangles) };
}
