import { markupUnder } from "../markups/hitting";
import { Machine } from "./machine";
import { SELECT, type ToolEvent } from "./tables";
import { NOTHING, type Bench, type Input, type Tool } from "./tool";

export class SelectTool implements Tool {
  /** A markup in the images is chosen as well. */
  readonly anywhere = true;
  private readonly machine;

  constructor(bench: Bench) {
    this.machine = new Machine(SELECT, "idle", {
      choose: (input: Input) => bench.select(markupUnder(bench, input) ?? input.place?.solid_id ?? null),
      miss: (input: Input) => bench.select(markupUnder(bench, input)),
      leave: () => bench.select(null),
    });
  }

  takes(event: ToolEvent): boolean {
    return this.machine.takes(event);
  }

  send(event: ToolEvent, input: Input = NOTHING): boolean {
    return this.machine.send(event, input);
  }

  handles(): [] {
    return [];
  }
}
