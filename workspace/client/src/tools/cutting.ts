import { shallowReactive } from "vue";
import { rightOf } from "../camera";
import { sectionOf, signedDistanceMm, tiltOf, type Section } from "../clipping";
import { dragFrom, planeHandles, turnAbout, type Handle } from "../gizmo";
import { newId } from "../ids";
import type { Mesh } from "../mesh";
import type { Pane } from "../panes/pane";
import type { CutRecord, Dragged } from "../protocol";
import { applyToPlane, inverse, rotate, type Plane } from "../rigid";
import { handlesAcross } from "../slices/across";
import { centreOf, solidOf, type Solid } from "../store";
import { add, normalize, scale, spanOf, subtract, type Vector } from "../vector";
import { Machine } from "./machine";
import { CUT, type ToolEvent } from "./tables";
import { anchorOf, NOTHING, type Bench, type Input, type Tool } from "./tool";

/** The sheet of a plane stands out over its target by this factor. */
const SHEET_MARGIN = 1.12;

export interface CutInHand {
  cut: CutRecord;
  solid: Solid;
  /** World. */
  plane: Plane;
  /** World: the middle of the plane's sheet, and its directions. */
  middle: Vector;
  span: [Vector, Vector];
  /** Half its size along these, mm. */
  reach: [number, number];
}

export class CutTool implements Tool {
  readonly state = shallowReactive({
    phase: "idle" as string,
    flipped: false,
    section: null as Section | null,
    tilt: { name: "sagittal", deg: 0 },
    offsetMm: 0,
    /** Beside the hand while it drags. */
    hint: "",
    hintAt: [0, 0] as [number, number],
  });
  dragging: Dragged | null = null;
  private readonly machine;
  private held: {
    from: Plane;
    handle: Handle;
    /** The revision on screen when it was taken hold of. */
    seen: number;
    amount(pixel: [number, number]): number;
  } | null = null;
  private sectionFor: { mesh: Mesh; plane: string } | null = null;

  constructor(private readonly bench: Bench) {
    this.machine = new Machine(CUT, "idle", {
      place: (input: Input) => this.place(input),
      hold: (input: Input) => this.hold(input),
      preview: ({ pixel }: Input) => this.drag(pixel),
      commit: () => this.commit(),
      revert: () => this.revert(),
      apply: () => this.submit("apply_cut"),
      remove: () => this.submit("remove_cut"),
      leave: () => bench.select(null),
    });
  }

  takes(event: ToolEvent): boolean {
    return this.machine.takes(event);
  }

  send(event: ToolEvent, input: Input = NOTHING): boolean {
    const done = this.machine.send(event, input);
    this.state.phase = this.machine.state;
    if (done) this.bench.stage.redraw();
    return done;
  }

  /** The chosen plane that is not cut yet, or null. */
  inHand(): CutInHand | null {
    const { room, hands } = this.bench;
    const cut = room.state.view.cuts[this.bench.selected() ?? ""];
    const solid = cut && solidOf(room.state.view, cut.target_id);
    if (!cut || cut.applied || !solid) return null;
    return this.shapeOf(cut, solid, hands.worldPlaneOf(cut));
  }

  /** All planes that wait, with the corners of their sheets, world. */
  sheets(): { cut: CutRecord; corners: Vector[] }[] {
    const { room, hands } = this.bench;
    return Object.values(room.state.view.cuts).flatMap((cut) => {
      const solid = solidOf(room.state.view, cut.target_id);
      if (cut.applied || !solid?.leaf) return [];
      return [{ cut, corners: cornersOf(this.shapeOf(cut, solid, hands.worldPlaneOf(cut))) }];
    });
  }

  /** How the sheet of a plane lies over its target. */
  shapeOf(cut: CutRecord, solid: Solid, plane: Plane): CutInHand {
    const transform = this.bench.hands.transformOf(cut.target_id);
    const centre = this.bench.stage.worldOf(cut.target_id, centreOf(solid));
    const middle = subtract(centre, scale(plane.normal, signedDistanceMm(plane, centre)));
    const up = applyToPlane(transform, { origin: [0, 0, 0], normal: [0, 0, 1] }).normal;
    const span = spanOf(plane.normal, up);
    const back = inverse(transform).rotation;
    const reach = span.map((axis) => SHEET_MARGIN * halfExtent(solid, rotate(back, axis)));
    return { cut, solid, plane, middle, span, reach: reach as [number, number] };
  }

  /** Bring section, volumes and numbers up to date; cheap where nothing changed. */
  measure(): void {
    const inHand = this.inHand();
    const mesh = this.bench.stage.meshOf(inHand?.solid);
    if (!inHand || !mesh) {
      this.state.section = null;
      this.sectionFor = null;
      return;
    }
    const own = this.bench.hands.planeOf(inHand.cut);
    const key = JSON.stringify(own);
    if (this.sectionFor?.mesh === mesh && this.sectionFor.plane === key) return;
    this.sectionFor = { mesh, plane: key };
    this.state.section = sectionOf(mesh.vertices, mesh.triangles, own);
    this.state.tilt = tiltOf(own.normal);
    this.state.offsetMm = -signedDistanceMm(own, centreOf(inHand.solid));
  }

  /** The side that stays whole in the preview points this way. */
  previewPlane(): { targetId: string; plane: Plane } | null {
    const inHand = this.inHand();
    if (!inHand) return null;
    const { origin, normal } = inHand.plane;
    const plane = { origin, normal: this.state.flipped ? scale(normal, -1) : normal };
    return { targetId: inHand.cut.target_id, plane };
  }

  handles(pane: Pane): Handle[] {
    const inHand = this.inHand();
    if (!inHand || !this.takes("grab")) return this.held ? [this.held.handle] : [];
    const { middle, plane, span, reach } = inHand;
    const { id, camera, size } = pane;
    if (id !== "3d") return handlesAcross(pane, cornersOf(inHand), plane.normal);
    return planeHandles(camera, size, middle, plane.normal, span, reach);
  }

  private place({ place, pane }: Input): void {
    const anchor = anchorOf(place);
    if (!anchor) return;
    const { room, hands } = this.bench;
    const { solid_id: target_id, point_mm: origin } = anchor;
    const back = inverse(hands.transformOf(target_id));
    // The plane holds the view direction and the view's up: one sees it as a line, and tilts it.
    const world: Plane = { origin: [0, 0, 0], normal: normalize(rightOf(pane.camera)) };
    const { normal } = applyToPlane(back, world);
    const cut_id = newId();
    this.state.flipped = false;
    room.submit({ type: "place_cut", cut_id, target_id, plane: { origin, normal } });
    this.bench.select(cut_id);
  }

  private hold({ handle, pixel, pane }: Input): void {
    const inHand = this.inHand();
    if (!handle || !inHand) return;
    const { camera, size } = pane;
    const seen = this.bench.room.state.revision;
    this.held = { from: inHand.plane, handle, seen, amount: dragFrom(camera, size, handle, pixel) };
  }

  private drag(pixel: [number, number]): void {
    const inHand = this.inHand();
    if (!this.held || !inHand) return;
    const { from, handle } = this.held;
    const amount = this.held.amount(pixel);
    const world: Plane =
      handle.kind === "shift"
        ? { origin: add(from.origin, scale(from.normal, amount)), normal: from.normal }
        : tilted(from, handle, amount);
    const { cut } = inHand;
    const plane = applyToPlane(inverse(this.bench.hands.transformOf(cut.target_id)), world);
    this.bench.hands.holdPlane(cut.cut_id, plane);
    this.dragging = { type: "plane", cut_id: cut.cut_id, plane };
    this.state.hint =
      handle.kind === "shift" ? signed(amount, "mm") : signed((amount * 180) / Math.PI, "°");
    this.state.hintAt = pixel;
    this.bench.stage.redraw();
  }

  private commit(): void {
    const inHand = this.inHand();
    if (inHand && this.dragging?.type === "plane") {
      const { cut_id } = inHand.cut;
      const { plane } = this.dragging;
      const operation = this.bench.room.submit({ type: "adjust_cut", cut_id, plane }, this.held?.seen);
      this.bench.hands.holdPlane(cut_id, plane, operation);
    }
    this.letGo();
  }

  private revert(): void {
    if (this.dragging?.type === "plane") this.bench.hands.drop(this.dragging.cut_id);
    this.letGo();
  }

  private letGo(): void {
    this.held = null;
    this.dragging = null;
    this.state.hint = "";
  }

  private submit(type: "apply_cut" | "remove_cut"): void {
    const cut_id = this.bench.selected();
    if (!cut_id) return;
    this.bench.room.submit({ type, cut_id });
    if (type === "remove_cut") this.bench.select(null);
  }
}

/** The corners of the sheet of a plane, in order around. */
function cornersOf({ middle, span, reach }: CutInHand): Vector[] {
  const [u, v] = span.map((direction, i) => scale(direction, reach[i]));
  const corner = (a: number, b: number) => add(middle, add(scale(u, a), scale(v, b)));
  return [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
}

/** Half the size of a solid along a direction of its own frame, mm. */
function halfExtent({ surface }: Solid, axis: Vector): number {
  const b = surface.bounds_mm;
  return [0, 1, 2].reduce((sum, i) => sum + (Math.abs(axis[i]) * (b[2 * i + 1] - b[2 * i])) / 2, 0);
}

function tilted(from: Plane, { axis, centre }: Handle, angleRad: number): Plane {
  const origin = turnAbout(from.origin, axis, centre, angleRad);
  const tip = turnAbout(add(centre, from.normal), axis, centre, angleRad);
  return { origin, normal: normalize(subtract(tip, centre)) };
}

export function signed(value: number, unit: string): string {
  const digits = Math.abs(value).toFixed(1);
  const sign = Number(digits) === 0 ? "" : value > 0 ? "+" : "−";
  return unit === "°" ? `${sign}${digits}°` : `${sign}${digits} ${unit}`;
}

