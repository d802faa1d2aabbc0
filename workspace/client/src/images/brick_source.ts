// The worker that reads volumes, as promises that can be called off.

import type { LevelLayout } from "../worker/volume_shard";
import type { Brought, Wanted } from "./brick_messages";
import type { Level, Volume } from "./listing";
import type { Voxels } from "./sampling";

export class ReadError extends Error {
  constructor(
    message: string,
    /** Asking again will not help. */
    readonly lasting: boolean,
  ) {
    super(message);
  }
}

export interface Fetched<T> {
  done: Promise<T>;
  /** Call it off; `done` then never settles. */
  forget(): void;
}

/** Where a loader gets its bricks from. */
export interface BrickSource {
  layout(url: string, path: string): Promise<LevelLayout>;
  brick(url: string, path: string, at: Triple): Fetched<Brick>;
}

/** Return the address of a volume's folder; `base` is the member's page. */
export const addressOf = (base: string, { key }: Volume): string =>
  new URL(`${base}volumes/${key}/zarr`, document.baseURI).href;

type Triple = [number, number, number];
interface Brick {
  voxels: Voxels;
  bytes: number;
}

type Question = { type: "layout"; url: string; path: string } | { type: "brick"; url: string; path: string; at: Triple };

export class WorkerSource implements BrickSource {
  private readonly waiting = new Map<number, (brought: Brought) => void>();
  private readonly worker: Worker;
  private count = 0;
  private answered = false;
  private dead = false;
  private tellDeath: (() => void) | null = null;
  private readonly layouts = new Map<string, Promise<LevelLayout>>();
  /** Bricks that nobody has asked for yet. */
  private readonly ahead = new Map<string, Fetched<Brick>>();

  constructor(assets: string) {
    this.worker = new Worker(`${assets}commissure_volume_worker.js`);
    this.worker.onmessage = ({ data }: MessageEvent<Brought>) => {
      this.answered = true;
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    };
    this.worker.onerror = () => {
      const problem = "the reader of volumes did not start";
      for (const [id, settle] of this.waiting) settle({ id, problem, lasting: true });
      this.waiting.clear();
      this.dead = !this.answered;
      if (this.dead) this.tellDeath?.();
    };
  }

  /** Call when the worker cannot be started at all. */
  set onDead(tell: () => void) {
    this.tellDeath = tell;
    // Not at once: whoever asks is about to put its first question.
    if (this.dead) queueMicrotask(tell);
  }

  /** Begin with what every picture of a volume needs: how its levels lie, and the coarsest of them. */
  begin(url: string, levels: Level[]): void {
    const [coarsest, ...finer] = levels.map(({ path }) => path).reverse();
    this.layout(url, coarsest).then(
      ({ shape, brick }) => {
        for (const at of placesIn(shape.map((count, axis) => Math.ceil(count / brick[axis])) as Triple)) {
          const fetched = this.brick(url, coarsest, at);
          fetched.done.catch(() => undefined); // whoever takes it is told
          this.ahead.set(nameOf(url, coarsest, at), fetched);
        }
      },
      () => undefined,
    );
    for (const path of finer) this.layout(url, path).catch(() => undefined);
  }

  layout(url: string, path: string): Promise<LevelLayout> {
    const name = nameOf(url, path);
    let layout = this.layouts.get(name);
    if (!layout) {
      layout = this.ask<LevelLayout>({ type: "layout", url, path }, (brought) => ("layout" in brought ? brought.layout : null)).done;
      layout.catch(() => this.layouts.delete(name));
      this.layouts.set(name, layout);
    }
    return layout;
  }

  brick(url: string, path: string, at: Triple): Fetched<Brick> {
    const name = nameOf(url, path, at);
    const ahead = this.ahead.get(name);
    this.ahead.delete(name);
    return ahead ?? this.ask({ type: "brick", url, path, at }, (brought) => ("voxels" in brought ? brought : null));
  }

  close(): void {
    this.worker.terminate();
    this.waiting.clear();
  }

  private ask<T>(question: Question, answer: (brought: Brought) => T | null): Fetched<T> {
    this.count += 1;
    const id = this.count;
    const done = new Promise<T>((resolve, reject) => {
      this.waiting.set(id, (brought) => {
        const found = answer(brought);
        if (found !== null) resolve(found);
        else if ("problem" in brought) reject(new ReadError(brought.problem, brought.lasting));
      });
    });
    const send = (message: Wanted) => this.worker.postMessage(message);
    send({ ...question, id });
    const forget = () => {
      if (this.waiting.delete(id)) send({ type: "forget", id });
    };
    return { done, forget };
  }
}

const nameOf = (url: string, path: string, at: number[] = []): string => [url, path, ...at].join("/");

function placesIn([nk, nj, ni]: Triple): Triple[] {
  return Array.from({ length: nk * nj * ni }, (_, n) => [Math.floor(n / (nj * ni)), Math.floor(n / ni) % nj, n % ni]);
}
