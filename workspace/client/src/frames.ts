// Whose left is left: the axes of each subject, and the ones this member has chosen to look by.

import { shallowReactive } from "vue";
import { lettersOf } from "./camera";
import type { Memory } from "./memory";
import type { FrameRecord } from "./records";
import type { Room } from "./room";
import { add, cross, distanceMm, dot, scale, type Vector } from "./vector";

/** The subject's own directions as unit vectors in LPS of the images. */
export interface Frame {
  /** "" as scanned, else the subject's letter. */
  name: string;
  left: Vector;
  posterior: Vector;
  superior: Vector;
}

export const AS_SCANNED: Frame = {
  name: "",
  left: [1, 0, 0],
  posterior: [0, 1, 0],
  superior: [0, 0, 1],
};

/** Rounding on the wire is far below this; a frame further off is no frame. */
const SQUARE_WITHIN = 1e-6;

/** Return the frame of a subject, or null where the axes are not square or are mirrored. */
export function frameFrom(name: string, { axes }: Pick<FrameRecord, "axes">): Frame | null {
  const [left, posterior, superior] = axes;
  const units = axes.every((axis) => axis.every(Number.isFinite) && Math.abs(dot(axis, axis) - 1) < SQUARE_WITHIN);
  // Right-handed: a mirrored frame would call the left side right.
  const righthanded = distanceMm(cross(left, posterior), superior) < SQUARE_WITHIN;
  return units && righthanded ? { name, left, posterior, superior } : null;
}

/** Return a direction of the images in the coordinates of the subject: towards L, P, S. */
export const intoFrame = (frame: Frame, direction: Vector): Vector => [
  dot(direction, frame.left),
  dot(direction, frame.posterior),
  dot(direction, frame.superior),
];

/** Return a direction of the subject (towards L, P, S) in the images: LPS as scanned. */
export const outOfFrame = (frame: Frame, [l, p, s]: Vector): Vector =>
  add(scale(frame.left, l), add(scale(frame.posterior, p), scale(frame.superior, s)));

/** Return the subject's letters for a direction of the images, the strongest first: "L", "LS". */
export const lettersIn = (frame: Frame, direction: Vector): string => lettersOf(intoFrame(frame, direction));

/** The frames that this room has, and the member's choice among them. */
export class Frames {
  readonly state = shallowReactive({ chosen: "" });

  constructor(
    private readonly room: Room,
    private readonly memory: Memory,
  ) {
    this.state.chosen = memory.get().frame ?? "";
  }

  /** Those that can be chosen, as scanned first. */
  all(): Frame[] {
    const known = Object.entries(this.room.state.view.frames ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    const frames = known.map(([name, record]) => frameFrom(name, record));
    return [AS_SCANNED, ...frames.filter((frame) => frame !== null)];
  }

  /** The frame to look by: as scanned where the chosen one is not there. */
  get current(): Frame {
    return this.all().find(({ name }) => name === this.state.chosen) ?? AS_SCANNED;
  }

  choose(name: string): void {
    this.state.chosen = name;
    this.memory.put({ frame: name });
  }
}

/** The frame by which letters, cube and slices of this member are turned. */
export const frameOf = (bench: { frames: Frames }): Frame => bench.frames.current;
