// Whether slices are made here or by the server: chosen by itself, or by hand.

import type { Mode } from "./images";

/** What is known of the device before anything was drawn. */
export interface Device {
  workers: boolean;
  /** GB; null where the browser does not say. */
  memory_gb: number | null;
  /** The member asked the browser to save data. */
  saves_data: boolean;
}

const MB = 1024 * 1024;
const USUAL_BUDGET = 600 * MB;
/** With less memory than this not even a coarse volume should be held. GB. */
const TOO_LITTLE_GB = 1;
/** Slower than this a scrolling hand is better served with pictures. */
const SLOW_MS = 120;
const DRAWS_COUNTED = 12;

interface Hints {
  deviceMemory?: number;
  connection?: { saveData?: boolean };
}

export function deviceOf(): Device {
  const { deviceMemory, connection } = navigator as Navigator & Hints;
  return {
    workers: typeof Worker !== "undefined",
    memory_gb: deviceMemory ?? null,
    saves_data: connection?.saveData ?? false,
  };
}

/** Return how many bytes of a volume's voxels may be held: an eighth of the memory, 600 MB where it is not told.
 *
 * Two volumes laid over each other so take a quarter of it, and no level of one takes a GiB. What
 * `performance.memory` tells does not count: arrays of voxels lie outside of the heap that it limits.
 */
export function budgetOf({ memory_gb }: Device): number {
  return memory_gb === null ? USUAL_BUDGET : Math.min(1.5 * USUAL_BUDGET, (memory_gb * 1024 * MB) / 8);
}

export function modeFor({ workers, memory_gb, saves_data }: Device): Mode {
  const weak = memory_gb !== null && memory_gb < TOO_LITTLE_GB;
  return !workers || weak || saves_data ? "server" : "browser";
}

/** Notes how long pictures take, and says when the server would be the faster one. */
export class Pace {
  readonly times: number[] = [];

  note(ms: number): void {
    this.times.push(ms);
    if (this.times.length > DRAWS_COUNTED) this.times.shift();
  }

  get slow(): boolean {
    if (this.times.length < DRAWS_COUNTED) return false;
    return [...this.times].sort((a, b) => a - b)[DRAWS_COUNTED >> 1] > SLOW_MS;
  }
}
