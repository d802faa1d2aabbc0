import { shallowReactive } from "vue";
import { newId } from "../ids";
import type { Anchor } from "../protocol";
import { Machine } from "./machine";
import { NOTE, type ToolEvent } from "./tables";
import { anchorOf, NOTHING, type Bench, type Input, type Tool } from "./tool";

/** Notes are for a glance; the server refuses longer ones. */
export const LONGEST_NOTE = 2000;

export class NoteTool implements Tool {
  readonly state = shallowReactive({ anchor: null as Anchor | null, text: "" });
  private readonly machine;

  constructor(private readonly bench: Bench) {
    this.machine = new Machine(NOTE, "idle", {
      open: ({ place }: Input) => this.open(anchorOf(place)),
      pin: () => this.pin(),
      discard: () => this.open(null),
    });
  }

  takes(event: ToolEvent): boolean {
    return this.machine.takes(event);
  }

  send(event: ToolEvent, input: Input = NOTHING): boolean {
    const done = this.machine.send(event, input);
    this.bench.stage.redrawInk();
    return done;
  }

  handles(): [] {
    return [];
  }

  private open(anchor: Anchor | null): void {
    this.state.anchor = anchor;
    if (!anchor) this.state.text = "";
  }

  private pin(): void {
    const { anchor, text } = this.state;
    const trimmed = text.trim().slice(0, LONGEST_NOTE);
    if (anchor && trimmed) {
      this.bench.room.submit({ type: "pin_note", note_id: newId(), anchor, text: trimmed });
    }
    this.open(null);
  }
}
