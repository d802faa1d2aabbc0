// The value under the pointer, asked of the server where its voxel is not here.

import { shallowReactive } from "vue";
import type { Vector } from "../vector";
import { gridOf, indexAt, moved, worldAt } from "./grid";
import type { Images } from "./images";
import type { Volume } from "./listing";

/** Ten a second: more changes of a number nobody reads. */
const APART_MS = 100;
const AGAIN_MS = 1500;

interface Asked {
  key: string;
  index: Vector;
}

export class ServerValues {
  /** Counts up with each answer. */
  readonly state = shallowReactive({ answers: 0 });
  private known: (Asked & { value: number | null }) | null = null;
  private wanted: Asked & { at: string } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private fetching: AbortController | null = null;
  private next = 0;

  /** `base` is the member's page, with a slash at the end. */
  constructor(private readonly base: string) {}

  /** Return the value of the voxel at a place of the room; null: outside, or not answered yet. */
  at(volume: Volume, world: Vector): number | null {
    void this.state.answers;
    const asked = { key: volume.key, index: voxelIn(volume, world) };
    const { counts } = ownGrid(volume);
    if (asked.index.some((at, axis) => !(at >= 0 && at < counts[axis]))) return null;
    if (isSame(this.known, asked)) return this.known?.value ?? null;
    if (!isSame(this.wanted, asked)) {
      // the centre of the voxel: both sides then round to the same one
      this.wanted = { ...asked, at: worldAt(ownGrid(volume), asked.index).join(",") };
      this.begin();
    }
    return null;
  }

  close(): void {
    clearTimeout(this.timer);
    this.fetching?.abort();
    this.wanted = null;
  }

  /** Ask for what is wanted last: one at a time, and not too often. */
  private begin(): void {
    if (this.fetching || this.timer !== undefined) return;
    const wait = Math.max(0, this.next - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.fetch();
    }, wait);
  }

  private async fetch(): Promise<void> {
    const { wanted } = this;
    if (!wanted) return;
    this.next = Date.now() + APART_MS;
    const abort = new AbortController();
    this.fetching = abort;
    const address = `${this.base}volumes/${wanted.key}/value?at=${wanted.at}`;
    try {
      const response = await fetch(address, { signal: abort.signal, credentials: "same-origin" });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const { value } = (await response.json()) as { value: number | null };
      this.known = { key: wanted.key, index: wanted.index, value };
    } catch {
      // No number is shown meanwhile; whoever still points there asks again.
      this.next = Date.now() + AGAIN_MS;
    }
    if (abort.signal.aborted) return;
    this.fetching = null;
    if (isSame(this.wanted, wanted)) this.wanted = null;
    else this.begin();
    this.state.answers += 1;
  }
}

/** Return the value at a place, from the voxels that are here or, where they never will be, the server's. */
export function valueUnder(world: Vector, { images, values }: { images: Images; values: ServerValues }): number | null {
  const here = images.valueAt(world);
  const volume = images.volume();
  if (here !== null || !volume) return here;
  const neverHere = images.loaderOf(volume)?.tooLarge ?? true;
  return neverHere ? values.at(volume, world) : null;
}

const ownGrid = ({ levels: [{ affine_lps, shape_kji }] }: Volume) => gridOf(affine_lps, shape_kji);

/** Return the (i, j, k) of the voxel in which a place of the room lies; it may be none of the volume's. */
function voxelIn(volume: Volume, world: Vector): Vector {
  const placed = volume.primary ? null : (volume.registration?.matrix ?? null);
  const grid = placed ? moved(ownGrid(volume), placed) : ownGrid(volume);
  return indexAt(grid, world).map(Math.round) as Vector;
}

const isSame = (one: Asked | null, other: Asked | null): boolean =>
  !!one && !!other && one.key === other.key && one.index.every((at, axis) => at === other.index[axis]);
