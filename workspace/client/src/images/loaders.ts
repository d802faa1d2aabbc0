// The loaders of the room's volumes, and the one worker that reads for all of them.

import { takeImagesAhead } from "./ahead";
import { addressOf, WorkerSource } from "./brick_source";
import type { Volume } from "./listing";
import { VolumeLoader } from "./volume_loader";

/** How long finer voxels wait for the anatomy at most: a surface may fail to come. */
const PATIENCE_MS = 4000;

export class Loaders {
  /** The server's answer to the page's first script, where it had one; it counts once. */
  listing: Promise<unknown> | null;
  onBrick: () => void = () => undefined;
  onDead: () => void = () => undefined;

  private readonly loaders = new Map<string, VolumeLoader>();
  private source: WorkerSource | null;
  /** Finer voxels wait for the first picture of the anatomy, which wants every core for itself. */
  private eager = false;
  private patience: ReturnType<typeof setTimeout> | undefined;

  /** `base` is the member's page, `assets` the folder of the built client; both end with a slash. */
  constructor(
    private readonly base: string,
    private readonly assets: string,
  ) {
    const ahead = takeImagesAhead();
    this.listing = ahead?.listing ?? null;
    this.source = ahead?.source ?? null;
  }

  get(key: string | null): VolumeLoader | undefined {
    return this.loaders.get(key ?? "");
  }

  /** Return the loader of a volume, which has begun; `budget`: how many bytes of voxels it may hold. */
  begin(volume: Volume, budget: number): VolumeLoader {
    let loader = this.loaders.get(volume.key);
    if (!loader) {
      this.source ??= new WorkerSource(this.assets);
      this.source.onDead = () => this.onDead();
      loader = new VolumeLoader(volume, { url: addressOf(this.base, volume), budget }, this.source);
      loader.eager = this.eager;
      loader.onBrick = () => this.onBrick();
      this.loaders.set(volume.key, loader);
      loader.open();
    }
    return loader;
  }

  /** Call off what other volumes than these would fetch. */
  only(keys: (string | null)[]): void {
    for (const [key, loader] of this.loaders) if (!keys.includes(key)) loader.look([]);
  }

  /** Finer voxels wait, though not for ever. */
  wait(): void {
    if (!this.eager) this.patience ??= setTimeout(() => this.goOn(), PATIENCE_MS);
  }

  goOn(): void {
    clearTimeout(this.patience);
    this.eager = true;
    for (const loader of this.loaders.values()) loader.eager = true;
  }

  retry(): void {
    for (const loader of this.loaders.values()) loader.retry();
  }

  /** Forget what is here, and begin anew when asked. */
  clear(): void {
    for (const loader of this.loaders.values()) loader.close();
    this.loaders.clear();
  }

  close(): void {
    clearTimeout(this.patience);
    this.clear();
    this.source?.close();
    this.source = null;
  }
}
