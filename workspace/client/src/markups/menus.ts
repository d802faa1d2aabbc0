// Which menu or small field is open over the view: one at a time.

import { shallowReactive } from "vue";
import type { Pixel } from "../camera";
import type { Pane } from "../panes/pane";
import type { RecordRef } from "../records";
import { pinAt } from "../slices/pins";
import type { Slice } from "../slices/slice";
import type { Workbench } from "../workbench";
import { markupUnder } from "./hitting";
import { rewrite, subjectOf, type Subject } from "./menu";
import type { Spot } from "./spots";

/** A name or a text that is being written anew, in a field over the view. */
export interface Rewriting {
  subject: Subject;
  at: Pixel;
  what: "name" | "text";
  before: string;
  /** A text that may be taken away altogether. */
  mayBeBlank: boolean;
  /** The revision that it was read at. */
  seen: number;
}

export class Menus {
  readonly state = shallowReactive({
    /** The menu of a tool in the strip. */
    tool: null as "measure" | "annotate" | null,
    /** The menu of a thing, at a pixel of the whole view. */
    context: null as { subject: Subject; at: Pixel; spot: Spot | null } | null,
    rewriting: null as Rewriting | null,
  });
  private at: Pixel = [0, 0];

  constructor(private readonly bench: Workbench) {}

  toggle(tool: "measure" | "annotate"): void {
    this.state.context = null;
    this.state.tool = this.state.tool === tool ? null : tool;
  }

  /** A click of the right button, or a long press: it finishes what is placed, else it asks. */
  ask(pane: Pane, pixel: Pixel, inView: Pixel): void {
    const placing = this.bench.tools.placing();
    if (placing && placing.state.phase !== "idle") {
      placing.send("finish");
      return;
    }
    const id = this.under(pane, pixel);
    if (id !== null) this.open(id, inView, { pane, pixel });
  }

  /** Open the menu of a record at a pixel of the whole view; false where it has none. */
  open(id: string, at: Pixel, spot: Spot | null = null): boolean {
    const subject = subjectOf(this.bench, id);
    if (!subject) return false;
    this.at = at;
    this.bench.select(id);
    Object.assign(this.state, { tool: null, rewriting: null, context: { subject, at, spot } });
    return true;
  }

  /** Open the menu of what is chosen, beside it. */
  openChosen(): boolean {
    const marked = document.activeElement?.closest<HTMLElement>("[data-record]");
    const id = marked?.dataset.record ?? this.bench.selected();
    const subject = id === null ? null : subjectOf(this.bench, id);
    if (!subject) return false;
    const { panes } = this.bench;
    const pane = panes.inHand;
    const rect = panes.arrangement.panes[pane.id] ?? { left: 0, top: 0, ...panes.state.size };
    const [x, y] = subject.world ? pane.toScreen(subject.world) : [rect.width / 2, rect.height / 2];
    const within = (value: number, most: number) => Math.max(12, Math.min(most - 12, value));
    this.open(subject.ref.record_id, [rect.left + within(x, rect.width), rect.top + within(y, rect.height)]);
    return true;
  }

  /** Open the field for another name or text; the others see who is at it. */
  rewrite(ref: RecordRef, what: Rewriting["what"]): void {
    const { room, company } = this.bench;
    const subject = subjectOf(this.bench, ref.record_id);
    if (!subject) return;
    const markup = room.state.view.markups[ref.record_id];
    const before = what === "text" ? (markup?.text ?? "") : subject.name;
    const mayBeBlank = what === "text" && markup?.kind !== "text";
    const rewriting = { subject, at: this.at, what, before, mayBeBlank, seen: room.state.revision };
    Object.assign(this.state, { context: null, rewriting });
    company.edit(ref);
  }

  /** Take what was written; left as it was, it is no change. */
  save(words: string): void {
    const { rewriting } = this.state;
    this.close();
    if (!rewriting) return;
    const { subject, what, before, mayBeBlank, seen } = rewriting;
    const written = words.trim();
    if (written === before || (written === "" && !mayBeBlank)) return;
    rewrite(this.bench, subject.ref, what, written, seen);
  }

  /** Close whatever is open; false where nothing is. */
  close(): boolean {
    const { tool, context, rewriting } = this.state;
    Object.assign(this.state, { tool: null, context: null, rewriting: null });
    if (rewriting) this.bench.company.edit(null);
    return tool !== null || context !== null || rewriting !== null;
  }

  private under(pane: Pane, pixel: Pixel): string | null {
    const { bench } = this;
    const place = pane.placeAt(pixel);
    const markup = markupUnder(bench, { pane, pixel, place, handle: null });
    const pin = pane.id === "3d" ? null : pinAt(pane as Slice, bench, pixel);
    return markup ?? pin ?? place?.solid_id ?? null;
  }
}
