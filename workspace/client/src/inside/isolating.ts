// Only what is chosen, and again everything: what is hidden stays listed in the panel as hidden.

import { shallowReactive } from "vue";
import type { Appearance } from "../memory";
import type { PlanView } from "../records";
import { leavesOf, solidOf } from "../store";
import { t } from "../words";
import type { Workbench } from "../workbench";

/** Return the leaves that stand for a solid: itself, or the pieces that it was cut into. */
export function leavesUnder(view: PlanView, solidId: string): string[] {
  const under = (id: string): boolean => {
    if (id === solidId) return true;
    const parent = view.fragments[id]?.parent_id;
    return parent !== undefined && under(parent);
  };
  return leavesOf(view)
    .map(([id]) => id)
    .filter(under);
}

/** Return how everything looks while only `kept` is shown; opacities stay. */
export function isolated(
  view: PlanView,
  appearance: Record<string, Appearance>,
  kept: readonly string[],
): Record<string, Appearance> {
  const rows = leavesOf(view).map(([id]) => [id, { ...appearance[id], visible: kept.includes(id) }] as const);
  return { ...appearance, ...Object.fromEntries(rows) };
}

export class Isolation {
  readonly state = shallowReactive({
    /** How everything looked before; null: nothing is isolated. */
    before: null as Record<string, Appearance> | null,
    names: "",
  });

  constructor(private readonly bench: Workbench) {}

  toggle(): void {
    if (this.state.before) this.end();
    else this.begin();
  }

  private begin(): void {
    const { bench } = this;
    const { view } = bench.room.state;
    const chosen = bench.state.selectedId ?? "";
    const solid = solidOf(view, chosen);
    if (!solid) {
      bench.toasts.say(t("Choose a structure first. I shows it alone, and I again brings back the others."));
      return;
    }
    this.state.before = bench.stage.appearance;
    this.state.names = solid.name;
    bench.dress(isolated(view, bench.stage.appearance, leavesUnder(view, chosen)));
  }

  /** Everything is as it was before. */
  end(): void {
    const { before } = this.state;
    this.state.before = null;
    if (before) this.bench.dress(before);
  }
}
