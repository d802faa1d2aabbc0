// The plan view as the server last told it. The browser never evolves the plan itself.

import type { Change, FragmentRecord, PlanView, SegmentRecord, Welcome } from "./protocol";
import { IDENTITY, type RigidTransform } from "./rigid";
import { fractions, NO_CODE, rgbOf, type Rgb } from "./panels/colouring";
import type { Vector } from "./vector";

export function emptyView(): PlanView {
  return {
    case: {},
    segments: {},
    fragments: {},
    cuts: {},
    notes: {},
    measurements: {},
    markups: {},
    members: {},
    locks: {},
    threads: {},
    chat: {},
    branches: {},
    versions: {},
    imaging: {},
    status: {},
    frames: {},
    clipping: {},
  };
}

/** Return the view with each changed record in its place; null takes it away. */
export function advancedBy(view: PlanView, changes: Change[]): PlanView {
  const after = { ...view };
  for (const { kind, id, value } of changes) {
    const records = after[kind] as Record<string, unknown> | undefined;
    if (!records) continue; // a newer server's kind, which this client does not draw
    // Copied once: a view that somebody else still holds stays as it was.
    const own = records === view[kind] ? { ...records } : records;
    if (value === null) delete own[id];
    else own[id] = value;
    (after as Record<string, unknown>)[kind] = own;
  }
  return after;
}

/** Return a complete view, also where a server leaves out kinds that are empty. */
export const viewOf = (welcome: Welcome): PlanView => ({ ...emptyView(), ...welcome.view });

/** Code -> colour, each part from 0 to 255. */
export type Colours = Record<string, Rgb>;

const NO_CODE_RGB = rgbOf(NO_CODE);

export type Solid = SegmentRecord | FragmentRecord;

export function solidOf(view: PlanView, id: string): Solid | undefined {
  return view.segments[id] ?? view.fragments[id];
}

export function leavesOf(view: PlanView): [string, Solid][] {
  const all: [string, Solid][] = [
    ...Object.entries(view.segments),
    ...Object.entries(view.fragments),
  ];
  return all.filter(([, solid]) => solid.leaf);
}

export const transformOf = (solid: Solid | undefined): RigidTransform =>
  solid && "transform" in solid ? solid.transform : IDENTITY;

export function centreOf(solid: Solid): Vector {
  const [x0, x1, y0, y1, z0, z1] = solid.surface.bounds_mm;
  return [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2];
}

/** Half the diagonal of the bounds, mm. */
export function radiusOf(solid: Solid): number {
  const [x0, x1, y0, y1, z0, z1] = solid.surface.bounds_mm;
  return Math.hypot(x1 - x0, y1 - y0, z1 - z0) / 2;
}

/**
 * Turn colours of pieces a little apart, so that two pieces of one bone can be told.
 *
 * @param colours By SNOMED CT code, where the member looks at those; null: each solid's own colour.
 */
export function shadeOf(solid: Solid, colours: Colours | null = null): Vector {
  const colour = colours ? (colours[solid.code ?? ""] ?? NO_CODE_RGB) : solid.colour;
  const [r, g, b] = fractions(colour);
  if (!("side" in solid)) return [r, g, b];
  const warm = solid.side === "positive";
  const clamp = (value: number) => Math.max(0, Math.min(1, value));
  return warm
    ? [clamp(r * 1.04 + 0.02), clamp(g * 1.02 + 0.02), clamp(b * 0.97)]
    : [clamp(r * 0.8), clamp(g * 0.86), clamp(b * 0.96)];
}

/** A short digest of the view, equal in two browsers that were told the same; not a signature. */
export function digestOf(view: PlanView): string {
  const text = JSON.stringify(view, (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  let hash = 0x811c9dc5; // FNV-1a, 32 bits
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
