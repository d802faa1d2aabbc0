// What the panels around the view can ask of it.

import { VIEWS, type Direction } from "./camera";
import type { Command } from "./protocol";
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
}

const ACTS: Record<string, (bench: Workbench, instruction: Instruction) => void> = {
  submit: (bench, { command }) => command && bench.submit(command),
  frame: (bench, { solid_id }) => bench.stage.frameAll(solid_id ?? null),
  view: (bench, { direction }) => {
    if (direction && direction in VIEWS) bench.view(direction as Direction);
  },
  focus: (bench, { point_mm, solid_id }) => bench.focus({ point_mm, solid_id }),
  undo: (bench) => bench.submit({ type: "undo" }),
  redo: (bench) => bench.submit({ type: "redo" }),
  keys: (bench) => {
    bench.state.keysShown = true;
  },
};

export function obey(bench: Workbench, instruction: Instruction): void {
  ACTS[instruction.name]?.(bench, instruction);
}
