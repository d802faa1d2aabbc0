// Looking at the plan as it was: one's own screen only, and nothing can be changed there.

import { shallowReactive, watch } from "vue";
import type { Advanced, PlanView } from "../protocol";
import type { Room } from "../room";
import { History } from "./history";
import { appended, branchAt, momentOf, placeOf, type Moment } from "./moments";
import { move, stayMs, type PlayEvent, type Playhead, type Speed } from "./playing";
import { t } from "../words";

export class Timeline {
  readonly state = shallowReactive({
    open: false,
    loading: false,
    failure: "",
    moments: [] as readonly Moment[],
    head: { place: 0, playing: false } as Playhead,
    speed: 10 as Speed,
    /** Entries that came while the past is shown. */
    since: 0,
  });
  /** The past is about to be shown instead of now. */
  onLeave: () => void = () => undefined;
  /** What is to be drawn has changed. */
  onShown: () => void = () => undefined;

  private readonly history: History;
  private readonly unwatch: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = -1;
  private busy = false;

  constructor(
    private readonly room: Room,
    base: string,
  ) {
    this.history = new History(base);
    this.unwatch = watch(
      [() => room.state.past, () => room.state.branchId],
      ([past]) => past === null && this.backAtNow(),
      { flush: "sync" },
    );
  }

  close(): void {
    clearTimeout(this.timer);
    this.unwatch();
  }

  get moment(): Moment | undefined {
    return this.state.moments[this.state.head.place];
  }

  async toggle(): Promise<void> {
    if (this.state.open) this.shut();
    else await this.show();
  }

  /** Open the strip; with a revision, go there. */
  async show(revision: number | null = null): Promise<void> {
    this.state.open = true;
    if (this.state.moments.length === 0) await this.load();
    if (revision !== null) this.act({ type: "seek", place: placeOf(this.state.moments, revision) });
  }

  shut(): void {
    this.act({ type: "now" });
    this.state.open = false;
    this.state.moments = [];
    this.history.forget();
  }

  act(event: PlayEvent): void {
    const { moments } = this.state;
    this.state.head = move(this.state.head, event, moments.length);
    this.follow();
  }

  setSpeed(speed: Speed): void {
    this.state.speed = speed;
    if (this.state.head.playing) this.schedule();
  }

  /** Somebody has changed the plan: the strip grows, and whoever looks back is told how much. */
  grow({ activity, changes }: Advanced, before: PlanView): void {
    if (this.room.state.past !== null) this.state.since += 1;
    if (!this.state.open || this.state.loading) return;
    const { moments } = this.state;
    const after = appended(moments, momentOf(activity, changes, before));
    if (after === moments) return;
    this.state.head = move(this.state.head, { type: "grown", count: after.length }, moments.length);
    this.state.moments = after;
  }

  private async load(): Promise<void> {
    this.state.loading = true;
    this.state.failure = "";
    try {
      this.state.moments = await this.history.moments();
      this.state.head = { place: Math.max(0, this.state.moments.length - 1), playing: false };
    } catch (error) {
      this.fail(error);
    } finally {
      this.state.loading = false;
    }
  }

  private fail(error: unknown): void {
    const reason = error instanceof Error ? error.message : "unknown";
    this.state.failure = t("The history did not come: {reason}.", { reason });
    this.state.head = { ...this.state.head, playing: false };
  }

  /** Show the moment under the playhead; the last one is now. */
  private follow(): void {
    clearTimeout(this.timer);
    const { head, moments } = this.state;
    if (head.place >= moments.length - 1) {
      this.wanted = -1;
      if (this.room.state.past !== null) this.room.showNow();
      this.onShown();
      return;
    }
    this.wanted = moments[head.place].revision;
    void this.fetchWanted();
  }

  /** One request at a time; of what was wanted meanwhile only the latest counts. */
  private async fetchWanted(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.wanted >= 0 && this.wanted !== this.room.state.past) {
        const revision = this.wanted;
        const shown = this.room.state.branchId;
        const view = await this.history.at(revision, this.branchOf(revision));
        if (this.wanted < 0 || shown !== this.room.state.branchId) break;
        if (this.room.state.past === null) {
          this.state.since = 0;
          this.onLeave();
        }
        this.room.showPast(revision, view);
        this.onShown();
      }
      const { past } = this.room.state;
      if (this.state.head.playing && past !== null) {
        await this.history.prepare(past, this.branchOf(past));
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.busy = false;
    }
    if (this.state.head.playing) this.schedule();
  }

  private branchOf(revision: number): string {
    const { moments } = this.state;
    const at = moments[placeOf(moments, revision)]?.at ?? "";
    return branchAt(this.room.now, this.room.state.branchId, at);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const { moments, head, speed } = this.state;
    const stay = stayMs(moments, head.place, speed);
    if (stay === null) return;
    // With no wait at all the browser still gets its turn to draw.
    this.timer = setTimeout(() => requestAnimationFrame(() => this.act({ type: "shown" })), stay);
  }

  private backAtNow(): void {
    clearTimeout(this.timer);
    this.wanted = -1;
    this.state.since = 0;
    this.state.head = { place: Math.max(0, this.state.moments.length - 1), playing: false };
    this.onShown();
  }
}
