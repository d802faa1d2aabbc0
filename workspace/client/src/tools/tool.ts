import type { Pixel } from "../camera";
import type { Handle } from "../gizmo";
import type { Hands } from "../hands";
import type { Pick } from "../picking";
import type { ToolName } from "../protocol";
import type { Room } from "../room";
import type { Stage } from "../stage";
import type { Toasts } from "../toasts";
import type { ToolEvent } from "./tables";

/** What comes with an event. */
export interface Input {
  pixel: Pixel;
  pick: Pick | null;
  handle: Handle | null;
}

export const NOTHING: Input = { pixel: [0, 0], pick: null, handle: null };

/** What a tool may use. */
export interface Bench {
  room: Room;
  stage: Stage;
  hands: Hands;
  toasts: Toasts;
  selected(): string | null;
  select(id: string | null): void;
}

/** The command that a tool leads to; null: everybody may. */
export const LEADS_TO: Record<ToolName, string | null> = {
  select: null,
  note: "pin_note",
  comment: "open_thread",
  measure: "measure_distance",
  cut: "place_cut",
  move: "move_fragment",
};

export interface Tool {
  takes(event: ToolEvent): boolean;
  send(event: ToolEvent, input?: Input): boolean;
  /** What can be taken hold of now. */
  handles(): Handle[];
}
