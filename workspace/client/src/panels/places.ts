// Where a record is, to look at it.

import type { PlanView } from "../protocol";
import { solidOf } from "../store";
import { add, scale, type Vector } from "../vector";

export interface Place {
  point_mm?: Vector;
  solid_id?: string;
}

function middleOf(points: Vector[]): Vector {
  const sum = points.reduce((total, point) => add(total, point), [0, 0, 0] as Vector);
  return scale(sum, 1 / points.length);
}

/** Return the place of a record, or null where it has none or there is no such record. */
export function placeOf(view: PlanView, id: string): Place | null {
  if (solidOf(view, id)) return { solid_id: id };
  if (view.cuts[id]) return { point_mm: view.cuts[id].world_plane.origin };
  if (view.notes[id]) return { point_mm: view.notes[id].world_mm };
  const measured = view.measurements[id];
  if (measured) return { point_mm: middleOf([measured.start_world_mm, measured.end_world_mm]) };
  const markup = view.markups[id];
  if (!markup) return null;
  const points = markup.world_points.length ? markup.world_points : (markup.findings?.path_mm ?? []);
  return points.length ? { point_mm: middleOf(points) } : { solid_id: markup.solid_ids[0] };
}
