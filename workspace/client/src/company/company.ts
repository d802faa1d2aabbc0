// The others: what they see of this member, whose view is looked through, who presents.

import { shallowReactive, watch } from "vue";
import { cameraOf, stateOf } from "../camera";
import type { Cursor, Presence, PresentAct, RecordRef } from "../protocol";
import { MAIN, refOf } from "../records";
import { t } from "../words";
import type { Workbench } from "../workbench";
import { FollowedSlices } from "./followed_slices";
import { Glide } from "./glide";
import { watchIdle } from "./idle";
import { modeOf, OWN_SIGHT, see, type Sight, type SightEvent } from "./sight";

export class Company {
  readonly state = shallowReactive({
    sight: OWN_SIGHT as Sight,
    idle: false,
    /** As last told to the others. */
    own: {} as Presence,
    /** What the panels have open to be changed. */
    panelEdits: null as RecordRef | null,
  });
  cursor: Cursor | null = null;
  private readonly glide: Glide;
  private readonly slices: FollowedSlices;
  private readonly stops: (() => void)[];
  /** The own selection, put back when following ends. */
  private kept: string | null = null;

  constructor(private readonly bench: Workbench) {
    const { stage } = bench;
    this.glide = new Glide({ get: () => stage.state.camera, set: (camera) => stage.look(camera) });
    this.slices = new FollowedSlices(bench);
    this.stops = [watchIdle((idle) => this.setIdle(idle)), ...this.watchAll()];
  }

  close(): void {
    this.glide.stop();
    this.stops.forEach((stop) => stop());
  }

  tell(): void {
    const { bench } = this;
    const { room, stage, crosshair, panes } = bench;
    const { selectedId, tool } = bench.state;
    const { layout, maximised } = panes.state;
    this.state.own = {
      cursor: room.state.past === null ? this.cursor : null,
      camera: stateOf(stage.state.camera),
      crosshair: crosshair.state.world,
      panes: { layout, maximised },
      clipping: this.watched() ? bench.inside.inForce.clipping : null,
      tool,
      dragging: bench.tools.dragging(),
      selection: selectedId === null ? null : refOf(room.state.view, selectedId),
      editing: bench.tools.editing() ?? this.state.panelEdits,
      idle: this.state.idle,
      lag_ms: room.state.lagMs === null ? null : Math.round(room.state.lagMs),
      following: this.state.sight.following,
      branch_id: room.state.branchId,
    };
    room.tell(this.state.own);
  }

  pointAt(cursor: Cursor | null): void {
    this.cursor = cursor;
    this.tell();
  }

  follow(memberId: string): void {
    if (!this.presenceOf(memberId)) return;
    this.turn({ type: "follow", member_id: memberId });
  }

  /** Look once from where a member looks. */
  jump(memberId: string): void {
    const presence = this.presenceOf(memberId);
    const camera = presence?.camera && cameraOf(presence.camera);
    if (!camera) return;
    this.turn({ type: "leave" });
    this.visitWith(presence);
    this.glide.to(camera);
  }

  /** The member moves their own camera: they no longer look through another's eyes. */
  takeOver(): void {
    const mode = modeOf(this.state.sight);
    this.glide.stop();
    if (mode !== "led" && mode !== "following") return;
    const name = this.bench.room.nameOf(this.state.sight.following ?? "");
    this.turn({ type: "leave" });
    this.bench.toasts.say(
      mode === "led"
        ? t("You look around yourself now. Press R to return to {name}.", { name })
        : t("You no longer follow {name}.", { name }),
    );
  }

  /** Stop following; false where nobody is followed. */
  leave(): boolean {
    if (this.state.sight.following === null) return false;
    this.turn({ type: "leave" });
    return true;
  }

  goBack(): void {
    this.turn({ type: "return" });
  }

  lead(act: PresentAct, memberId: string | null = null): void {
    const { room, toasts } = this.bench;
    if (!room.state.may.has("present")) toasts.refuse(t("As {role} you may not present.", { role: t(room.state.role) }));
    else room.lead(act, memberId);
  }

  /** Start, ask, or stop: whatever the moment allows. */
  toggleLead(): void {
    const { presenter_id } = this.bench.room.state.presenting;
    if (presenter_id === this.bench.room.state.memberId) this.lead("stop");
    else this.lead(presenter_id === null ? "start" : "ask");
  }

  edit(ref: RecordRef | null): void {
    this.state.panelEdits = ref;
    this.tell();
  }

  /** Whether anybody looks, or is to look, through this member's eyes. */
  private watched(): boolean {
    const { state, others } = this.bench.room;
    const leads = state.presenting.presenter_id === state.memberId;
    return leads || [...others.values()].some(({ following }) => following === state.memberId);
  }

  private presenceOf(memberId: string): Presence | undefined {
    return this.bench.room.others.get(memberId);
  }

  private setIdle(idle: boolean): void {
    this.state.idle = idle;
    this.tell();
  }

  private turn(event: SightEvent): void {
    const before = this.state.sight;
    const after = see(before, event, this.bench.room.state.memberId);
    if (before.following === after.following && before.presenter === after.presenter) return;
    if (before.following === null) this.kept = this.bench.state.selectedId;
    this.state.sight = after;
    if (after.following === null) {
      this.glide.stop();
      this.slices.leave();
      if (before.following !== null) this.bench.select(this.kept);
    }
    this.lookThrough();
    this.tell();
  }

  private lookThrough(): void {
    const { following } = this.state.sight;
    const presence = following === null ? undefined : this.presenceOf(following);
    if (!presence || this.bench.room.state.past !== null) return;
    this.visitWith(presence);
    const camera = presence.camera && cameraOf(presence.camera);
    if (camera) this.glide.to(camera);
    this.slices.follow(presence);
    const chosen = presence.selection?.record_id ?? null;
    if (refOf(this.bench.room.state.view, chosen ?? "") || chosen === null) this.bench.select(chosen);
  }

  private visitWith(presence: Presence): void {
    const branchId = presence.branch_id ?? MAIN;
    if (branchId !== this.bench.room.state.branchId) this.bench.visit(branchId);
  }

  private watchAll(): (() => void)[] {
    const { room } = this.bench;
    const followed = () => room.others.get(this.state.sight.following ?? "");
    return [
      watch(
        () => room.state.presenting.presenter_id,
        (member_id) => this.turn({ type: "presenter", member_id }),
        { flush: "sync" },
      ),
      watch(followed, () => this.lookThrough(), { flush: "sync" }),
      watch(
        () => room.state.present,
        (present) => {
          const { following } = this.state.sight;
          if (following !== null && !present.includes(following)) this.turn({ type: "gone", member_id: following });
        },
      ),
      watch(
        [
          () => room.state.lagMs,
          () => this.bench.state.selectedId,
          () => room.state.branchId,
          () => this.bench.crosshair.state.world,
          () => this.bench.panes.state.layout,
          () => this.bench.panes.state.maximised,
          () => this.watched(),
        ],
        () => this.tell(),
      ),
    ];
  }
}
