import { Machine } from "./machine";
import { SELECT, type ToolEvent } from "./tables";
import { NOTHING, type Bench, type Input, type Tool } from "./tool";

export class SelectTool implements Tool {
  private readonly machine;

  constructor(bench: Bench) {
    this.machine = new Machine(SELECT, "idle", {
      choose: ({ place }: Input) => bench.select(place?.solid_id ?? null),
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
