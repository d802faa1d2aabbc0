// The point of the patient that all slices go through, and how they are turned about it.

import { shallowReactive } from "vue";
import { IDENTITY, aboutAxis, multiply, type Quaternion } from "../rigid";
import type { Vector } from "../vector";

export class Crosshair {
  readonly state = shallowReactive({
    /** World, LPS mm; null until there is anatomy. */
    world: null as Vector | null,
    /** The ends of the crosshair's lines can be taken hold of. */
    oblique: false,
    /** Turns all three planes alike: they stay at right angles. */
    turn: IDENTITY.rotation as Quaternion,
  });

  jump(world: Vector): void {
    if (world.every(Number.isFinite)) this.state.world = world;
  }

  /** Turn the planes about a world direction through the crosshair. */
  turnBy(axis: Vector, angleDeg: number): void {
    this.state.turn = multiply(aboutAxis(axis, angleDeg), this.state.turn);
  }

  get turned(): boolean {
    return Math.abs(this.state.turn[0]) < 1 - 1e-12;
  }

  /** The planes lie as the patient's own axes do. */
  straighten(): void {
    this.state.turn = IDENTITY.rotation;
  }
}
