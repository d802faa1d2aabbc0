// Whether edges are darkened for depth: off where the processor draws, until somebody wants it.

import { shallowReactive } from "vue";
import type { Graphics } from "../graphics";
import type { Workbench } from "../workbench";

export class DepthCues {
  readonly state = shallowReactive({ on: false });

  constructor(private readonly bench: Workbench) {}

  begin(graphics: Graphics): void {
    this.set(this.bench.memory.get().depthCues ?? graphics === "hardware");
  }

  toggle(): void {
    this.set(!this.state.on);
    this.bench.memory.put({ depthCues: this.state.on });
  }

  private set(on: boolean): void {
    this.state.on = on;
    this.bench.stage.depthCues = on;
    this.bench.stage.redraw();
  }
}
