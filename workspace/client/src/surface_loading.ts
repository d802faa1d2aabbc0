// Surfaces by content: fetched once per page, decoded in a worker, tried again when that fails.

import type { Mesh } from "./mesh";

const TRIES = 4;
const FIRST_WAIT_MS = 500;

interface Answer {
  id: number;
  mesh?: Mesh;
  error?: string;
}

export class SurfaceLoader {
  private readonly loading = new Map<string, Promise<Mesh>>();
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly worker: Worker;
  private count = 0;

  /** `assets` is the folder of the built client, `surfaces` the folder of the room's surfaces. */
  constructor(
    private readonly assets: string,
    private readonly surfaces: string,
  ) {
    this.worker = new Worker(`${assets}commissure_surface_worker.js`);
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    };
    this.worker.onerror = () => this.failAll();
  }

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
    this.worker.terminate();
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
      this.worker.postMessage({ id, url: new URL(url, location.href).href, decoder });
    });
  }

  private failAll(): void {
    for (const [id, resolve] of this.waiting) resolve({ id, error: "the decoder did not start" });
    this.waiting.clear();
  }
}
