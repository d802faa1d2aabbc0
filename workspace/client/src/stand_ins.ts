// Which solids are on screen while surfaces still come: a parent stands in for pieces that are not here.

import type { Mesh } from "./mesh";
import type { FragmentRecord, PlanView } from "./protocol";
import { leavesOf, solidOf, type Solid } from "./store";

type MeshOf = (solid: Solid) => Mesh | undefined;

/** Return the solids to be drawn. A parent stands in until both its pieces have come. */
export function shownOf(view: PlanView, meshOf: MeshOf): [string, Solid, Mesh][] {
  const leaves = leavesOf(view);
  const standIns = new Map<string, Solid>();
  for (const [, solid] of leaves) {
    if (meshOf(solid) || !("parent_id" in solid)) continue;
    const parent = nearestHere(view, solid, meshOf);
    if (parent) standIns.set(...parent);
  }
  const hidden = (solid: Solid) =>
    "parent_id" in solid && ancestorsOf(view, solid).some((id) => standIns.has(id));
  const drawn = [...standIns, ...leaves.filter(([, solid]) => !hidden(solid))];
  return drawn.flatMap(([id, solid]): [string, Solid, Mesh][] => {
    const mesh = meshOf(solid);
    return mesh ? [[id, solid, mesh]] : [];
  });
}

function ancestorsOf({ fragments }: PlanView, fragment: FragmentRecord): string[] {
  const ids: string[] = [];
  let parent: string | undefined = fragment.parent_id;
  while (parent !== undefined && ids.length < 1000) {
    ids.push(parent);
    parent = fragments[parent]?.parent_id;
  }
  return ids;
}

function nearestHere(view: PlanView, fragment: FragmentRecord, meshOf: MeshOf): [string, Solid] | null {
  for (const id of ancestorsOf(view, fragment)) {
    const solid = solidOf(view, id);
    if (solid && meshOf(solid)) return [id, solid];
  }
  return null;
}
