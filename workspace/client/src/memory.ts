// What one member's tab remembers over a reload: camera, tools, appearance, selection, lists.

import type { Camera } from "./camera";
import type { Clips } from "./inside/clips";
import type { LayoutId } from "./panes/arrangement";
import type { PaneId, SliceId } from "./panes/pane";
import type { MarkupKind, ToolName } from "./protocol";
import type { Vector } from "./vector";

export interface Appearance {
  visible?: boolean;
  opacity?: number;
}

export interface Remembered {
  camera?: Camera;
  tool?: ToolName;
  selectedId?: string | null;
  branchId?: string;
  panes?: { layout: LayoutId; maximised: PaneId | null; beside: SliceId };
  crosshair?: Vector;
  appearance?: Record<string, Appearance>;
  /** The subject by whose axes one looks; "" as scanned. */
  frame?: string;
  clips?: Clips;
  /** Solids that are never clipped. */
  whole?: string[];
  depthCues?: boolean;
  /** Whether one sees from where the others look. */
  frusta?: boolean;
  /** What was measured and drawn last. */
  kinds?: { measure?: MarkupKind; annotate?: MarkupKind };
  /** How the lists look: state of the panels -> what was chosen. */
  lists?: Record<string, string>;
}

export class Memory {
  private readonly key: string;
  private value: Remembered;

  /** `place` names the room and the member: the socket's address does. */
  constructor(place: string) {
    this.key = `commissure:view:${place}`;
    this.value = this.read();
  }

  get(): Remembered {
    return this.value;
  }

  put(part: Remembered): void {
    this.value = { ...this.value, ...part };
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.value));
    } catch {
      // Storage is full or forbidden: a reload then starts from the standard view.
    }
  }

  private read(): Remembered {
    try {
      const value: unknown = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
      return typeof value === "object" && value !== null ? (value as Remembered) : {};
    } catch {
      return {};
    }
  }
}

/** Session storage, or null where the browser forbids it. */
export function sessionTexts(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
