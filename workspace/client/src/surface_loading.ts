// Surfaces by content: fetched once per page, decoded in workers, tried again when that fails.

import { treeOf, type Bvh } from "./bvh";
import type { Mesh } from "./mesh";

const TRIES = 4;
const FIRST_WAIT_MS = 500;
/** Decoders at work side by side: each takes some MB, and the page wants a core for itself. */
const MOST_WORKERS = 3;

interface Answer {
  id: number;
  mesh?: Mesh;
  bvh?: Bvh;
  error?: string;
}

export class SurfaceLoader {
  /** A mesh that had come before has got its tree. */
  onTree: () => void = () => undefined;
  private readonly loading = new Map<string, Promise<Mesh>>();
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  /** Drawn, and not yet searched. */
  private readonly bare = new Map<number, Mesh>();
  private readonly workers: { worker: Worker; busy: number }[] = [];
  private readonly most = Math.min(MOST_WORKERS, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));
  private count = 0;

  /** `assets` is the folder of the built client, `surfaces` the folder of the room's surfaces. */
  constructor(
    private readonly assets: string,
    private readonly surfaces: string,
  ) {}

  load(sha256: string): Promise<Mesh> {
    let mesh = this.loading.get(sha256);
    if (!mesh) {
      mesh = this.tryOften(`${this.surfaces}/${sha256}.drc`);
      mesh.catch(() => this.loading.delete(sha256));
      this.loading.set(sha256, mesh);
    }
    return mesh;
  }

  close(): void {
    this.workers.forEach(({ worker }) => worker.terminate());
  }

  /** A worker that has nothing to do; else another one; else that with the least. */
  private freest(): { worker: Worker; busy: number } {
    const least = this.workers.reduce<(typeof this.workers)[0] | null>(
      (best, one) => (best === null || one.busy < best.busy ? one : best),
      null,
    );
    if (least && (least.busy === 0 || this.workers.length >= this.most)) return least;
    const worker = new Worker(`${this.assets}commissure_surface_worker.js`);
    const one = { worker, busy: 0 };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.bvh) return this.take(data.id, data.bvh);
      one.busy -= 1;
      if (data.mesh) this.bare.set(data.id, data.mesh);
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    };
    worker.onerror = () => this.failAll();
    this.workers.push(one);
    return one;
  }

  private take(id: number, bvh: Bvh): void {
    const mesh = this.bare.get(id);
    this.bare.delete(id);
    if (mesh) mesh.bvh ??= bvh;
    this.onTree();
  }

  private async tryOften(url: string): Promise<Mesh> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.ask(url);
      if (answer.mesh) return answer.mesh;
      if (attempt + 1 === TRIES) throw new Error(answer.error ?? "no answer");
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt));
    }
  }

  private ask(url: string): Promise<Answer> {
    this.count += 1;
    const id = this.count;
    const decoder = new URL(`${this.assets}draco_decoder.wasm`, location.href).href;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      const one = this.freest();
      one.busy += 1;
      one.worker.postMessage({ id, url: new URL(url, location.href).href, decoder });
    });
  }

  private failAll(): void {
    for (const [id, resolve] of this.waiting) resolve({ id, error: "the decoder did not start" });
    this.waiting.clear();
    this.workers.forEach((one) => (one.busy = 0));
    // What waits for its tree would wait for ever.
    for (const mesh of this.bare.values()) treeOf(mesh);
    if (this.bare.size > 0) this.onTree();
    this.bare.clear();
  }
}

declare global {
  interface Window {
    /** What `early.ts` has begun to load while the page was still coming. */
    commissureEarly?: SurfaceLoader;
  }
}

/** Return the loader that began early, once; else a new one. */
export function surfaceLoader(assets: string, surfaces: string): SurfaceLoader {
  const early = window.commissureEarly;
  delete window.commissureEarly;
  return early ?? new SurfaceLoader(assets, surfaces);
}
