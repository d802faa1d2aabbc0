import type { Pixel } from "../camera";
import type { Handle } from "../gizmo";
import type { Hands } from "../hands";
import { NOWHERE, type Pane, type Place } from "../panes/pane";
import type { Anchor, Command, ToolName } from "../protocol";
import type { Room } from "../room";
import type { Stage } from "../stage";
import type { Toasts } from "../toasts";
import type { ToolEvent } from "./tables";

/** What comes with an event. */
export interface Input {
  pixel: Pixel;
  place: Place | null;
  pane: Pane;
  handle: Handle | null;
  /** Alt is held down: the place is drawn to nothing. */
  free?: boolean;
}

export const NOTHING: Input = { pixel: [0, 0], place: null, pane: NOWHERE, handle: null };

/** What a tool may use. */
export interface Bench {
  room: Room;
  stage: Stage;
  hands: Hands;
  toasts: Toasts;
  readonly state: { readonly tool: ToolName; openNote: string | null };
  readonly panes: { redrawInk(): void };
  selected(): string | null;
  select(id: string | null): void;
  choose(name: ToolName): void;
  /** Return the operation, or null where the member may not. */
  submit(command: Command, seen?: number): string | null;
  removeSelected(): void;
}

/** The command that a tool leads to; null: everybody may. */
export const LEADS_TO: Record<ToolName, string | null> = {
  select: null,
  note: "pin_note",
  comment: "open_thread",
  measure: "place_markup",
  annotate: "place_markup",
  edit: "edit_markup",
  cut: "place_cut",
  move: "move_fragment",
};

export interface Tool {
  /** A place will do where only images are; else a click there is a miss. */
  readonly anywhere?: boolean;
  takes(event: ToolEvent): boolean;
  send(event: ToolEvent, input?: Input): boolean;
  /** What can be taken hold of in this pane now. */
  handles(pane: Pane): Handle[];
}

/** Return the place on a solid, or null where there is none. */
export function anchorOf(place: Place | null): Anchor | null {
  return place?.solid_id == null ? null : { solid_id: place.solid_id, point_mm: place.point_mm };
}
