// `window.commissure`: what tests and support may look at. Nothing can be changed through it.

import type { Camera, Pixel } from "./camera";
import { digestOf, leavesOf } from "./store";
import type { Vector } from "./vector";
import type { Workbench } from "./workbench";

export interface Probe {
  /** All surfaces of the plan have been drawn. */
  readonly ready: boolean;
  readonly connection: string;
  readonly revision: number;
  /** As the last welcome told it; null once the plan went on. */
  readonly stateHash: string | null;
  /** Digest of the plan view; equal in browsers that show the same plan. */
  readonly viewDigest: string;
  /** Commands that the server has not answered. */
  readonly pending: number;
  readonly tool: string;
  /** Id of the branch on screen. */
  readonly branch: string;
  /** The revision on screen, where it is not the latest; else null. */
  readonly past: number | null;
  /** Whose view is looked through, or null. */
  readonly following: string | null;
  readonly selectedId: string | null;
  readonly solids: Record<
    string,
    { visible: boolean; opacity: number; matrix: number[] | null; triangles: number }
  >;
  readonly camera: Camera;
  readonly framesDrawn: number;
  /** The plan view as the server last told it (a copy). */
  readonly view: unknown;
  /** Volumes of the section in hand, mL. */
  readonly section: { positive_ml: number; negative_ml: number; area_cm2: number } | null;
  /** Handles that can be dragged now, with a pixel (of the component) on each. */
  readonly handles: { id: string; at: Pixel }[];
  /** World mm to pixels of the component. */
  worldToScreen(point: Vector): Pixel;
  pick(x: number, y: number): { solid_id: string; point_mm: Vector } | null;
}

declare global {
  interface Window {
    commissure?: Probe;
  }
}

export function probeOf(bench: Workbench): Probe {
  const { room, stage, tools } = bench;
  return {
    get ready() {
      return stage.state.ready;
    },
    get connection() {
      return room.state.connection;
    },
    get revision() {
      return room.state.revision;
    },
    get stateHash() {
      return room.state.stateHash;
    },
    get viewDigest() {
      return digestOf(room.state.view);
    },
    get pending() {
      return room.state.pending;
    },
    get branch() {
      return room.state.branchId;
    },
    get past() {
      return room.state.past;
    },
    get following() {
      return bench.company.state.sight.following;
    },
    get tool() {
      return bench.state.tool;
    },
    get selectedId() {
      return bench.state.selectedId;
    },
    get solids() {
      const solids = leavesOf(room.state.view).map(([id, solid]) => [
        id,
        {
          visible: stage.isVisible(id),
          opacity: stage.opacityOf(id, solid),
          matrix: stage.matrixOf(id),
          triangles: (stage.meshOf(solid)?.triangles.length ?? 0) / 3,
        },
      ]);
      return Object.fromEntries(solids);
    },
    get camera() {
      return structuredClone(stage.state.camera);
    },
    get framesDrawn() {
      return stage.state.framesDrawn;
    },
    get view() {
      return JSON.parse(JSON.stringify(room.state.view));
    },
    get section() {
      const { section } = tools.cut.state;
      if (!section) return null;
      const { positive_ml, negative_ml, area_cm2 } = section;
      return { positive_ml, negative_ml, area_cm2 };
    },
    get handles() {
      return bench.tool.handles(stage).map(({ id, kind, points }) => ({
        id,
        at: stage.toScreen(kind === "shift" ? points[points.length - 1] : points[points.length >> 3]),
      }));
    },
    worldToScreen: (point) => stage.toScreen(point),
    pick(x, y) {
      const hit = stage.placeAt([x, y]);
      return hit && { solid_id: hit.solid_id, point_mm: hit.point_mm };
    },
  };
}
