// Looking inside: one's own clip planes and box, those that somebody shares, and whose are in force.

import { shallowReactive, watch } from "vue";
import { frameOf, outOfFrame } from "../frames";
import { newId } from "../ids";
import type { Box, Clipping, SharedClippingRecord } from "../records";
import type { Plane } from "../rigid";
import { add, dot, scale, type Vector } from "../vector";
import { t } from "../words";
import type { Workbench } from "../workbench";
import {
  clippingOf,
  clipsNothing,
  flipped,
  halfSpaces,
  MOST_PLANES,
  NO_CLIPS,
  sameClipping,
  soundClipping,
  type ClipPlane,
  type Clips,
} from "./clips";

export type Facing = "view" | "axial" | "coronal" | "sagittal";

/** Along which axis of the subject a plane stands: towards L, P, S. */
const AXES: Record<Exclude<Facing, "view">, Vector> = {
  sagittal: [1, 0, 0],
  coronal: [0, 1, 0],
  axial: [0, 0, 1],
};

/** What is chosen in the card: a plane by its id, or the box. */
export const BOX = "box";

export interface InForce {
  clipping: Clipping;
  /** Whose they are: one's own, shared with all, or of whom one follows. */
  from: "own" | "shared" | "followed";
  memberId: string;
}

export class Inside {
  readonly state = shallowReactive({
    /** The card is open: only then can anything be dragged. */
    open: false,
    clips: NO_CLIPS as Clips,
    chosen: null as string | null,
    /** Look by one's own although somebody shares. */
    ownInstead: false,
    /** Solids that are never clipped here. */
    whole: new Set<string>() as ReadonlySet<string>,
  });
  private readonly stops: (() => void)[];
  private shownNow = "";

  constructor(private readonly bench: Workbench) {
    const { clips, whole } = bench.memory.get();
    if (clips) this.state.clips = clips;
    if (whole) this.state.whole = new Set(whole);
    const { room } = bench;
    this.stops = [
      watch(
        () => JSON.stringify(this.shared?.planes ?? null) + JSON.stringify(this.shared?.box ?? null),
        () => {
          this.state.ownInstead = false;
        },
      ),
      watch(
        // As text, for what is in force is made anew with every move of a pointer.
        [() => JSON.stringify(this.inForce), () => this.state.whole, () => room.state.welcomed],
        () => this.show(),
        { immediate: true, flush: "sync" },
      ),
    ];
  }

  close(): void {
    this.stops.forEach((stop) => stop());
  }

  /** What somebody shares with all, or null. */
  get shared(): SharedClippingRecord | null {
    const record = this.bench.room.state.view.clipping?.shared;
    return record ? { ...record, ...soundClipping(record) } : null;
  }

  get own(): Clipping {
    return clippingOf(this.state.clips);
  }

  /** What this member sees by. */
  get inForce(): InForce {
    const { room, company } = this.bench;
    const me = room.state.memberId;
    const { following } = company.state.sight;
    const theirs = following === null ? null : room.others.get(following)?.clipping;
    if (following !== null && theirs) return { clipping: soundClipping(theirs), from: "followed", memberId: following };
    const { shared } = this;
    if (shared && shared.member_id !== me && !this.state.ownInstead) {
      return { clipping: shared, from: "shared", memberId: shared.member_id };
    }
    return { clipping: this.own, from: "own", memberId: me };
  }

  get spaces(): Plane[] {
    return halfSpaces(this.inForce.clipping);
  }

  /** Whether what this member has would change what all see. */
  get unshared(): boolean {
    const { shared } = this;
    return shared ? !sameClipping(shared, this.own) : !clipsNothing(this.own);
  }

  toggle(): void {
    this.state.open = !this.state.open;
    if (this.state.open) this.bench.capture.state.open = false;
    this.state.chosen ??= this.state.clips.planes[0]?.id ?? null;
    this.bench.stage.redrawInk();
  }

  /** Add a plane through the crosshair, or through the middle; what lies behind it stays. */
  addPlane(facing: Facing, through: Vector | null): void {
    const { planes } = this.state.clips;
    if (planes.length >= MOST_PLANES) return;
    const { direction } = this.bench.stage.camera;
    const axis = facing === "view" ? direction : outOfFrame(frameOf(this.bench), AXES[facing]);
    const normal = dot(axis, direction) < -1e-9 ? scale(axis, -1) : axis;
    const taken = new Set(planes.map(({ name }) => name));
    const name = Array.from({ length: MOST_PLANES }, (_, i) => t("Plane {n}", { n: i + 1 })).find((one) => !taken.has(one));
    const plane = { origin: through ?? this.middle(), normal };
    const made: ClipPlane = { id: newId(), name: name ?? "", plane, on: true };
    this.put({ planes: [...planes, made] });
    this.state.chosen = made.id;
  }

  change(id: string, changed: Partial<ClipPlane>): void {
    this.put({ planes: this.state.clips.planes.map((one) => (one.id === id ? { ...one, ...changed } : one)) });
  }

  flip({ id, plane }: ClipPlane): void {
    this.change(id, { plane: flipped(plane) });
  }

  remove(id: string): void {
    this.put({ planes: this.state.clips.planes.filter((one) => one.id !== id) });
    if (this.state.chosen === id) this.state.chosen = this.state.clips.planes[0]?.id ?? null;
  }

  setBox(box: Box | null): void {
    this.put({ box, boxOn: box !== null });
    this.state.chosen = box ? BOX : (this.state.clips.planes[0]?.id ?? null);
  }

  turnBox(boxOn: boolean): void {
    this.put({ boxOn });
  }

  /** A box about all that is visible. */
  wholeBox(): Box | null {
    const bounds = this.bench.stage.bounds();
    return bounds && { minimum_mm: bounds.low, maximum_mm: bounds.high };
  }

  clear(): void {
    this.put(NO_CLIPS);
    this.state.chosen = null;
  }

  /** Leave a solid whole, whatever is clipped. */
  leaveWhole(solidId: string, whole: boolean): void {
    const kept = new Set(this.state.whole);
    if (whole) kept.add(solidId);
    else kept.delete(solidId);
    this.state.whole = kept;
    this.bench.memory.put({ whole: [...kept] });
  }

  share(): void {
    this.bench.submit({ type: "share_clipping", clipping: this.own });
  }

  stopSharing(): void {
    this.bench.submit({ type: "share_clipping", clipping: null });
  }

  /** Look by one's own, or again by what is shared. */
  useOwn(own: boolean): void {
    this.state.ownInstead = own;
  }

  /** Begin one's own with what is shared. */
  takeCopy(): void {
    const { shared } = this;
    if (!shared) return;
    const planes = shared.planes.map((plane, i) => ({ id: newId(), name: t("Plane {n}", { n: i + 1 }), plane, on: true }));
    this.put({ planes, box: shared.box, boxOn: shared.box !== null });
    this.state.ownInstead = true;
    this.state.chosen = planes[0]?.id ?? (shared.box ? BOX : null);
  }

  middle(): Vector {
    const bounds = this.bench.stage.bounds();
    return bounds ? scale(add(bounds.low, bounds.high), 0.5) : this.bench.stage.camera.focal;
  }

  put(changed: Partial<Clips>): void {
    const clips = { ...this.state.clips, ...changed };
    this.state.clips = clips;
    this.bench.memory.put({ clips });
    if (this.shared) this.state.ownInstead = true;
  }

  /** Followers hear from whom they follow 25 times a second: only what differs is drawn anew. */
  private show(): void {
    const now = JSON.stringify([this.spaces, [...this.state.whole]]);
    if (now === this.shownNow) return;
    this.shownNow = now;
    this.bench.stage.clips = { spaces: this.spaces, whole: this.state.whole };
    this.bench.stage.redraw();
    this.bench.panes.redrawInk();
    this.bench.tellRoom();
  }
}
