// Editing a markup by its points: only in this mode do they move.

import { shallowReactive } from "vue";
import { rayThrough, rightOf, mmPerPixel, type Pixel } from "../camera";
import type { Handle } from "../gizmo";
import type { Pane, Place } from "../panes/pane";
import type { ControlPoint, MarkupRecord } from "../records";
import { Machine } from "../tools/machine";
import type { ToolEvent } from "../tools/tables";
import { NOTHING, type Bench, type Input, type Tool } from "../tools/tool";
import { add, dot, scale, subtract, type Vector } from "../vector";
import { t } from "../words";
import { FLAT } from "./draft";
import { isCurve, mayGrow, movedCorner, movedPoint, planeThrough, withoutPoint, withPointAfter } from "./reshape";
import { worldPointsOf } from "./seen";
import { boxCorners, boxSection } from "./shapes";
import { markedPlace } from "./snapping";
import { pointAt, stretchAt, type Spot } from "./spots";
import { EDIT, type EditEvent } from "./tables";

const NUDGE_MM = 0.5;
/** So many points can be taken hold of one by one; between more there is no room for knobs. */
const MOST_KNOBS = 80;
/** A slice seen flatter than this (cosine) cannot be drawn in. */
const FLATTEST = 0.2;
/** In a slice a point can be taken hold of when it is no further from it, mm. */
const GRASP_MM = 1;
const OFF_PLANE_MM = 0.5;

interface Held {
  one: MarkupRecord;
  /** As they were when it was taken hold of, with the new one where one was put in. */
  points: ControlPoint[];
  index: number;
  from: Pixel;
  start: Vector;
  seen: number;
  moved: ControlPoint[] | null;
}

export class EditTool implements Tool {
  readonly state = shallowReactive({
    phase: "idle" as string,
    /** The point that keys act on; null: none is chosen. */
    chosen: null as number | null,
  });
  private readonly machine;
  private held: Held | null = null;

  constructor(private readonly bench: Bench) {
    this.machine = new Machine(EDIT, "idle", {
      hold: (input: Input) => this.hold(input),
      preview: (input: Input) => this.drag(input),
      commit: () => this.commit(),
      revert: () => this.revert(),
      nudge: (input: Input) => this.nudge(input),
      next: () => this.next(),
      removePoint: () => this.removePoint(),
      insert: (input: Input) => this.insert(input),
      leave: () => this.leave(),
    });
  }

  takes(event: ToolEvent): boolean {
    return this.machine.takes(event as EditEvent);
  }

  send(event: ToolEvent, input: Input = NOTHING): boolean {
    const done = this.machine.send(event as EditEvent, input);
    this.state.phase = this.machine.state;
    if (done) this.bench.panes.redrawInk();
    return done;
  }

  /** The markup whose points can be moved, or null. */
  inHand(): MarkupRecord | null {
    const one = this.bench.room.state.view.markups[this.bench.selected() ?? ""];
    return one && this.mayEdit(one) ? one : null;
  }

  mayEdit(one: MarkupRecord): boolean {
    const { room } = this.bench;
    const lock = room.state.view.locks[`markup:${one.markup_id}`];
    const free = !lock || lock.member_id === room.state.memberId;
    return one.kind !== "gap" && free && room.may("edit_markup") && room.owns(one.author_id);
  }

  handles(pane: Pane): Handle[] {
    const one = this.inHand();
    if (!one) return [];
    const points = worldPointsOf(this.bench, one);
    if (one.kind === "roi_box") return cornerKnobs(pane, points);
    if (points.length > MOST_KNOBS) return [];
    const within = (point: Vector) => pane.id === "3d" || Math.abs(pane.depthOf(point)) <= GRASP_MM;
    const knobs = points.flatMap((point, i) => (within(point) ? [knob(`point-${i}`, point, i === this.state.chosen)] : []));
    if (!mayGrow(one.kind, one.points) || 2 * points.length > MOST_KNOBS) return knobs;
    const round = one.kind === "closed_curve" ? points.length : points.length - 1;
    const between = Array.from({ length: round }, (_, i) => scale(add(points[i], points[(i + 1) % points.length]), 0.5));
    const mids = between.flatMap((point, i) => (within(point) ? [{ ...knob(`mid-${i}`, point, false), tint: "#8f9bb0" }] : []));
    return [...mids, ...knobs];
  }

  private hold({ handle, pixel, pane }: Input): void {
    const one = this.inHand();
    const [what, number] = handle?.id.split("-") ?? [];
    if (!one || !handle) return;
    const seen = this.bench.room.state.revision;
    const start = handle.points[0];
    let [points, index] = [one.points, Number(number)];
    if (what === "mid") {
      const place = markedPlace(pane, pixel, pane.placeAt(pixel), false);
      const solid = points[index].solid_id;
      const at: ControlPoint = solid && place?.solid_id === solid ? onSolid(place) : { point_mm: start, solid_id: null };
      points = withPointAfter(points, index, at);
      index += 1;
    }
    this.state.chosen = what === "corner" ? null : index;
    this.held = { one, points, index, from: pixel, start, seen, moved: null };
  }

  private drag({ pixel, pane, free }: Input): void {
    const { held } = this;
    if (!held) return;
    const { one, points, index, start, from } = held;
    if (one.kind === "roi_box") {
      held.moved = movedCorner(points, index, inView(pane, [pixel[0] - from[0], pixel[1] - from[1]]));
    } else {
      const to = this.target(one, points[index], start, pane, pixel, from, free === true);
      if (to) held.moved = movedPoint({ ...one, points }, index, to);
    }
    if (held.moved) this.bench.hands.holdPoints(one.markup_id, held.moved);
  }

  /** Where a point goes that the pointer drags; null: nowhere from here. */
  private target(
    one: MarkupRecord,
    point: ControlPoint,
    start: Vector,
    pane: Pane,
    pixel: Pixel,
    from: Pixel,
    free: boolean,
  ): ControlPoint | null {
    if (one.plane && FLAT.includes(one.kind)) return flatTarget(one, pane, pixel);
    const place = markedPlace(pane, pixel, pane.placeAt(pixel), free || one.kind === "roi_ellipse");
    if (one.kind === "surface_path") return place?.solid_id === point.solid_id ? onSolid(place as Place) : null;
    if (pane.id === "3d" && point.solid_id) return place && onSolid(place);
    if (place?.solid_id && pane.id !== "3d") return onSolid(place);
    const world = add(start, inView(pane, [pixel[0] - from[0], pixel[1] - from[1]]));
    return { point_mm: world, solid_id: null };
  }

  private commit(): void {
    const { held } = this;
    this.held = null;
    if (held?.moved) this.submit(held.one, held.moved, held.seen);
  }

  private revert(): void {
    if (this.held) this.bench.hands.drop(this.held.one.markup_id);
    this.held = null;
  }

  /** Move the chosen point half a millimetre across the pane that has the hand. */
  private nudge({ pixel: way, pane }: Input): void {
    const one = this.inHand();
    const { chosen } = this.state;
    if (!one || chosen === null || !one.points[chosen]) return;
    const world = worldPointsOf(this.bench, { ...one, points: one.points })[chosen];
    const mm = mmPerPixel(pane.camera, pane.size);
    const step = inView(pane, [(way[0] * NUDGE_MM) / mm, (way[1] * NUDGE_MM) / mm]);
    const to = this.nudged(one, one.points[chosen], add(world, step), pane);
    if (to) this.submit(one, movedPoint(one, chosen, to));
  }

  private nudged(one: MarkupRecord, point: ControlPoint, world: Vector, pane: Pane): ControlPoint | null {
    if (one.plane && FLAT.includes(one.kind)) {
      const off = dot(subtract(world, one.plane.origin), one.plane.normal);
      return { point_mm: subtract(world, scale(one.plane.normal, off)), solid_id: null };
    }
    if (!point.solid_id || pane.id !== "3d") return one.kind === "surface_path" ? null : { point_mm: world, solid_id: null };
    const place = pane.placeAt(pane.toScreen(world));
    return place?.solid_id === point.solid_id ? onSolid(place) : null;
  }

  private next(): void {
    const count = this.inHand()?.points.length ?? 0;
    if (count > 0) this.state.chosen = this.state.chosen === null ? 0 : (this.state.chosen + 1) % count;
  }

  private removePoint(): void {
    const one = this.inHand();
    const { chosen } = this.state;
    const left = one && chosen !== null ? withoutPoint(one.kind, one.points, chosen) : null;
    if (one && left) this.submit(one, left);
    else this.bench.removeSelected();
    this.state.chosen = null;
  }

  /** After which point one more would go, and what can be done there; null: this is no curve of this member's. */
  spotOn(one: MarkupRecord, spot: Spot | null): { after: number; share: number; index: number | null } | null {
    if (!isCurve(one.kind) || !this.mayEdit(one) || one.points.length < 2) return null;
    const { chosen } = this.state;
    if (!spot) return chosen === null || this.inHand() !== one ? null : { after: chosen, share: 0.5, index: chosen };
    const seen = worldPointsOf(this.bench, one).map((point) => spot.pane.toScreen(point));
    return { ...stretchAt(seen, one.kind === "closed_curve", spot.pixel), index: pointAt(seen, spot.pixel) };
  }

  /** Put one more point into a curve; false where nothing is there to hold it. */
  insertPoint(one: MarkupRecord, { after, share }: { after: number; share: number }, pane: Pane, clicked?: Pixel): boolean {
    // After the last point of an open line: before it.
    const from = one.kind === "closed_curve" ? after : Math.min(after, one.points.length - 2);
    const worlds = worldPointsOf(this.bench, one);
    const world = add(scale(worlds[from], 1 - share), scale(worlds[(from + 1) % worlds.length], share));
    const pixel = clicked ?? pane.toScreen(world);
    const at = this.target(one, one.points[from], world, pane, pixel, pixel, false);
    if (!at || !mayGrow(one.kind, one.points)) return false;
    this.submit(one, withPointAfter(one.points, from, at));
    if (this.inHand() === one) this.state.chosen = from + 1;
    return true;
  }

  /** Take one point out of a curve. */
  takePoint(one: MarkupRecord, index: number): void {
    const left = withoutPoint(one.kind, one.points, index);
    if (left) this.submit(one, left);
    this.state.chosen = null;
  }

  /** Put a point after the chosen one. */
  private insert({ pane }: Input): void {
    const one = this.inHand();
    const spot = one && this.spotOn(one, null);
    if (!one || !spot || this.insertPoint(one, spot, pane)) return;
    this.bench.toasts.refuse(t("No point can go in between here: turn the view so that the surface is in sight."));
  }

  private submit(one: MarkupRecord, points: ControlPoint[], seen?: number): void {
    const { markup_id } = one;
    const plane = this.planeFor(one, points);
    this.bench.hands.holdPoints(markup_id, points);
    const operation = this.bench.submit({ type: "edit_markup", markup_id, points, plane }, seen);
    if (operation) this.bench.hands.holdPoints(markup_id, points, operation);
    else this.bench.hands.drop(markup_id);
  }

  /** Another plane where the points have left theirs; null: it stays. */
  private planeFor(one: MarkupRecord, points: ControlPoint[]) {
    const { plane } = one;
    if (!plane) return null;
    this.bench.hands.holdPoints(one.markup_id, points);
    const worlds = worldPointsOf(this.bench, one);
    const off = Math.max(...worlds.map((world) => Math.abs(dot(subtract(world, plane.origin), plane.normal))));
    return off > OFF_PLANE_MM ? planeThrough(worlds, plane) : null;
  }

  private leave(): void {
    this.state.chosen = null;
    if (this.bench.state.tool === "edit") this.bench.choose("select");
  }
}

const onSolid = ({ solid_id, point_mm }: Place): ControlPoint => ({ solid_id, point_mm });

const knob = (id: string, point: Vector, chosen: boolean): Handle => ({
  id,
  kind: "point",
  axis: [0, 0, 1],
  centre: point,
  points: [point],
  tint: chosen ? "#ffb020" : "#e8edf4",
  label: "",
});

/** The corners of a box: all in 3D; in a slice that meets it, where they are seen. */
function cornerKnobs(pane: Pane, points: Vector[]): Handle[] {
  if (pane.id !== "3d") {
    const { direction } = pane.camera;
    const origin = subtract(points[0], scale(direction, pane.depthOf(points[0])));
    if (boxSection(points, { origin, normal: direction }).length === 0) return [];
  }
  return boxCorners(points).map((corner, i) => knob(`corner-${i}`, corner, false));
}

/** Return a way on the screen as a way in the world, in the plane of the view. */
function inView({ camera, size }: Pane, [dx, dy]: Pixel): Vector {
  const mm = mmPerPixel(camera, size);
  return add(scale(rightOf(camera), dx * mm), scale(camera.up, -dy * mm));
}

/** Where the ray through a pixel meets the slice that a flat markup is drawn on. */
function flatTarget({ plane }: MarkupRecord, { camera, size }: Pane, pixel: Pixel): ControlPoint | null {
  if (!plane || Math.abs(dot(plane.normal, camera.direction)) < FLATTEST) return null;
  const { origin, direction } = rayThrough(camera, size, pixel);
  const far = dot(subtract(plane.origin, origin), plane.normal) / dot(direction, plane.normal);
  return { point_mm: add(origin, scale(direction, far)), solid_id: null };
}
