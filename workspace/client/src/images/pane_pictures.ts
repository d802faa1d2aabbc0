// What one pane shows of the images: a volume, perhaps another over it, from here or the server.

import { dot, subtract } from "../vector";
import type { Curve } from "./curved";
import { gridOf, moved } from "./grid";
import { PaneLayer, snapped, viewBefore, type Painted, type PlaneView } from "./layer";
import type { Volume, Window } from "./listing";
import { place } from "./placing";
import type { ServerPictures } from "./server_pictures";
import type { Slab } from "./slicing";
import type { VolumeLoader } from "./volume_loader";
import type { Palette } from "./windowing";


/** A volume to be drawn, and how. */
export interface Shown {
  volume: Volume;
  loader: VolumeLoader | null;
  window: Window;
  palette: Palette;
  opacity: number;
}

export interface Drawn {
  /** Number of the resolution on screen, 0 the finest; null: nothing was drawn. */
  level: number | null;
  /** A better picture of the same place is on its way; `onFresh` tells. */
  coming: boolean;
}

/** How long a plane must stand before the server is asked for it; null: it is not asked. */
export type RestMs = number | null;

/** A picture of another place, while nothing else is there. */
const STALE_OPACITY = 0.45;

function placeThrough(context: CanvasRenderingContext2D, opacity: number, draw: () => void): void {
  context.globalAlpha = opacity;
  draw();
  context.globalAlpha = 1;
}

export class PanePictures {
  private readonly layers = new Map<string, PaneLayer>();

  constructor(
    private readonly pane: string,
    private readonly server: ServerPictures,
    private readonly noteMs: (ms: number) => void,
  ) {}

  drawPlane(context: CanvasRenderingContext2D, shown: Shown, view: PlaneView, rest_ms: RestMs): Drawn {
    const { volume, loader, window, palette, opacity } = shown;
    const painted = loader && this.timed(() => this.layerOf(volume.key).paintPlane(loader.levels, view, { window, palette }));
    const draw = () => painted && placeThrough(context, opacity, () => place(context, painted.canvas, painted.frame, view));
    const level = painted?.level ?? null;
    const finest = loader?.finest ?? 0;
    const coming = loader !== null && !loader.problem && (level === null || level > finest) && !loader.complete;
    if (rest_ms !== null && level !== 0) return this.drawServed(context, shown, view, { rest_ms, under: { level, coming, draw } });
    draw();
    return { level, coming };
  }

  drawCurve(context: CanvasRenderingContext2D, shown: Shown, curve: Curve, slab: Slab | null): Drawn {
    const { volume, loader, window, palette, opacity } = shown;
    const layer = this.layerOf(`${volume.key} curved`);
    const painted = loader && this.timed(() => layer.paintCurve(loader.levels, curve, slab, { window, palette }));
    if (painted) placeThrough(context, opacity, () => context.drawImage(painted.canvas, 0, 0));
    const level = painted?.level ?? null;
    return { level, coming: !!loader && !loader.problem && level !== loader.finest };
  }

  /** Draw what is here, and the server's picture over it if it shows this plane. */
  private drawServed(
    context: CanvasRenderingContext2D,
    { volume, window, palette, opacity }: Shown,
    shown: PlaneView,
    { rest_ms, under }: { rest_ms: number; under: Drawn & { draw: () => void } },
  ): Drawn {
    const placed = volume.primary ? null : (volume.registration?.matrix ?? null);
    const grid = gridOf(volume.levels[0].affine_lps, volume.levels[0].shape_kji);
    // the same slice of voxels as when it is made here
    const laid = placed ? moved(grid, placed) : grid;
    const view = snapped(shown, laid);
    const own = viewBefore(view, placed);
    const asked = this.server.ask(this.pane, { key: volume.key, view, own, grid: laid, window, palette, rest_ms });
    const { picture, exact } = asked;
    // a volume that the one below shines through must not be drawn twice
    const opaque = opacity === 1;
    if (!exact || opaque) under.draw();
    if (!picture) return { level: under.level, coming: true };
    const { camera } = view;
    const normal = camera.direction;
    const off = Math.abs(dot(subtract(picture.frame.origin, camera.focal), normal));
    const askew = Math.abs(dot(picture.frame.across, normal)) + Math.abs(dot(picture.frame.down, normal));
    const samePlane = exact || (off < 1e-6 && askew < 1e-9);
    if (exact || (samePlane && opaque) || under.level === null) {
      const through = opacity * (samePlane ? 1 : STALE_OPACITY);
      placeThrough(context, through, () => place(context, picture.image, picture.frame, view));
    }
    return exact ? { level: 0, coming: false } : { level: under.level, coming: true };
  }

  private timed(paint: () => Painted | null): Painted | null {
    const began = performance.now();
    const painted = paint();
    this.noteMs(performance.now() - began);
    return painted;
  }

  private layerOf(name: string): PaneLayer {
    let layer = this.layers.get(name);
    if (!layer) {
      layer = new PaneLayer();
      this.layers.set(name, layer);
    }
    return layer;
  }
}
