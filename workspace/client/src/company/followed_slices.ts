// The slices of whoever is followed: where they cut, and how the panes lie.

import type { Presence } from "../protocol";
import { LAYOUTS, type LayoutId } from "../panes/arrangement";
import type { PaneId } from "../panes/pane";
import type { Workbench } from "../workbench";

const isLayout = (name: string): name is LayoutId => (LAYOUTS as readonly string[]).includes(name);
const PANES: readonly string[] = ["3d", "axial", "coronal", "sagittal"] satisfies PaneId[];

export class FollowedSlices {
  /** How the own panes lay before; null: nobody is followed. */
  private kept: { layout: LayoutId; maximised: PaneId | null } | null = null;
  private last = "";

  constructor(private readonly bench: Workbench) {}

  /** Take over what has changed over there; what one moves oneself meanwhile stays. */
  follow({ crosshair, panes }: Presence): void {
    const now = JSON.stringify([crosshair, panes]);
    if (now === this.last) return;
    this.last = now;
    if (crosshair) this.bench.crosshair.jump(crosshair);
    const { state } = this.bench.panes;
    this.kept ??= { layout: state.layout, maximised: state.maximised };
    if (!panes || !isLayout(panes.layout)) return;
    state.layout = panes.layout;
    state.maximised = PANES.includes(panes.maximised ?? "") ? (panes.maximised as PaneId) : null;
  }

  /** The own panes come back; the slices stay where they were led to. */
  leave(): void {
    if (this.kept) Object.assign(this.bench.panes.state, this.kept);
    this.kept = null;
    this.last = "";
  }
}
