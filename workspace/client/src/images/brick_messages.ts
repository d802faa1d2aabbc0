// What the page and the worker that reads volumes say to each other.

import type { LevelLayout } from "../worker/volume_shard";
import type { Voxels } from "./sampling";

export type Wanted =
  | { type: "layout"; id: number; url: string; path: string }
  | { type: "brick"; id: number; url: string; path: string; at: [number, number, number] }
  | { type: "forget"; id: number };

export type Brought =
  | { id: number; layout: LevelLayout }
  | { id: number; voxels: Voxels; bytes: number }
  /** `lasting`: asking again will not help. */
  | { id: number; problem: string; lasting: boolean };
