// What is under somebody's hand: shown at once, decided by the server later.

import { shallowReactive } from "vue";
import { editorOf } from "./company/people";
import type { ControlPoint, CutRecord, MarkupRecord } from "./protocol";
import type { Room } from "./room";
import { applyToPlane, isMotion, isPlane, type Plane, type RigidTransform } from "./rigid";
import { solidOf, transformOf } from "./store";

interface Held<T> {
  value: T;
  /** The command that was sent on letting go; null while the hand still holds it. */
  operationId: string | null;
}

export class Hands {
  private readonly fragments = shallowReactive(new Map<string, Held<RigidTransform>>());
  private readonly planes = shallowReactive(new Map<string, Held<Plane>>());
  private readonly points = shallowReactive(new Map<string, Held<ControlPoint[]>>());

  constructor(private readonly room: Room) {}

  holdFragment(id: string, value: RigidTransform, operationId: string | null = null): void {
    this.fragments.set(id, { value, operationId });
  }

  /** `value` is in the anatomy's own frame. */
  holdPlane(cutId: string, value: Plane, operationId: string | null = null): void {
    this.planes.set(cutId, { value, operationId });
  }

  holdPoints(markupId: string, value: ControlPoint[], operationId: string | null = null): void {
    this.points.set(markupId, { value, operationId });
  }

  drop(id: string): void {
    for (const held of [this.fragments, this.planes, this.points]) held.delete(id);
  }

  /** The server has answered: from now on its record is what is shown. */
  settle(operationId: string): void {
    for (const held of [this.fragments, this.planes, this.points]) {
      for (const [id, { operationId: own }] of held) if (own === operationId) held.delete(id);
    }
  }

  /** Whether something is held that has not been let go of. */
  holds(): boolean {
    const held = [...this.fragments.values(), ...this.planes.values(), ...this.points.values()];
    return held.some(({ operationId }) => operationId === null);
  }

  transformOf(solidId: string): RigidTransform {
    const own = this.fragments.get(solidId);
    if (own) return own.value;
    for (const [, { dragging }] of this.room.nearby()) {
      if (dragging?.type !== "fragment" || dragging.fragment_id !== solidId) continue;
      if (isMotion(dragging.transform)) return dragging.transform;
    }
    return transformOf(solidOf(this.room.state.view, solidId));
  }

  /** The plane in the anatomy's own frame. */
  planeOf(cut: CutRecord): Plane {
    const own = this.planes.get(cut.cut_id);
    if (own) return own.value;
    for (const [, { dragging }] of this.room.nearby()) {
      if (dragging?.type !== "plane" || dragging.cut_id !== cut.cut_id) continue;
      if (isPlane(dragging.plane)) return dragging.plane;
    }
    return cut.plane;
  }

  /** The points of a markup, as somebody of this page holds them. */
  pointsOf({ markup_id, points }: MarkupRecord): ControlPoint[] {
    return this.points.get(markup_id)?.value ?? points;
  }

  holdsPoints(markupId: string): boolean {
    return this.points.has(markupId);
  }

  worldPlaneOf(cut: CutRecord): Plane {
    return applyToPlane(this.transformOf(cut.target_id), this.planeOf(cut));
  }

  /** The other member who holds or edits this record right now. */
  holderOf(id: string): string | null {
    return editorOf(this.room.nearby(), id);
  }
}
