// Brings a volume into memory: which bricks are on their way, and which come next.

import type { Volume } from "./listing";
import { wantedOrder, type WantedBrick } from "./brick_order";
import { ReadError, type BrickSource, type Fetched } from "./brick_source";
import { HeldLevel, type Sheet } from "./pyramid";

/** Browsers keep six connections to a server; one is left for surfaces and pictures. */
const AT_ONCE = 5;
const TRIES = 5;
const FIRST_WAIT_MS = 400;

interface UnderWay extends WantedBrick {
  fetched: Fetched<unknown>;
}

export interface Place {
  /** Address of the volume's folder. */
  url: string;
  /** How many bytes of voxels may be held. */
  budget: number;
}

export class VolumeLoader {
  /** The finest first. */
  readonly levels: HeldLevel[];
  /** The finest level that fits into memory. */
  readonly finest: number;
  /** Bytes that came over the line. */
  bytes = 0;
  /** Why nothing more comes; "" while all is well. */
  problem = "";
  onBrick: () => void = () => undefined;

  private readonly underWay = new Map<string, UnderWay>();
  private sheets: Sheet[] = [];
  private order: WantedBrick[] | null = null;
  private isEager = true;
  private failures = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    readonly volume: Volume,
    private readonly place: Place,
    private readonly source: BrickSource,
  ) {
    const placed = volume.primary ? null : (volume.registration?.matrix ?? null);
    this.levels = volume.levels.map((level) => new HeldLevel(level, volume.dtype, placed));
    this.finest = finestThatFits(this.levels, place.budget);
  }

  /** Share of the wanted voxels that is here. */
  get progress(): number {
    const wanted = this.levels.slice(this.finest);
    if (wanted.some(({ layout }) => layout === null)) return 0;
    const all = wanted.reduce((sum, { here }) => sum + here.length, 0);
    return 1 - wanted.reduce((sum, { missing }) => sum + missing, 0) / all;
  }

  /** All that fits is here. */
  get complete(): boolean {
    return this.levels.slice(this.finest).every(({ complete }) => complete);
  }

  /** The finest level there is does not fit. */
  get tooLarge(): boolean {
    return this.finest > 0;
  }

  /** Whether more than a first picture may come now; until then, the two coarsest levels. */
  set eager(eager: boolean) {
    if (this.isEager === eager) return;
    this.isEager = eager;
    this.order = null;
    this.fetchMore();
  }

  /** Learn how the levels lie, the coarsest first, and begin. */
  open(): void {
    const last = this.levels.length - 1;
    for (let level = last; level >= this.finest; level -= 1) {
      if (this.levels[level].layout === null) this.layOut(level);
    }
  }

  /** What is on screen now. */
  look(sheets: Sheet[]): void {
    this.sheets = sheets;
    this.order = null;
    this.fetchMore();
  }

  /** Begin again after a problem. */
  retry(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.problem = "";
    this.failures = 0;
    this.open();
    this.fetchMore();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.pause);
    for (const { fetched } of this.underWay.values()) fetched.forget();
    this.underWay.clear();
  }

  private layOut(level: number): void {
    const held = this.levels[level];
    this.source.layout(this.place.url, held.level.path).then(
      (layout) => {
        if (held.layout === null) held.lay(layout);
        this.order = null;
        this.fetchMore();
      },
      (error: unknown) => this.fail(error),
    ).catch((error: unknown) => this.fail(error));
  }

  private fetchMore(): void {
    if (this.closed || this.problem || this.pause !== undefined) return;
    if (this.levels[this.levels.length - 1].layout === null) return;
    if (this.order === null) {
      const from = this.isEager ? this.finest : Math.max(this.finest, this.levels.length - 2);
      const wanted = wantedOrder(this.levels, from, this.sheets);
      this.giveWay(wanted);
      this.order = wanted.reverse();
    }
    while (this.underWay.size < AT_ONCE) {
      const next = this.order.pop();
      if (!next) return;
      if (!this.underWay.has(nameOf(next)) && !this.levels[next.level].here[next.brick]) this.fetch(next);
    }
  }

  /** Call off what nobody looks at while a picture on screen waits for something else. */
  private giveWay(wanted: WantedBrick[]): void {
    const urgent = new Set(wanted.filter(({ onScreen }) => onScreen).map(nameOf));
    const waits = [...urgent].some((name) => !this.underWay.has(name));
    if (!waits) return;
    for (const [name, { fetched }] of this.underWay) {
      if (urgent.has(name)) continue;
      fetched.forget();
      this.underWay.delete(name);
    }
  }

  private fetch(wanted: WantedBrick): void {
    const held = this.levels[wanted.level];
    const fetched = this.source.brick(this.place.url, held.level.path, held.placeOf(wanted.brick));
    this.underWay.set(nameOf(wanted), { ...wanted, fetched });
    fetched.done.then(
      ({ voxels, bytes }) => {
        this.underWay.delete(nameOf(wanted));
        held.put(wanted.brick, voxels);
        this.bytes += bytes;
        this.failures = 0;
        this.onBrick();
        this.fetchMore();
      },
      (error: unknown) => {
        this.underWay.delete(nameOf(wanted));
        this.order = null;
        this.fail(error);
      },
    );
  }

  /** Wait a while and go on; after several times, or where that cannot help, stop and say so. */
  private fail(error: unknown): void {
    if (this.closed || this.pause !== undefined || this.problem) return;
    this.failures += 1;
    const lasting = error instanceof ReadError && error.lasting;
    if (lasting || this.failures >= TRIES) {
      this.problem = error instanceof Error ? error.message : "unknown";
      this.onBrick();
      return;
    }
    this.pause = setTimeout(() => {
      this.pause = undefined;
      this.open();
      this.fetchMore();
    }, FIRST_WAIT_MS * 2 ** this.failures);
  }
}

const nameOf = ({ level, brick }: WantedBrick): string => `${level}/${brick}`;

/** Return the finest level that fits into so many bytes together with all coarser ones. */
export function finestThatFits(levels: { bytes: number }[], budget: number): number {
  let sum = 0;
  for (let level = levels.length - 1; level >= 0; level -= 1) {
    sum += levels[level].bytes;
    if (sum > budget) return Math.min(level + 1, levels.length - 1);
  }
  return 0;
}
