// What is under the pointer: exact, on the CPU, through the motions of the solids.

import { firstHit, treeOf } from "./bvh";
import { stretchOf } from "./inside/clips";
import type { Mesh } from "./mesh";
import { apply, inverse, rotate, type Plane, type RigidTransform } from "./rigid";
import { add, scale, type Vector } from "./vector";

export interface Pickable {
  id: string;
  mesh: Mesh;
  transform: RigidTransform;
  opacity: number;
  /** World; only what lies on the positive side of all of them is there. */
  clips?: Plane[];
}

export interface Ray {
  origin: Vector;
  direction: Vector;
}

export interface Pick {
  solid_id: string;
  /** In the anatomy's own frame, mm. */
  point_mm: Vector;
  world_mm: Vector;
  distance: number;
}

/** Below this a solid is a veil: one points through it at what lies behind. */
const VEIL_OPACITY = 0.35;

/** Return what the ray meets first; a veil only where there is nothing else. */
export function pick(ray: Ray, solids: Iterable<Pickable>): Pick | null {
  let solid: Pick | null = null;
  let veil: Pick | null = null;
  for (const pickable of solids) {
    const hit = pickOne(ray, pickable);
    if (hit === null) continue;
    if (pickable.opacity >= VEIL_OPACITY) {
      if (solid === null || hit.distance < solid.distance) solid = hit;
    } else if (veil === null || hit.distance < veil.distance) veil = hit;
  }
  return solid ?? veil;
}

export function pickOne(ray: Ray, { id, mesh, transform, clips = [] }: Pickable): Pick | null {
  const stretch = stretchOf(clips, ray.origin, ray.direction);
  if (stretch === null) return null;
  const [near, far] = stretch;
  const back = inverse(transform);
  const origin = apply(back, add(ray.origin, scale(ray.direction, near)));
  const direction = rotate(back.rotation, ray.direction);
  const hit = firstHit(treeOf(mesh), mesh.vertices, mesh.triangles, origin, direction);
  if (hit === null || near + hit.distance > far) return null;
  const point_mm = add(origin, scale(direction, hit.distance));
  return {
    solid_id: id,
    point_mm,
    world_mm: apply(transform, point_mm),
    distance: near + hit.distance,
  };
}
