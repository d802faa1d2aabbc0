import { shallowReactive } from "vue";
import { newId } from "../ids";
import type { Anchor } from "../protocol";
import type { Place } from "../panes/pane";
import type { Vector } from "../vector";
import { Machine } from "./machine";
import { MEASURE, type ToolEvent } from "./tables";
import { anchorOf, NOTHING, type Bench, type Input, type Tool } from "./tool";

export class MeasureTool implements Tool {
  readonly state = shallowReactive({
    start: null as Anchor | null,
    /** World; follows the pointer over the anatomy. */
    end: null as Vector | null,
  });
  private readonly machine;

  constructor(private readonly bench: Bench) {
    this.machine = new Machine(MEASURE, "idle", {
      start: ({ place }: Input) => {
        this.state.start = anchorOf(place);
        this.state.end = null;
      },
      preview: ({ place }: Input) => {
        if (place?.solid_id) this.state.end = place.world_mm;
      },
      commit: ({ place }: Input) => this.commit(place),
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

  private commit(place: Place | null): void {
    const { start } = this.state;
    const end = anchorOf(place);
    if (start && end) {
      const measurement_id = newId();
      this.bench.room.submit({ type: "measure_distance", measurement_id, start, end });
    }
    this.clear();
  }

  private clear(): void {
    this.state.start = null;
    this.state.end = null;
  }
}
