// The images in the 3D pane: off at first; which preset, which voxels.

import { shallowReactive } from "vue";
import type { Graphics } from "../graphics";
import type { Plane } from "../rigid";
import { scale } from "../vector";
import type { DrawnVolume } from "../volume_rendering";
import type { Images } from "./images";
import type { Volume } from "./listing";
import { worldAt } from "./grid";
import { levelForSpace, textureOf, type Texture } from "./texture";
import { spacePresetsFor, type SpacePreset, type Transfer } from "./transfer";
import type { VolumeLoader } from "./volume_loader";

/** Voxels in each direction that a graphics card draws well, and a processor slowly. */
const MOST_VOXELS: Record<Graphics, number> = { hardware: 256, software: 128, none: 64 };

/** The name under which voxels are asked for. */
const PANE = "space";
const EVERYWHERE_MM = 1e6;

export class ImagesInSpace {
  readonly state = shallowReactive({ on: false, preset: "" });
  private texture: { made: Texture; loader: VolumeLoader; level: number } | null = null;
  private transfer: { made: Transfer; key: string } | null = null;
  private readonly stop: () => void;
  private graphics: Graphics = "none";

  /** `redraw` is called when the 3D pane would look otherwise. */
  constructor(
    private readonly images: Images,
    private readonly redraw: () => void,
  ) {
    // A frame of a volume is dear: drawn only when a finer level has come, or a window was changed.
    this.stop = images.onFresh(() => this.state.on && this.isStale() && redraw());
  }

  begin(graphics: Graphics): void {
    this.graphics = graphics;
  }

  close(): void {
    this.stop();
  }

  get presets(): SpacePreset[] {
    const volume = this.images.volume();
    return volume ? spacePresetsFor(volume) : [];
  }

  get preset(): SpacePreset | undefined {
    return this.presets.find(({ id }) => id === this.state.preset) ?? this.presets[0];
  }

  /** Number of the resolution that is drawn; null: none is. */
  get level(): number | null {
    return this.texture?.level ?? null;
  }

  turn(on: boolean): void {
    this.state.on = on;
    if (!on) {
      this.texture = null;
      this.images.leave(PANE);
    }
    this.redraw();
  }

  choose(preset: string): void {
    this.state.preset = preset;
    this.redraw();
  }

  /** What the 3D pane is to draw now; null: nothing, or nothing yet. */
  drawn(clips: Plane[]): DrawnVolume | null {
    const volume = this.images.volume();
    const { preset } = this;
    const loader = this.state.on && volume ? this.images.loaderOf(volume) : null;
    if (!loader || !volume || !preset) return null;
    const texture = this.textureNow(loader);
    return texture && { texture, transfer: this.transferNow(volume, preset), clips };
  }

  private textureNow(loader: VolumeLoader): Texture | null {
    const wanted = this.wantedLevel(loader);
    const { grid } = loader.levels[0];
    const middle = worldAt(grid, scale(grid.counts, 0.5));
    this.images.want(PANE, [{ point: middle, normal: [0, 0, 1], half_mm: EVERYWHERE_MM, from_level: wanted }]);
    const level = this.bestLevel(loader);
    this.images.awaits(PANE, level !== wanted);
    if (level < 0) return null;
    if (this.texture?.loader !== loader || this.texture.level !== level) {
      const { field } = loader.levels[level];
      this.texture = field && { made: textureOf(field), loader, level };
    }
    return this.texture?.made ?? null;
  }

  private wantedLevel({ finest, levels }: VolumeLoader): number {
    return Math.max(finest, levelForSpace(levels, MOST_VOXELS[this.graphics]));
  }

  /** Number of the finest level that is all here; -1: none is. */
  private bestLevel(loader: VolumeLoader): number {
    const wanted = this.wantedLevel(loader);
    return loader.levels.findIndex(({ complete }, n) => n >= wanted && complete);
  }

  private isStale(): boolean {
    const volume = this.images.volume();
    const loader = volume ? this.images.loaderOf(volume) : null;
    if (!loader || !volume || !this.preset) return this.texture !== null;
    const { texture, transfer } = this;
    return texture?.loader !== loader || texture.level !== this.bestLevel(loader) || transfer?.made !== this.transferNow(volume, this.preset);
  }

  private transferNow(volume: Volume, preset: SpacePreset): Transfer {
    const window = this.images.windowOf(volume.key);
    const key = JSON.stringify([volume.key, preset.id, preset.hu ? null : window]);
    if (this.transfer?.key !== key) this.transfer = { made: preset.transfer(window), key };
    return this.transfer.made;
  }
}
