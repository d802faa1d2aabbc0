// The tools that pin a text to the anatomy: notes and comments.

import { shallowReactive } from "vue";
import { newId } from "../ids";
import { mentionedIn } from "../mentions";
import type { Anchor } from "../protocol";
import { Machine } from "./machine";
import { PIN, type ToolEvent } from "./tables";
import { anchorOf, NOTHING, type Bench, type Input, type Tool } from "./tool";

/** Notes are for a glance; the server refuses longer ones. */
export const LONGEST_NOTE = 2000;

/** Ask the room for what was written at a place. */
export type Pin = (bench: Bench, anchor: Anchor, text: string) => void;

export class PinTool implements Tool {
  readonly state = shallowReactive({ anchor: null as Anchor | null, text: "" });
  private readonly machine;

  constructor(
    private readonly bench: Bench,
    private readonly pin: Pin,
  ) {
    this.machine = new Machine(PIN, "idle", {
      open: ({ place }: Input) => this.open(anchorOf(place)),
      pin: () => this.commit(),
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

  private commit(): void {
    const { anchor, text } = this.state;
    const trimmed = text.trim().slice(0, LONGEST_NOTE);
    if (anchor && trimmed) this.pin(this.bench, anchor, trimmed);
    this.open(null);
  }
}

export const pinNote: Pin = ({ room }, anchor, text) => {
  room.submit({ type: "pin_note", note_id: newId(), anchor, text });
};

export const openThread: Pin = (bench, anchor, text) => {
  const { room } = bench;
  const thread_id = newId();
  const mentions = mentionedIn(text, Object.values(room.members));
  room.submit({ type: "open_thread", thread_id, about: { type: "point", anchor }, comment_id: newId(), text, mentions });
  bench.select(thread_id);
};
