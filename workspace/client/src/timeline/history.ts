// The room's history as the server keeps it: what happened, and the plan at any moment.

import type { Change, PlanView } from "../protocol";
import { advancedBy } from "../store";
import type { Moment } from "./moments";

interface Step {
  revision: number;
  changes: Change[];
}

/** A page of a recorded history: larger ones make the first step wait. */
const STEPS_AT_ONCE = 200;

export class History {
  /** Steps that were fetched, by revision, of one branch. */
  private readonly steps = new Map<number, Step>();
  private branchId = "";
  private shown: { revision: number; view: PlanView } | null = null;

  /** `base`: address of the member's page, with a slash at the end. */
  constructor(private readonly base: string) {}

  async moments(): Promise<Moment[]> {
    const { moments } = await this.get<{ moments: Moment[] }>("timeline");
    return moments;
  }

  /** Return the plan of a branch at a revision. */
  async at(revision: number, branchId: string): Promise<PlanView> {
    const view = this.stepped(revision, branchId) ?? (await this.fetched(revision, branchId));
    this.shown = { revision, view };
    return view;
  }

  /** Fetch what follows a revision, so that playing goes on without asking for each step. */
  async prepare(after: number, branchId: string): Promise<void> {
    this.turnTo(branchId);
    if (this.steps.has(after + 1)) return;
    const query = `after=${after}&count=${STEPS_AT_ONCE}&branch=${encodeURIComponent(branchId)}`;
    const { steps } = await this.get<{ steps: Step[] }>(`steps?${query}`);
    for (const step of steps) this.steps.set(step.revision, step);
  }

  forget(): void {
    this.shown = null;
    this.steps.clear();
  }

  private turnTo(branchId: string): void {
    if (branchId === this.branchId) return;
    this.branchId = branchId;
    this.forget();
  }

  /** Go on from what is shown, where all steps up to `revision` are here; else null. */
  private stepped(revision: number, branchId: string): PlanView | null {
    this.turnTo(branchId);
    if (!this.shown || this.shown.revision > revision) return null;
    let { view } = this.shown;
    for (let at = this.shown.revision + 1; at <= revision; at += 1) {
      const step = this.steps.get(at);
      if (!step) return null;
      view = advancedBy(view, step.changes);
    }
    return view;
  }

  private async fetched(revision: number, branchId: string): Promise<PlanView> {
    const query = `branch=${encodeURIComponent(branchId)}`;
    return (await this.get<{ view: PlanView }>(`at/${revision}?${query}`)).view;
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(this.base + path, { headers: { Accept: "application/json" } });
    if (response.status === 403) throw new Error("your role does not see what happened");
    if (!response.ok) throw new Error(`the history could not be read (${response.status})`);
    return (await response.json()) as T;
  }
}
