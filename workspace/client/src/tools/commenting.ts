import { shallowReactive } from "vue";
import { newId } from "../ids";
import { mentionedIn } from "../mentions";
import type { Anchor } from "../protocol";
import { Machine } from "./machine";
import { LONGEST_NOTE } from "./noting";
import { COMMENT, type ToolEvent } from "./tables";
import { anchorOf, NOTHING, type Bench, type Input, type Tool } from "./tool";

export class CommentTool implements Tool {
  readonly state = shallowReactive({ anchor: null as Anchor | null, text: "" });
  private readonly machine;

  constructor(private readonly bench: Bench) {
    this.machine = new Machine(COMMENT, "idle", {
      open: ({ place }: Input) => this.open(anchorOf(place)),
      send: () => this.begin(),
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

  private begin(): void {
    const { anchor, text } = this.state;
    const { room } = this.bench;
    const trimmed = text.trim().slice(0, LONGEST_NOTE);
    if (anchor && trimmed) {
      const thread_id = newId();
      room.submit({
        type: "open_thread",
        thread_id,
        about: { type: "point", anchor },
        comment_id: newId(),
        text: trimmed,
        mentions: mentionedIn(trimmed, Object.values(room.members)),
      });
      this.bench.select(thread_id);
    }
    this.open(null);
  }
}
