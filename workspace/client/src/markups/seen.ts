// What is drawn and told of markups: those of the plan, those under the hand, and old distances.

import type { MarkupKind, MarkupRecord, MarkupValue, MeasurementRecord } from "../records";
import type { Plane } from "../rigid";
import type { Bench } from "../tools/tool";
import { distanceMm, scale, type Vector } from "../vector";
import { figuresOf, type Voxel } from "./figures";

export interface Seen {
  id: string;
  kind: MarkupKind;
  name: string;
  text: string;
  author: string;
  colour: string;
  /** World. */
  points: Vector[];
  /** World: what the server found. */
  path: Vector[];
  plane: Plane | null;
  values: MarkupValue[];
  pending: boolean;
  problem: string;
  chosen: boolean;
  /** It is in hand and not in the plan yet. */
  growing: boolean;
}

const LPS: Voxel = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

/** The voxel of the images that places are taken from; null: it is not known. */
export function voxelOf(bench: Bench): Voxel | null {
  const [known] = Object.values(bench.room.state.view.case);
  const { spacing_mm, axes } = (known?.source ?? {}) as { spacing_mm?: Vector; axes?: Voxel };
  return spacing_mm ? ((axes ?? LPS).map((axis, i) => scale(axis, spacing_mm[i])) as Voxel) : null;
}

/** Return the points of a markup where they are now, also while somebody moves what they stick to. */
export function worldPointsOf(bench: Bench, one: MarkupRecord): Vector[] {
  const held = bench.hands.pointsOf(one);
  return held.map(({ point_mm, solid_id }, i) => {
    if (!solid_id) return point_mm;
    const same = one.points[i]?.solid_id === solid_id;
    return bench.stage.worldOf((same && one.leaf_ids[i]) || solid_id, point_mm);
  });
}

export function seenOf(bench: Bench, one: MarkupRecord): Seen {
  const held = bench.hands.holdsPoints(one.markup_id);
  const points = worldPointsOf(bench, one);
  return {
    id: one.markup_id,
    kind: one.kind,
    name: one.name,
    text: one.text,
    author: one.author_name,
    colour: one.colour,
    points,
    path: held ? [] : (one.findings?.path_mm ?? []),
    plane: one.plane,
    values: held ? figuresOf(one.kind, points, voxelOf(bench)) : one.values,
    pending: one.pending && !held,
    problem: held ? "" : one.problem,
    chosen: bench.selected() === one.markup_id,
    growing: false,
  };
}

/** A distance of a room from before there were markups. */
export function seenDistance(bench: Bench, one: MeasurementRecord): Seen {
  const { stage } = bench;
  const points = [
    stage.worldOf(one.start_leaf_id, one.start.point_mm),
    stage.worldOf(one.end_leaf_id, one.end.point_mm),
  ];
  return {
    id: one.measurement_id,
    kind: "line",
    name: one.name,
    text: "",
    author: one.author_name,
    colour: one.colour,
    points,
    path: [],
    plane: null,
    values: [{ name: "length", value: distanceMm(points[0], points[1]), unit: "mm", uncertainty: null }],
    pending: false,
    problem: "",
    chosen: bench.selected() === one.measurement_id,
    growing: false,
  };
}

export function allSeen(bench: Bench): Seen[] {
  const { view } = bench.room.state;
  return [
    ...Object.values(view.measurements).map((one) => seenDistance(bench, one)),
    ...Object.values(view.markups).map((one) => seenOf(bench, one)),
  ];
}

/** Return a world point that a label can be put beside. */
export function anchorOf({ kind, points, path }: Pick<Seen, "kind" | "points" | "path">): Vector | null {
  const line = path.length > 1 ? path : points;
  if (line.length === 0) return null;
  const between = (a: Vector, b: Vector) => a.map((value, axis) => (value + b[axis]) / 2) as Vector;
  switch (kind) {
    case "angle":
      return line[Math.min(1, line.length - 1)];
    case "line":
    case "gap":
    case "roi_box":
      return line.length > 1 ? between(line[0], line[line.length - 1]) : line[0];
    case "roi_ellipse":
      return line[Math.min(1, line.length - 1)];
    case "surface_path":
    case "freehand":
      return line[line.length >> 1];
    default:
      return line[0];
  }
}
