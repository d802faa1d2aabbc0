// The worker that reads volumes, as promises that can be called off.

import type { LevelLayout } from "../worker/volume_shard";
import type { Brought, Wanted } from "./brick_messages";
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
  brick(url: string, path: string, at: [number, number, number]): Fetched<{ voxels: Voxels; bytes: number }>;
}

type Question = { type: "layout"; url: string; path: string } | { type: "brick"; url: string; path: string; at: [number, number, number] };

export class WorkerSource implements BrickSource {
  private readonly waiting = new Map<number, (brought: Brought) => void>();
  private readonly worker: Worker;
  private count = 0;
  private answered = false;

  /** `onDead` is called when the worker cannot be started at all. */
  constructor(assets: string, onDead: () => void) {
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
      if (!this.answered) onDead();
    };
  }

  layout(url: string, path: string): Promise<LevelLayout> {
    return this.ask<LevelLayout>({ type: "layout", url, path }, (brought) => ("layout" in brought ? brought.layout : null)).done;
  }

  brick(url: string, path: string, at: [number, number, number]): Fetched<{ voxels: Voxels; bytes: number }> {
    return this.ask({ type: "brick", url, path, at }, (brought) => ("voxels" in brought ? brought : null));
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
