// What the panels around the view can ask of it.

import { VIEWS, type Direction } from "./camera";
import { newId } from "./ids";
import { placeOf } from "./panels/places";
import type { Command, PresentAct, RecordRef } from "./protocol";
import type { Vector } from "./vector";
import type { Workbench } from "./workbench";

export interface Instruction {
  /** Another number: do it (again). */
  n: number;
  name: string;
  command?: Command;
  direction?: string;
  point_mm?: Vector;
  solid_id?: string;
  member_id?: string;
  branch_id?: string;
  thread_id?: string;
  act?: PresentAct;
  revision?: number;
  record_id?: string;
  ref?: RecordRef | null;
}

const ACTS: Record<string, (bench: Workbench, instruction: Instruction) => unknown> = {
  submit: (bench, { command }) => command && bench.submit(withNewIds(command)),
  frame: (bench, { solid_id }) => bench.frame(solid_id ?? null),
  view: (bench, { direction }) => {
    if (direction && direction in VIEWS) bench.view(direction as Direction);
  },
  focus: (bench, { point_mm, solid_id }) => bench.focus({ point_mm, solid_id }),
  find: (bench, { record_id }) => {
    const place = record_id === undefined ? null : placeOf(bench.room.state.view, record_id);
    if (!place) return;
    bench.focus(place);
    if (place.point_mm) bench.crosshair.jump(place.point_mm);
  },
  follow: (bench, { member_id }) => member_id && bench.company.follow(member_id),
  leave: (bench) => bench.company.leave(),
  jump: (bench, { member_id }) => member_id && bench.company.jump(member_id),
  present: (bench, { act, member_id }) =>
    act ? bench.company.lead(act, member_id ?? null) : bench.company.toggleLead(),
  visit: (bench, { branch_id }) => branch_id && bench.visit(branch_id),
  timeline: (bench, { revision }) =>
    revision === undefined ? bench.timeline.toggle() : bench.timeline.show(revision),
  now: (bench) => bench.timeline.act({ type: "now" }),
  open_thread: (bench, { thread_id }) => thread_id && bench.openThread(thread_id),
  editing: (bench, { ref }) => bench.company.edit(ref ?? null),
  undo: (bench) => bench.submit({ type: "undo" }),
  redo: (bench) => bench.submit({ type: "redo" }),
  keys: (bench) => {
    bench.state.keysShown = true;
  },
};

/** Ids that the panels leave to the view: their templates cannot make any. */
const TO_BE_MADE = "new";

/** Return the command with an id of its own wherever it says "new". */
export function withNewIds(command: Command): Command {
  const entries = Object.entries(command).map(([key, value]) =>
    key.endsWith("_id") && value === TO_BE_MADE ? [key, newId()] : [key, value],
  );
  return Object.fromEntries(entries) as Command;
}

export function obey(bench: Workbench, instruction: Instruction): void {
  ACTS[instruction.name]?.(bench, instruction);
}
