// What the room tells, and what the bench makes of it.

import { conflictOf } from "./company/conflicts";
import { spotOf } from "./company/showing";
import type { Activity, Advanced, Command, PlanView, ToolName, Welcome } from "./protocol";
import type { RoomEvents } from "./room";
import { t } from "./words";
import type { Workbench } from "./workbench";

/** So many entries back a replaced change can still be told when it was made. */
const MOST_RECENT = 200;

export class News implements RoomEvents {
  private recent: Activity[] = [];
  /** What was in hand and chosen when the past was opened. */
  private laidDown: { tool: ToolName; selectedId: string | null } | null = null;

  constructor(
    private readonly bench: Workbench,
    private readonly restarted: () => void,
  ) {}

  welcome({ activity, branch_id }: Welcome, restarted: boolean): void {
    const { bench } = this;
    if (restarted) this.restarted();
    this.recent = [...activity];
    bench.entered(branch_id);
    bench.stage.loadSurfaces();
    bench.tellRoom();
  }

  resumed(): void {
    this.bench.tellRoom();
  }

  advanced(advanced: Advanced, before: PlanView): void {
    const { bench } = this;
    const known = this.recent;
    this.recent = [...known.slice(1 - MOST_RECENT), advanced.activity];
    bench.timeline.grow(advanced, before);
    bench.placeCamera();
    bench.stage.loadSurfaces();
    this.tellChange(advanced, known);
  }

  asked(operationId: string): void {
    this.bench.refusals.remember(operationId);
  }

  refused(reason: string, command: Command | undefined, operationId: string): void {
    const { refusals, toasts, tools, stage } = this.bench;
    if (!refusals.show(operationId, reason)) toasts.refuse(reason);
    if (command?.type === "apply_cut" || command?.type === "place_cut") tools.cut.send("refused");
    stage.redraw();
  }

  settled(operationId: string): void {
    this.bench.hands.settle(operationId);
    this.bench.stage.redraw();
  }

  failed(reason: string): void {
    this.bench.toasts.refuse(reason);
  }

  /** The past is about to be shown. */
  layDown(): void {
    const { tool, selectedId } = this.bench.state;
    this.laidDown = { tool, selectedId };
  }

  /** The past is for looking: no tool is in hand there, and the own one comes back with now. */
  momentShown(): void {
    const { bench } = this;
    if (bench.room.state.past !== null) bench.choose("select");
    else if (this.laidDown) {
      const { tool, selectedId } = this.laidDown;
      this.laidDown = null;
      bench.choose(tool);
      bench.select(selectedId);
    }
    bench.stage.loadSurfaces();
    bench.tellRoom();
  }

  private tellChange({ activity, overwrote, changes }: Advanced, known: Activity[]): void {
    const { room, toasts } = this.bench;
    const { memberId } = room.state;
    const { member_id, summary } = activity;
    const conflict = conflictOf(activity, overwrote, memberId, (id) => room.nameOf(id), known);
    const [name, colour] = [room.nameOf(member_id), room.colourOf(member_id)];
    if (conflict?.side === "yours replaced") {
      const undo = () => this.bench.submit({ type: "undo" });
      toasts.conflict(conflict.text, "", "", { label: "Undo", act: undo });
    } else if (conflict) toasts.conflict(conflict.text, name, colour);
    else if (member_id !== memberId && member_id !== "system") {
      const spot = spotOf(changes);
      toasts.say(summary, name, colour, spot && { label: t("Show me"), act: () => this.bench.goTo(spot) });
    }
  }
}
