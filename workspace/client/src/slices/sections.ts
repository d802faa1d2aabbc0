// The outlines of the solids on screen in one slice, kept until mesh, motion or plane change.

import type { Mesh } from "../mesh";
import type { Place } from "../panes/pane";
import { applyToPlane, apply, inverse, rotate, type Plane, type RigidTransform } from "../rigid";
import type { Stage } from "../stage";
import { shadeOf, type Solid } from "../store";
import { dot, type Vector } from "../vector";
import type { Hands } from "../hands";
import { mmPerPixel, rightOf, type Camera, type Pixel, type Size } from "../camera";
import { areaOf, outlineOf, type Outline } from "./outlines";

export interface Section {
  id: string;
  solid: Solid;
  colour: Vector;
  opacity: number;
  transform: RigidTransform;
  outline: Outline;
  area: number;
}

/** Six numbers take a point of the mesh's frame to a pixel, two more place the origin. */
type Flat = [Vector, Vector, number, number];

interface Kept {
  mesh: Mesh;
  plane: Plane;
  outline: Outline;
  area: number;
}

/** A line is under the pointer within this. */
const NEAR_PX = 5;

export class Sections {
  private kept = new Map<string, Kept>();

  constructor(
    private readonly stage: Stage,
    private readonly hands: Hands,
  ) {}

  /** Return the sections of all visible solids with a world plane. */
  at(world: Plane): Section[] {
    // Read, so that a surface that can be cut is drawn.
    void this.stage.state.traced;
    const before = this.kept;
    this.kept = new Map();
    return this.stage.shown().flatMap(([id, solid, mesh]): Section[] => {
      if (mesh.bvh === null) return [];
      const opacity = this.stage.opacityOf(id, solid);
      if (!this.stage.isVisible(id) || opacity === 0) return [];
      const transform = this.hands.transformOf(id);
      const plane = applyToPlane(inverse(transform), world);
      const known = before.get(id);
      const kept = known && known.mesh === mesh && samePlane(known.plane, plane) ? known : cutOf(mesh, plane);
      this.kept.set(id, kept);
      const { outline, area } = kept;
      return outline.loops.length ? [{ id, solid, colour: shadeOf(solid, this.stage.colours), opacity, transform, outline, area }] : [];
    });
  }
}

function cutOf(mesh: Mesh, plane: Plane): Kept {
  const outline = outlineOf(mesh, plane);
  return { mesh, plane, outline, area: areaOf(outline, plane.normal) };
}

/** Two planes with the same points, not only the same numbers: scrolling along one moves its origin. */
function samePlane(a: Plane, b: Plane): boolean {
  const near = (p: number, q: number) => Math.abs(p - q) < 1e-9;
  return a.normal.every((value, i) => near(value, b.normal[i])) && near(dot(a.origin, a.normal), dot(b.origin, b.normal));
}

/** Return how points of a solid's frame are seen, as a table: quick for thousands of points. */
export function flatten(camera: Camera, size: Size, transform: RigidTransform): Flat {
  const mm = mmPerPixel(camera, size);
  const back = inverse(transform);
  const [right, up] = [rightOf(camera), camera.up];
  const seen = (axis: Vector, factor: number): Vector => rotate(back.rotation, axis).map((v) => v * factor) as Vector;
  const start = apply(transform, [0, 0, 0]).map((value, i) => value - camera.focal[i]) as Vector;
  return [
    seen(right, 1 / mm),
    seen(up, -1 / mm),
    size.width / 2 + dot(start, right) / mm,
    size.height / 2 - dot(start, up) / mm,
  ];
}

/** Call for each loop with its pixels, x and y by turns. */
export function forLoops(section: Section, camera: Camera, size: Size, take: (pixels: Float64Array, closed: boolean) => void): void {
  const [u, v, x0, y0] = flatten(camera, size, section.transform);
  const { points, loops } = section.outline;
  for (const { from, to, closed } of loops) {
    const pixels = new Float64Array(2 * (to - from));
    for (let i = from, at = 0; i < to; i += 1, at += 2) {
      const [x, y, z] = [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
      pixels[at] = x0 + u[0] * x + u[1] * y + u[2] * z;
      pixels[at + 1] = y0 + v[0] * x + v[1] * y + v[2] * z;
    }
    take(pixels, closed);
  }
}

/** Return the place on a slice: on the nearest outline, in the smallest solid around, or in the images. */
export function placeOn(sections: Section[], camera: Camera, size: Size, pixel: Pixel, world: Vector): Place {
  let best: Section | null = null;
  let nearest = NEAR_PX;
  let smallest = Infinity;
  let around: Section | null = null;
  for (const section of sections) {
    const { gap, inside } = meet(section, camera, size, pixel);
    if (gap <= nearest) [nearest, best] = [gap, section];
    if (inside && section.area < smallest) [smallest, around] = [section.area, section];
  }
  const found = best ?? around;
  if (!found) return { solid_id: null, point_mm: world, world_mm: world };
  return { solid_id: found.id, point_mm: apply(inverse(found.transform), world), world_mm: world };
}

/** How far a pixel is from a section's lines, and whether it is within them (even-odd). */
function meet(section: Section, camera: Camera, size: Size, [x, y]: Pixel): { gap: number; inside: boolean } {
  let square = Infinity;
  let inside = false;
  forLoops(section, camera, size, (pixels, closed) => {
    const count = pixels.length / 2;
    for (let i = closed ? 0 : 1; i < count; i += 1) {
      const j = i === 0 ? count - 1 : i - 1;
      const [ax, ay, bx, by] = [pixels[2 * j], pixels[2 * j + 1], pixels[2 * i], pixels[2 * i + 1]];
      if (closed && ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      const [dx, dy] = [bx - ax, by - ay];
      const long = dx * dx + dy * dy;
      const raw = long === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / long;
      const share = raw < 0 ? 0 : raw > 1 ? 1 : raw;
      const off = (ax + share * dx - x) ** 2 + (ay + share * dy - y) ** 2;
      if (off < square) square = off;
    }
  });
  return { gap: Math.sqrt(square), inside };
}
