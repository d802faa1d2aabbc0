import { shallowReactive } from "vue";
import { newId } from "../ids";
import type { Anchor } from "../protocol";
import type { Pick } from "../picking";
import type { Vector } from "../vector";
import { Machine } from "./machine";
import { MEASURE, type ToolEvent } from "./tables";
import { NOTHING, type Bench, type Input, type Tool } from "./tool";

const anchorOf = ({ solid_id, point_mm }: Pick): Anchor => ({ solid_id, point_mm });

export class MeasureTool implements Tool {
  readonly state = shallowReactive({
    start: null as Anchor | null,
    /** World; follows the pointer over the anatomy. */
    end: null as Vector | null,
  });
  private readonly machine;

  constructor(private readonly bench: Bench) {
    this.machine = new Machine(MEASURE, "idle", {
      start: ({ pick }: Input) => {
        this.state.start = pick && anchorOf(pick);
        this.state.end = null;
      },
      preview: ({ pick }: Input) => {
        if (pick) this.state.end = pick.world_mm;
      },
      commit: ({ pick }: Input) => this.commit(pick),
      discard: () => this.clear(),
    });
  }

  takes(event: ToolEvent): boolean {
    return this.machine.takes(event);
  }

  send(event: ToolEvent, input: Input = NOTHING): boolean {
    const done = this.machine.send(event, input);
    if (done) this.bench.stage.redrawInk();
    return done;
  }

  handles(): [] {
    return [];
  }

  private commit(pick: Pick | null): void {
    const { start } = this.state;
    if (start && pick) {
      const measurement_id = newId();
      const end = anchorOf(pick);
      this.bench.room.submit({ type: "measure_distance", measurement_id, start, end });
    }
    this.clear();
  }

  private clear(): void {
    this.state.start = null;
    this.state.end = null;
  }
}
