// The anatomy on screen: which surfaces are there, where they are, and from where one looks.

import { shallowReactive } from "vue";
import {
  framed,
  FROM_ANTERIOR,
  project,
  rayThrough,
  type Camera,
  type Pixel,
  type Size,
} from "./camera";
import { Gathering } from "./gathering";
import type { Graphics } from "./graphics";
import type { Hands } from "./hands";
import { keeps } from "./inside/clips";
import type { Appearance } from "./memory";
import type { Mesh } from "./mesh";
import type { Pane } from "./panes/pane";
import { pick, type Pick, type Pickable } from "./picking";
import type { Room } from "./room";
import { apply, type Plane } from "./rigid";
import type { DrawnSheet, DrawnSolid, Scene } from "./scene";
import { Scenes } from "./scenes";
import { centreOf, leavesOf, radiusOf, shadeOf, solidOf, type Colours, type Solid } from "./store";
import { shownOf } from "./stand_ins";
import type { SurfaceLoader } from "./surface_loading";
import { add, scale, type Vector } from "./vector";
import type { DrawnVolume } from "./volume_rendering";

/** What the cut in hand wants drawn: one side whole, the other as a ghost. */
export interface Preview {
  targetId: string;
  /** World; the side it points to stays whole. */
  plane: Plane;
}

const GHOST_OPACITY = 0.16;
/** A point so near to a clip plane is on it. */
const ON_THE_PLANE_MM = 0.5;
/** How long the first surface waits for the others where pictures are slow. */
const ARRIVALS_MS = 400;

const pixelRatio = (): number => Math.min(2, window.devicePixelRatio || 1);

export const ghostKey = (solidId: string): string => `${solidId} ghost`;

export class Stage implements Pane {
  readonly id = "3d";
  readonly state = shallowReactive({
    camera: FROM_ANTERIOR as Camera,
    size: { width: 1, height: 1 } as Size,
    loaded: 0,
    /** Of these, how many can be cut and searched, too. */
    traced: 0,
    total: 0,
    failed: [] as string[],
    ready: false,
    /** Whether there is anything to draw the anatomy with; slices and lists need nothing of it. */
    drawing: "here" as "here" | "lost" | "none",
    framesDrawn: 0,
    appearance: {} as Record<string, Appearance>,
    /** By code, where the member looks at those; null: each solid in its own colour. */
    colours: null as Colours | null,
  });
  selectedId: string | null = null;
  preview: Preview | null = null;
  depthCues = false;
  /** What is left out of sight: half-spaces of the world, and the solids that stay whole. */
  clips: { spaces: Plane[]; whole: ReadonlySet<string> } = { spaces: [], whole: new Set() };
  sheets: DrawnSheet[] = [];
  /** Sets what else is to be drawn, just before a frame. */
  compose: () => void = () => undefined;
  /** The images in space, if they are to be drawn. */
  volume: () => DrawnVolume | null = () => null;
  /** Draws the lines over the picture; called after every frame of it, and without one. */
  drawInk: () => void = () => undefined;
  onReady: () => void = () => undefined;

  private readonly meshes = new Map<string, Mesh>();
  private readonly asked = new Set<string>();
  private scenes: Scenes | null = null;
  private graphics: Graphics = "none";
  private readonly arrivals = new Gathering(() => this.redraw(), ARRIVALS_MS);
  private frame = 0;
  private stale = false;

  constructor(
    private readonly room: Room,
    private readonly hands: Hands,
    private readonly loader: SurfaceLoader,
  ) {
    loader.onTree = () => {
      this.count();
      this.checkReady();
    };
  }

  attach(container: HTMLElement, graphics: Graphics): void {
    this.graphics = graphics;
    if (graphics === "none") this.state.drawing = "none";
    else {
      this.scenes = new Scenes(container, graphics);
      this.scenes.onLost = () => (this.state.drawing = "lost");
      this.scenes.onBack = () => this.comeBack();
    }
  }

  /** After a lost context all is drawn anew: the meshes are still here. */
  private comeBack(): void {
    this.state.drawing = "here";
    this.scene?.setSize(this.state.size, pixelRatio());
    this.redraw();
  }

  private get scene(): Scene | null {
    return this.scenes?.now ?? null;
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.arrivals.close();
    this.scenes?.close();
    this.loader.close();
  }

  resize(size: Size): void {
    const { width, height } = this.state.size;
    if (size.width < 2 || size.height < 2 || (size.width === width && size.height === height)) return;
    this.state.size = size;
    this.scene?.setSize(size, pixelRatio());
    // A canvas of a new size is empty: it is filled before anybody sees that.
    this.drawNow();
  }

  look(camera: Camera): void {
    this.state.camera = camera;
    this.redraw();
  }

  /** Draw a new frame soon; many calls, one frame. */
  redraw(): void {
    this.stale = true;
    this.redrawInk();
  }

  /** Draw at once: what reads the picture finds it until its own task ends. */
  drawNow(): void {
    cancelAnimationFrame(this.frame);
    this.stale = true;
    this.draw();
  }

  /** Draw only the lines over the picture soon. */
  redrawInk(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** Ask for the surfaces of all leaves that are not here yet. */
  loadSurfaces(): void {
    for (const [, solid] of leavesOf(this.room.state.view)) this.askFor(solid);
    this.count();
    this.redraw();
  }

  retry(): void {
    this.state.failed = [];
    this.loadSurfaces();
  }

  /** The solids on screen. */
  shown(): [string, Solid, Mesh][] {
    return shownOf(this.room.state.view, (solid) => this.meshOf(solid));
  }

  meshOf(solid: Solid | undefined): Mesh | undefined {
    return solid && this.meshes.get(solid.surface.sha256);
  }

  isVisible(id: string): boolean {
    return this.appearance[id]?.visible ?? true;
  }

  opacityOf(id: string, solid: Solid): number {
    return Math.max(0, Math.min(1, this.appearance[id]?.opacity ?? solid.opacity));
  }

  get appearance(): Record<string, Appearance> {
    return this.state.appearance;
  }

  /** A copy is kept: whoever hands it in may go on writing into it. */
  set appearance(appearance: Record<string, Appearance>) {
    this.state.appearance = { ...appearance };
  }

  get colours(): Colours | null {
    return this.state.colours;
  }

  set colours(colours: Colours | null) {
    this.state.colours = colours && { ...colours };
  }

  get camera(): Camera {
    return this.state.camera;
  }

  get size(): Size {
    return this.state.size;
  }

  depthOf(): number {
    return 0;
  }

  toScreen(point: Vector): Pixel {
    return project(this.state.camera, this.state.size, point);
  }

  /** The world position of a point of the anatomy, also while somebody moves it. */
  worldOf(solidId: string, pointMm: Vector): Vector {
    return apply(this.hands.transformOf(solidId), pointMm);
  }

  placeAt(pixel: Pixel): Pick | null {
    return pick(rayThrough(this.state.camera, this.state.size, pixel), this.pickables());
  }

  /** Whether a world point is there, and nothing solid stands between the eye and it. */
  sees(point: Vector): boolean {
    if (!keeps(this.clips.spaces, point, ON_THE_PLANE_MM)) return false;
    if (this.state.traced < this.state.loaded) return true; // it is asked again at once
    const hit = this.placeAt(this.toScreen(point));
    if (!hit) return true;
    const { direction } = this.state.camera;
    const behind = add(point, scale(hit.world_mm, -1));
    return behind[0] * direction[0] + behind[1] * direction[1] + behind[2] * direction[2] < 1.5;
  }

  /** The upright box about all that is visible, or about one solid; null where there is nothing. */
  bounds(solidId: string | null = null): { low: Vector; high: Vector } | null {
    const low: Vector = [Infinity, Infinity, Infinity];
    const high: Vector = [-Infinity, -Infinity, -Infinity];
    for (const [id, solid] of this.listed(solidId)) {
      const centre = this.worldOf(id, centreOf(solid));
      const b = solid.surface.bounds_mm;
      for (const axis of [0, 1, 2]) {
        const half = (b[2 * axis + 1] - b[2 * axis]) / 2;
        low[axis] = Math.min(low[axis], centre[axis] - half);
        high[axis] = Math.max(high[axis], centre[axis] + half);
      }
    }
    return low[0] <= high[0] ? { low, high } : null;
  }

  /** Show everything that is visible, or one solid. */
  frameAll(solidId: string | null = null): void {
    const bounds = this.bounds(solidId);
    if (!bounds) return;
    const { low, high } = bounds;
    const list = this.listed(solidId);
    const radius = Math.max(...[0, 1, 2].map((axis) => (high[axis] - low[axis]) / 2));
    const margin = list.length === 1 ? radiusOf(list[0][1]) / radius : 1;
    const centre = scale(add(low, high), 0.5);
    this.look(framed(this.state.camera, this.state.size, centre, radius * Math.min(margin, 1.15)));
  }

  private listed(solidId: string | null): [string, Solid][] {
    const { view } = this.room.state;
    const chosen = solidId === null ? undefined : solidOf(view, solidId);
    if (chosen && solidId) return [[solidId, chosen]];
    return leavesOf(view).filter(([id]) => this.isVisible(id));
  }

  matrixOf(id: string): number[] | null {
    return this.scene?.matrixOf(id) ?? null;
  }

  private clipsOf(id: string): Plane[] {
    return this.clips.whole.has(id) ? [] : this.clips.spaces;
  }

  private *pickables(): Generator<Pickable> {
    for (const [id, solid, mesh] of this.shown()) {
      const opacity = this.opacityOf(id, solid);
      if (!this.isVisible(id) || opacity === 0) continue;
      yield { id, mesh, transform: this.hands.transformOf(id), opacity, clips: this.clipsOf(id) };
    }
  }

  private draw(): void {
    this.frame = 0;
    if (this.stale && this.state.drawing === "none") {
      this.stale = false;
      this.compose();
      this.checkReady();
    } else if (this.stale && this.scene && this.state.drawing === "here") {
      this.stale = false;
      this.compose();
      this.scene.setSolids(this.drawnSolids());
      this.scene.setSheets(this.sheets);
      this.scene.setVolume(this.volume());
      this.scene.setDepthCues(this.depthCues);
      this.scene.setCamera(this.state.camera);
      this.scene.render();
      this.state.framesDrawn += 1;
      this.checkReady();
    }
    this.drawInk();
  }

  private drawnSolids(): DrawnSolid[] {
    return this.shown().flatMap(([id, solid, mesh]) => {
      const drawn: DrawnSolid = {
        key: id,
        mesh,
        transform: this.hands.transformOf(id),
        colour: shadeOf(solid, this.colours),
        opacity: this.opacityOf(id, solid),
        visible: this.isVisible(id),
        selected: id === this.selectedId,
        ghost: false,
        clips: this.clipsOf(id),
      };
      if (this.preview?.targetId !== id) return [drawn];
      const { origin, normal } = this.preview.plane;
      const ghost: DrawnSolid = {
        ...drawn,
        key: ghostKey(id),
        opacity: Math.min(drawn.opacity, GHOST_OPACITY),
        selected: false,
        ghost: true,
        clips: [...drawn.clips, { origin, normal: scale(normal, -1) }],
      };
      return [{ ...drawn, clips: [...drawn.clips, this.preview.plane] }, ghost];
    });
  }

  private askFor(solid: Solid): void {
    const { sha256 } = solid.surface;
    if (this.asked.has(sha256)) return;
    this.asked.add(sha256);
    this.loader.load(sha256).then(
      (mesh) => {
        this.meshes.set(sha256, mesh);
        this.count();
        this.redrawArrivals();
      },
      () => {
        this.asked.delete(sha256);
        this.state.failed = [...this.state.failed, solid.name];
      },
    );
  }

  /** In software a picture takes as long as a surface or two: it waits for them, though not for ever. */
  private redrawArrivals(): void {
    const { loaded, total } = this.state;
    if (loaded === total || this.graphics !== "software") this.arrivals.now();
    else this.arrivals.soon();
  }

  private count(): void {
    const leaves = leavesOf(this.room.state.view);
    this.state.total = leaves.length;
    const here = leaves.flatMap(([, solid]) => this.meshOf(solid) ?? []);
    this.state.loaded = here.length;
    this.state.traced = here.filter(({ bvh }) => bvh !== null).length;
  }

  private checkReady(): void {
    if (this.state.ready || !this.room.state.welcomed) return;
    if (this.state.traced < this.state.total) return;
    this.state.ready = true;
    this.onReady();
  }
}
