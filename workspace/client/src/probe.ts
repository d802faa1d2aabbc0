// `window.commissure`: what tests and support may look at. Nothing can be changed through it.

import { imagesProbe, type ImagesProbe } from "./images/probe";
import type { Camera, Pixel } from "./camera";
import { frameOf } from "./frames";
import { clipHandles } from "./inside/handles";
import { sidesOf } from "./marks";
import type { Box } from "./records";
import type { Plane } from "./rigid";
import { countOf } from "./markups/draft";
import { allSeen, type Seen } from "./markups/seen";
import { lengthOf } from "./slices/outlines";
import { digestOf, leavesOf, shadeOf } from "./store";
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
    { visible: boolean; opacity: number; colour: Vector; matrix: number[] | null; triangles: number }
  >;
  readonly camera: Camera;
  readonly framesDrawn: number;
  /** The plan view as the server last told it (a copy). */
  readonly view: unknown;
  /** Volumes of the section in hand, mL. */
  readonly section: { positive_ml: number; negative_ml: number; area_cm2: number } | null;
  /** Handles that can be dragged now, with a pixel (of the component) on each. */
  readonly handles: { id: string; at: Pixel }[];
  /** Markups as this page shows them: world points, also while they are held, and values. */
  readonly markups: Record<string, Pick<Seen, "kind" | "name" | "points" | "path" | "values" | "pending" | "problem">>;
  /** What is being placed: how many points there are, and why the last click did nothing. */
  readonly placing: { kind: string; phase: string; count: number; refusal: string } | null;
  /** How the panes lie, and the camera of each that is on screen. */
  readonly panes: { layout: string; maximised: string | null; shown: Record<string, Camera> };
  /** World mm where the slices meet. */
  readonly crosshair: Vector | null;
  /** Per slice on screen: length of the outline of each solid, mm. */
  readonly outlineLengths: Record<string, Record<string, number>>;
  /** What is left out of sight here, and whose doing it is: one's own, shared, or of whom one follows. */
  readonly clipping: { from: string; planes: Plane[]; box: Box | null };
  /** Letters at the edges of each pane on screen. */
  readonly letters: Record<string, Record<string, string>>;
  /** Whose views are drawn in the 3D pane. */
  readonly frusta: string[];
  /** The last picture that was saved: the lines below it and its size, pixels. */
  readonly picture: { lines: string[]; width: number; height: number; name: string } | null;
  /** Every slice on screen shows the finest picture of the images that it can. */
  readonly imagesReady: boolean;
  /** World mm to pixels of a pane. */
  paneToScreen(pane: string, point: Vector): Pixel | null;
  readonly images: ImagesProbe;
  /** World mm to pixels of the 3D pane. */
  worldToScreen(point: Vector): Pixel;
  pick(x: number, y: number): { solid_id: string; point_mm: Vector } | null;
}

declare global {
  interface Window {
    commissure?: Probe;
  }
}

export function probeOf(bench: Workbench): Probe {
  const { room, stage, tools, panes, crosshair } = bench;
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
          colour: shadeOf(solid, stage.colours),
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
    get clipping() {
      const { clipping, from } = bench.inside.inForce;
      return JSON.parse(JSON.stringify({ from, planes: clipping.planes, box: clipping.box }));
    },
    get letters() {
      const frame = frameOf(bench);
      return Object.fromEntries(bench.panes.list.map(({ id, camera }) => [id, sidesOf(camera, frame)]));
    },
    get frusta() {
      return bench.frusta.shown().map(({ id }) => id);
    },
    get picture() {
      const { last } = bench.capture;
      return last && { ...last, lines: last.lines.map(({ text }) => text) };
    },
    get section() {
      const { section } = tools.cut.state;
      if (!section) return null;
      const { positive_ml, negative_ml, area_cm2 } = section;
      return { positive_ml, negative_ml, area_cm2 };
    },
    get handles() {
      return [...bench.tool.handles(stage), ...clipHandles(bench)].map(({ id, kind, points }) => ({
        id,
        at: stage.toScreen(kind === "shift" ? points[points.length - 1] : points[points.length >> 3]),
      }));
    },
    get markups() {
      const told = allSeen(bench).map(({ id, kind, name, points, path, values, pending, problem }) => [
        id,
        { kind, name, points, path, values, pending, problem },
      ]);
      return Object.fromEntries(told);
    },
    get placing() {
      const tool = tools.placing();
      if (!tool) return null;
      const { kind, phase, draft, refusal } = tool.state;
      return { kind, phase, count: countOf(draft), refusal };
    },
    get panes() {
      const { layout, maximised } = panes.state;
      const shown = panes.list.map(({ id, camera }) => [id, structuredClone(camera)]);
      return { layout, maximised, shown: Object.fromEntries(shown) };
    },
    get crosshair() {
      return crosshair.state.world;
    },
    get outlineLengths() {
      const slices = Object.values(panes.slices).filter(({ id }) => panes.shows(id));
      return Object.fromEntries(
        slices.map((slice) => [
          slice.id,
          Object.fromEntries(slice.shown.map(({ id, outline }) => [id, lengthOf(outline)])),
        ]),
      );
    },
    get imagesReady() {
      const slices = Object.values(panes.slices).filter(({ id }) => panes.shows(id));
      return slices.every(({ settled }) => settled);
    },
    images: imagesProbe(bench),
    paneToScreen: (pane, point) => panes.list.find(({ id }) => id === pane)?.toScreen(point) ?? null,
    worldToScreen: (point) => stage.toScreen(point),
    pick(x, y) {
      const hit = stage.placeAt([x, y]);
      return hit && { solid_id: hit.solid_id, point_mm: hit.point_mm };
    },
  };
}
