// The images of the room: what panes draw, windows, fusion, and where the voxels come from.

import { shallowReactive } from "vue";
import type { Camera, Size } from "../camera";
import { sessionTexts } from "../memory";
import type { Vector } from "../vector";
import { t } from "../words";
import { askForVolumes } from "./ahead";
import { budgetOf, deviceOf, modeFor, Pace } from "./choosing_mode";
import { curveSheets, type Curve } from "./curved";
import { sheetOf, type PlaneView } from "./layer";
import { volumesOf, type Volume, type Window } from "./listing";
import { Loaders } from "./loaders";
import { PanePictures, type Drawn, type Shown } from "./pane_pictures";
import type { Sheet } from "./pyramid";
import { voxelAt } from "./sampling";
import { ServerPictures } from "./server_pictures";
import type { Slab } from "./slicing";
import type { VolumeLoader } from "./volume_loader";
import { GREYS, HOT, presetsFor, type Preset } from "./windowing";
import { Windows } from "./windows";

export type { Drawn, Preset, Slab };

/** Where slices are made: here from bricks, or by the server. */
export type Mode = "browser" | "server";

/** `empty`: there are none to see here; `failed`: they could not be read; `problem` says why. */
export type Status = "loading" | "ready" | "empty" | "failed";

export interface SliceAsk {
  /** One picture is kept for each name: the pane's id. */
  pane: string;
  /** The plane goes through `focal`, at right angles to `direction`. */
  camera: Camera;
  /** CSS pixels. */
  size: Size;
  slab?: Slab | null;
}

export interface CurvedAsk {
  pane: string;
  /** The line that is straightened, LPS mm; its length runs to the right. */
  line: Vector[];
  /** What runs downwards, at right angles to the line as nearly as can be; unit length. */
  down: Vector;
  /** CSS pixels. */
  size: Size;
  mm_per_pixel: number;
  /** Distance along the line at the left edge, and offset at the middle row; mm. */
  from_mm?: number;
  offset_mm?: number;
  slab?: Slab | null;
}

const MODE_KEY = "commissure:images:mode";
/** A plane that stands for so long is worth a picture in full resolution. */
const STANDING_MS = 200;

export class Images {
  readonly state = shallowReactive({
    status: "loading" as Status,
    volumes: [] as Volume[],
    /** The volume that panes show; at first the room's own. */
    primaryKey: null as string | null,
    fusedKey: null as string | null,
    /** Share of the fused volume in the picture, 0..1. */
    fusion: 0.5,
    /** Share of the wanted voxels that is here, 0..1. */
    progress: 0,
    mode: "browser" as Mode,
    /** Why `mode` is what it is: "" where the member chose it. */
    reason: "",
    /** One sentence for the user: could not read, too large; "" when all is well. */
    problem: "",
    /** The card with windows, fusion and the rest is open. */
    card: false,
    /** Count up with each change of a window, and when panes can be drawn better. */
    windows: 0,
    fresh: 0,
  });

  /** When a pane first showed anything, and first all there is; ms after the page began. */
  readonly firstMs = { seen: null as number | null, sharp: null as number | null };

  private readonly device = deviceOf();
  private readonly pictures: ServerPictures;
  private readonly windows = new Windows(sessionTexts());
  private readonly pace = new Pace();
  private readonly loaders: Loaders;
  private readonly panes = new Map<string, PanePictures>();
  private readonly sheets = new Map<string, Sheet[]>();
  /** Panes for which something better may come. */
  private readonly waiting = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private chosenByHand = false;
  private closed = false;

  /** `base` is the member's page, `assets` the folder of the built client; both end with a slash. */
  constructor(
    private readonly base: string,
    assets: string,
  ) {
    this.loaders = new Loaders(base, assets);
    this.loaders.onBrick = () => this.brickCame();
    this.loaders.onDead = () => this.doWithoutWorker();
    this.pictures = new ServerPictures(base);
    this.pictures.onPicture = () => this.freshen();
    const chosen = sessionTexts()?.getItem(MODE_KEY);
    this.chosenByHand = chosen === "browser" || chosen === "server";
    this.state.mode = this.chosenByHand ? (chosen as Mode) : modeFor(this.device);
  }

  /** Ask which images there are and begin with the coarsest voxels. */
  async open(): Promise<void> {
    window.addEventListener("online", this.whenOnline);
    this.state.status = "loading";
    this.state.problem = "";
    this.loaders.wait();
    try {
      const early = await this.loaders.listing;
      this.loaders.listing = null;
      this.take(early ?? (await askForVolumes(this.base)));
    } catch {
      if (this.closed) return;
      this.state.status = "failed";
      this.state.problem = navigator.onLine
        ? t("The images could not be read. The plan works without them.")
        : t("You are offline: the images come when the connection is back.");
    }
    this.freshen();
  }

  /** The anatomy has been drawn, or there is none: go on to the finest voxels. */
  goOn(): void {
    this.loaders.goOn();
  }

  close(): void {
    this.closed = true;
    window.removeEventListener("online", this.whenOnline);
    this.loaders.close();
    this.pictures.close();
    this.listeners.clear();
  }

  retry(): void {
    this.device.workers = deviceOf().workers;
    if (this.state.status !== "ready") void this.open();
    this.loaders.retry();
    this.tellState();
    this.freshen();
  }

  /** The member's own choice; it lasts as long as the tab. */
  chooseMode(mode: Mode): void {
    this.chosenByHand = true;
    sessionTexts()?.setItem(MODE_KEY, mode);
    this.switchTo(mode, "");
  }

  /** Draw the best picture there is now; the context counts in CSS pixels of the pane. */
  draw(context: CanvasRenderingContext2D, { pane, camera, size, slab = null }: SliceAsk): Drawn {
    const view: PlaneView = { camera, size, slab: slab && slab.mm > 0 ? slab : null };
    this.want(pane, [sheetOf(view)]);
    const pictures = this.picturesOf(pane);
    return this.drawAll(pane, (shown) => {
      const tooLarge = shown.loader?.tooLarge ?? true;
      const rest_ms = this.state.mode === "server" ? 0 : tooLarge ? STANDING_MS : null;
      return pictures.drawPlane(context, shown, view, rest_ms);
    });
  }

  /** Draw a line through the anatomy made straight. */
  drawCurved(context: CanvasRenderingContext2D, ask: CurvedAsk): Drawn {
    const { pane, line, down, size, mm_per_pixel, from_mm = 0, offset_mm = 0, slab = null } = ask;
    if (line.length < 2 || mm_per_pixel <= 0) return { level: null, coming: false };
    const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
    const curve: Curve = { line, down, from_mm, offset_mm, mm_per_pixel, width, height };
    this.want(pane, curveSheets(curve));
    const pictures = this.picturesOf(pane);
    return this.drawAll(pane, (shown) => pictures.drawCurve(context, shown, curve, slab));
  }

  /** Forget a pane that is no longer on screen, so that nothing more is fetched for it. */
  leave(pane: string): void {
    this.panes.delete(pane);
    this.waiting.delete(pane);
    this.pictures.leave(pane);
    if (this.sheets.delete(pane)) this.tellLoaders();
  }

  /** Call back when panes can be drawn better or otherwise; returns how to stop that. */
  onFresh(callback: () => void): () => void {
    this.listeners.add(callback);
    return () => void this.listeners.delete(callback);
  }

  /** Value of the voxel at a world point, of the volume shown; null outside it, or while it is not here. */
  valueAt(world: Vector): number | null {
    const finest = this.loaders.get(this.state.primaryKey)?.levels[0];
    const brick = finest?.brickAt(world) ?? null;
    if (!finest?.field || brick === null || !finest.here[brick]) return null;
    return voxelAt(finest.field, world);
  }

  volume(key: string | null = this.state.primaryKey): Volume | undefined {
    return this.state.volumes.find((volume) => volume.key === key);
  }

  /** What the last pictures that were made here took. */
  get paintMs(): readonly number[] {
    return this.pace.times;
  }

  /** What came over the line of the volume shown. */
  get bytes(): number {
    return this.loaders.get(this.state.primaryKey)?.bytes ?? 0;
  }

  windowOf(key: string): Window {
    return this.windows.of(this.volume(key));
  }

  setWindow(key: string, window: Window): void {
    const volume = this.volume(key);
    if (!volume) return;
    this.windows.set(volume, window);
    this.state.windows += 1;
    this.freshen();
  }

  presetsOf(key: string): Preset[] {
    const volume = this.volume(key);
    return volume ? presetsFor(volume) : [];
  }

  /** Show another volume; one that is not registered cannot be laid where the anatomy is. */
  show(key: string): void {
    const volume = this.volume(key);
    if (!volume || (!volume.primary && !volume.registration)) return;
    this.state.primaryKey = key;
    if (this.state.fusedKey === key) this.state.fusedKey = null;
    this.tellLoaders();
    this.freshen();
  }

  /** Lay another registered volume over the one shown; null: none. */
  fuse(key: string | null): void {
    const volume = key === null ? undefined : this.volume(key);
    this.state.fusedKey = volume && (volume.primary || volume.registration) ? key : null;
    this.tellLoaders();
    this.freshen();
  }

  setFusion(share: number): void {
    this.state.fusion = Math.max(0, Math.min(1, share));
    this.freshen();
  }

  /** The loader of a volume, for whoever draws it in space; null where bricks cannot be read. */
  loaderOf(volume: Volume): VolumeLoader | null {
    if (!this.device.workers) return null;
    // With the server's pictures the coarsest level is enough to go on with.
    return this.loaders.begin(volume, this.state.mode === "server" ? 0 : budgetOf(this.device));
  }

  /** Ask for the voxels of places that are on screen. */
  want(pane: string, sheets: Sheet[]): void {
    const known = this.sheets.get(pane);
    this.sheets.set(pane, sheets);
    if (JSON.stringify(known) !== JSON.stringify(sheets)) this.tellLoaders();
  }

  /** Note whether bricks that come can better what a pane shows. */
  awaits(pane: string, coming: boolean): void {
    if (coming) this.waiting.add(pane);
    else this.waiting.delete(pane);
  }

  private readonly whenOnline = (): void => this.retry();

  private take(answer: unknown): void {
    if (this.closed) return;
    const volumes = volumesOf(answer);
    this.state.volumes = volumes;
    this.state.status = volumes.length > 0 ? "ready" : "empty";
    this.state.problem = volumes.length > 0 ? "" : problemOf(answer);
    this.state.primaryKey = (volumes.find(({ primary }) => primary) ?? volumes[0])?.key ?? null;
    this.tellLoaders();
  }

  private doWithoutWorker(): void {
    this.loaders.close();
    this.device.workers = false;
    this.switchTo("server", t("The reader of volumes did not start in this browser."));
    this.freshen();
  }

  private switchTo(mode: Mode, reason: string): void {
    this.state.reason = reason;
    if (mode === this.state.mode) return;
    this.state.mode = mode;
    this.loaders.clear();
    this.tellLoaders();
    this.freshen();
  }

  private shown(): Shown[] {
    const { primaryKey, fusedKey, fusion } = this.state;
    const shown: Shown[] = [];
    for (const [key, palette, opacity] of [[primaryKey, GREYS, 1], [fusedKey, HOT, fusion]] as const) {
      const volume = key === null ? undefined : this.volume(key);
      if (!volume || opacity === 0) continue;
      shown.push({ volume, loader: this.loaderOf(volume), window: this.windows.of(volume), palette, opacity });
    }
    return shown;
  }

  /** Draw one volume over the other, and note whether the pane waits for more. */
  private drawAll(pane: string, drawOne: (shown: Shown) => Drawn): Drawn {
    const all = this.shown().map(drawOne);
    const coming = all.some((drawn) => drawn.coming) || this.state.status === "loading";
    this.awaits(pane, coming);
    const level = all[0]?.level ?? null;
    if (level !== null) this.firstMs.seen ??= performance.now();
    if (level !== null && !coming) this.firstMs.sharp ??= performance.now();
    return { level, coming };
  }

  private tellLoaders(): void {
    const sheets = [...this.sheets.values()].flat();
    const { primaryKey, fusedKey } = this.state;
    for (const key of [primaryKey, fusedKey]) {
      const volume = key === null ? undefined : this.volume(key);
      if (volume) this.loaderOf(volume)?.look(sheets);
    }
    this.loaders.only([primaryKey, fusedKey]);
  }

  private picturesOf(pane: string): PanePictures {
    let pictures = this.panes.get(pane);
    if (!pictures) {
      pictures = new PanePictures(pane, this.pictures, (ms) => this.notePace(ms));
      this.panes.set(pane, pictures);
    }
    return pictures;
  }

  private notePace(ms: number): void {
    // A picture that was kept takes no time and says nothing.
    if (ms > 1) this.pace.note(ms);
    if (this.chosenByHand || this.state.mode === "server" || !this.pace.slow) return;
    queueMicrotask(() => this.switchTo("server", t("This device is slow at making slices.")));
  }

  private brickCame(): void {
    this.tellState();
    if (this.waiting.size > 0) this.freshen();
  }

  private tellState(): void {
    const loader = this.loaders.get(this.state.primaryKey);
    if (!loader || this.state.status !== "ready") return;
    this.state.progress = Math.round(100 * loader.progress) / 100;
    if (loader.problem) this.state.problem = t("The images could not be read. The plan works without them.");
    else if (loader.tooLarge && this.state.mode === "browser") {
      this.state.problem = t("Too large for this browser: what stands still comes from the server in full resolution.");
    } else this.state.problem = "";
  }

  private freshen(): void {
    this.state.fresh += 1;
    for (const listener of this.listeners) listener();
  }
}

/** What the server says of an empty list. */
function problemOf(answer: unknown): string {
  const { problem } = (answer ?? {}) as { problem?: string };
  return problem ? t(problem) : t("The images of this case are not on this server.");
}
