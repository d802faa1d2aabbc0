import { shallowReactive } from "vue";
import { dragFrom, motionHandles, type Handle } from "../gizmo";
import type { Pane } from "../panes/pane";
import type { Dragged, FragmentRecord } from "../protocol";
import {
  aboutAxis,
  angleDeg,
  anglesOf,
  displacement,
  fromAngles,
  fromDisplacement,
  multiply,
  type RigidTransform,
} from "../rigid";
import { centreOf } from "../store";
import { add, length, scale, type Vector } from "../vector";
import { Machine } from "./machine";
import { MOVE, type ToolEvent } from "./tables";
import { NOTHING, type Bench, type Input, type Tool } from "./tool";
import { t } from "../words";

export class MoveTool implements Tool {
  readonly state = shallowReactive({
    phase: "idle" as string,
    hint: "",
    hintAt: [0, 0] as [number, number],
  });
  dragging: Dragged | null = null;
  private readonly machine;
  private held: {
    from: RigidTransform;
    handle: Handle;
    /** The revision on screen when it was taken hold of. */
    seen: number;
    amount(pixel: [number, number]): number;
  } | null = null;

  constructor(private readonly bench: Bench) {
    this.machine = new Machine(MOVE, "idle", {
      choose: ({ place }: Input) => place?.solid_id && this.choose(place.solid_id),
      hold: (input: Input) => this.hold(input),
      preview: ({ pixel }: Input) => this.drag(pixel),
      commit: () => this.commit(),
      revert: () => this.revert(),
      leave: () => bench.select(null),
    });
  }

  takes(event: ToolEvent): boolean {
    return this.machine.takes(event);
  }

  send(event: ToolEvent, input: Input = NOTHING): boolean {
    const done = this.machine.send(event, input);
    this.state.phase = this.machine.state;
    if (done) this.bench.stage.redraw();
    return done;
  }

  /** The chosen piece, or null. */
  inHand(): FragmentRecord | null {
    const fragment = this.bench.room.state.view.fragments[this.bench.selected() ?? ""];
    return fragment?.leaf ? fragment : null;
  }

  /** Where the piece is now: mm along L, P, S, and turns about them, degrees. */
  placeOf(fragment: FragmentRecord): { shift: Vector; angles: Vector; mm: number; deg: number } {
    const transform = this.bench.hands.transformOf(fragment.fragment_id);
    const shift = displacement(transform, centreOf(fragment));
    return {
      shift,
      angles: anglesOf(transform.rotation),
      mm: length(shift),
      deg: angleDeg(transform.rotation),
    };
  }

  /** Put the piece where the numbers say, from its place as scanned. */
  put(fragment: FragmentRecord, shift: Vector, angles: Vector): void {
    this.submit(fragment, fromDisplacement(fromAngles(angles), shift, centreOf(fragment)));
  }

  handles({ camera, size }: Pane): Handle[] {
    const fragment = this.inHand();
    if (!fragment || !this.takes("grab")) return this.held ? [this.held.handle] : [];
    return motionHandles(camera, size, this.worldCentre(fragment));
  }

  private worldCentre(fragment: FragmentRecord): Vector {
    return this.bench.stage.worldOf(fragment.fragment_id, centreOf(fragment));
  }

  private choose(solidId: string): void {
    const { view } = this.bench.room.state;
    if (view.fragments[solidId]) {
      this.bench.select(solidId);
      return;
    }
    const name = view.segments[solidId]?.name ?? t("This structure");
    this.bench.toasts.say(t("{name} is whole. Only pieces that a cut has made can be moved.", { name }));
  }

  private hold({ handle, pixel, pane }: Input): void {
    const fragment = this.inHand();
    if (!handle || !fragment) return;
    const { camera, size } = pane;
    const from = this.bench.hands.transformOf(fragment.fragment_id);
    const seen = this.bench.room.state.revision;
    this.held = { from, handle, seen, amount: dragFrom(camera, size, handle, pixel) };
  }

  private drag(pixel: [number, number]): void {
    const fragment = this.inHand();
    if (!this.held || !fragment) return;
    const { from, handle } = this.held;
    const centre = centreOf(fragment);
    const amount = this.held.amount(pixel);
    const shift = displacement(from, centre);
    const transform =
      handle.kind === "shift"
        ? fromDisplacement(from.rotation, add(shift, scale(handle.axis, amount)), centre)
        : fromDisplacement(
            multiply(aboutAxis(handle.axis, (amount * 180) / Math.PI), from.rotation),
            shift,
            centre,
          );
    const { fragment_id } = fragment;
    this.bench.hands.holdFragment(fragment_id, transform);
    this.dragging = { type: "fragment", fragment_id, transform };
    const { mm, deg } = this.placeOf(fragment);
    this.state.hint = `${mm.toFixed(1)} mm · ${deg.toFixed(1)}°`;
    this.state.hintAt = pixel;
    this.bench.stage.redraw();
  }

  private commit(): void {
    const fragment = this.inHand();
    if (fragment && this.dragging?.type === "fragment") {
      this.submit(fragment, this.dragging.transform, this.held?.seen);
    }
    this.letGo();
  }

  private revert(): void {
    if (this.dragging?.type === "fragment") this.bench.hands.drop(this.dragging.fragment_id);
    this.letGo();
  }

  private letGo(): void {
    this.held = null;
    this.dragging = null;
    this.state.hint = "";
  }

  private submit({ fragment_id }: FragmentRecord, transform: RigidTransform, seen?: number): void {
    const command = { type: "move_fragment" as const, fragment_id, transform };
    const operation = this.bench.room.submit(command, seen);
    this.bench.hands.holdFragment(fragment_id, transform, operation);
    this.bench.stage.redraw();
  }
}
