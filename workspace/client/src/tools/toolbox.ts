// All tools, and what is in the hand whichever of them holds it.

import type { Pixel } from "../camera";
import type { Dragged, RecordRef, ToolName } from "../protocol";
import { EditTool } from "../markups/editing";
import { PlaceTool } from "../markups/placing";
import { CutTool } from "./cutting";
import { MoveTool } from "./moving";
import { openThread, pinNote, PinTool } from "./pinning";
import { SelectTool } from "./selecting";
import type { Bench, Tool } from "./tool";

export class Toolbox implements Record<ToolName, Tool> {
  readonly select: SelectTool;
  readonly note: PinTool;
  readonly comment: PinTool;
  readonly measure: PlaceTool;
  readonly annotate: PlaceTool;
  readonly edit: EditTool;
  readonly cut: CutTool;
  readonly move: MoveTool;

  constructor(private readonly bench: Bench) {
    this.select = new SelectTool(bench);
    this.note = new PinTool(bench, pinNote);
    this.comment = new PinTool(bench, openThread);
    this.measure = new PlaceTool(bench, "line");
    this.annotate = new PlaceTool(bench, "arrow");
    this.edit = new EditTool(bench);
    this.cut = new CutTool(bench);
    this.move = new MoveTool(bench);
  }

  /** What is under the hand, or about to be changed; null: nothing of a tool. */
  editing(): RecordRef | null {
    const { openNote, tool } = this.bench.state;
    if (openNote !== null) return { kind: "note", record_id: openNote };
    const dragged = this.dragging();
    const cut = dragged?.type === "plane" ? dragged.cut_id : tool === "cut" && this.cut.inHand()?.cut.cut_id;
    if (cut) return { kind: "cut", record_id: cut };
    const edited = tool === "edit" && this.edit.inHand()?.markup_id;
    if (edited) return { kind: "markup", record_id: edited };
    const moved = tool === "move" && this.move.inHand()?.fragment_id;
    return moved ? { kind: "fragment", record_id: moved } : null;
  }

  dragging(): Dragged | null {
    return this.cut.dragging ?? this.move.dragging;
  }

  /** What is told beside the hand while it drags. */
  hint(): { text: string; at: Pixel } | null {
    const state = this.cut.state.hint ? this.cut.state : this.move.state;
    return state.hint ? { text: state.hint, at: state.hintAt } : null;
  }

  /** The tool that places markups, if one of them is in hand. */
  placing(): PlaceTool | null {
    const { tool } = this.bench.state;
    return tool === "measure" || tool === "annotate" ? this[tool] : null;
  }

  /** Let cut, move and edit know whether something of theirs is chosen. */
  tellChosen(): void {
    this.cut.send(this.cut.inHand() ? "chosen" : "left");
    this.move.send(this.move.inHand() ? "chosen" : "left");
    this.edit.send(this.edit.inHand() ? "chosen" : "left");
  }

  /** Whether a text is being written that a new page would lose. */
  writes(): boolean {
    const pinned = this.note.state.anchor !== null || this.comment.state.anchor !== null;
    const placed = this.measure.state.phase !== "idle" || this.annotate.state.phase !== "idle";
    return pinned || placed || this.bench.state.openNote !== null;
  }
}
