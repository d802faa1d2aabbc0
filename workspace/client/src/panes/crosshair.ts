// The point of the patient that all slices go through.

import { shallowReactive } from "vue";
import type { Vector } from "../vector";

export class Crosshair {
  readonly state = shallowReactive({
    /** World, LPS mm; null until there is anatomy. */
    world: null as Vector | null,
  });

  jump(world: Vector): void {
    if (world.every(Number.isFinite)) this.state.world = world;
  }
}
