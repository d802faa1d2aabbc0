// A slice: a plane through the crosshair, what images and surfaces are in it, and how it is looked at.

import { computed, shallowReactive } from "vue";
import { project, rayThrough, zoomed, panned, type Camera, type Pixel, type Size } from "../camera";
import { frameOf } from "../frames";
import type { Drawn, Slab } from "../images/images";
import type { Volume } from "../images/listing";
import { NOWHERE, type Pane, type Place, type SliceId } from "../panes/pane";
import type { Plane } from "../rigid";
import { add, dot, scale, subtract, type Vector } from "../vector";
import type { Workbench } from "../workbench";
import { axesOf, cameraOn, fitted, stepMm } from "./axes";
import { drawLines, drawSections } from "./drawing";
import { Painted } from "./painted";
import { placeOn, Sections, type Section } from "./sections";

/** The crosshair nearer to the edge than this, or beyond it, is brought to the middle. */
const EDGE_PX = 10;

export class Slice implements Pane {
  readonly state = shallowReactive({
    size: { width: 1, height: 1 } as Size,
    /** World point in the middle, before it is brought into the plane; null: not looked at yet. */
    centre: null as Vector | null,
    half_height_mm: 100,
    /** The member has not zoomed or shifted: a new size fits all of it again. */
    fits: true,
    slab: null as Slab | null,
    /** Of the picture on screen. */
    drawn: { level: null, coming: false } as Drawn,
  });
  private readonly sections: Sections;
  private readonly seen = computed(() => this.look());
  private readonly cut = computed(() => this.sections.at(this.plane));
  private readonly picture: Painted;
  private readonly anatomy: Painted;
  private readonly lines: Painted;
  private readonly stops: (() => void)[];

  constructor(
    readonly id: SliceId,
    private readonly bench: Workbench,
  ) {
    this.sections = new Sections(bench.stage, bench.hands);
    // Nothing is drawn of a slice that is not on screen.
    const size = () => (bench.panes.shows(id) ? this.size : NOWHERE.size);
    this.picture = new Painted(size, (context) => this.drawPicture(context));
    this.anatomy = new Painted(size, (context) => drawSections(context, this, this.cut.value, bench.state.selectedId));
    this.lines = new Painted(size, (context) => drawLines(context, this, bench));
    this.stops = [bench.images.onFresh(() => this.picture.soon())];
  }

  attach(picture: HTMLCanvasElement, anatomy: HTMLCanvasElement, lines: HTMLCanvasElement): void {
    this.picture.attach(picture);
    this.anatomy.attach(anatomy);
    this.lines.attach(lines);
  }

  close(): void {
    this.stops.forEach((stop) => stop());
    for (const painted of [this.picture, this.anatomy, this.lines]) painted.close();
  }

  get camera(): Camera {
    return this.seen.value;
  }

  get size(): Size {
    return this.state.size;
  }

  /** World; the normal points away from the eye. */
  get plane(): Plane {
    const { focal, direction } = this.camera;
    return { origin: focal, normal: direction };
  }

  get shown(): Section[] {
    return this.cut.value;
  }

  get volume(): Volume | undefined {
    const { volumes, primaryKey } = this.bench.images.state;
    return volumes.find(({ key }) => key === primaryKey);
  }

  toScreen(world: Vector): Pixel {
    return project(this.camera, this.size, world);
  }

  placeAt(pixel: Pixel): Place | null {
    if (this.bench.crosshair.state.world === null) return null;
    return placeOn(this.shown, this.camera, this.size, pixel, this.worldAt(pixel));
  }

  depthOf(world: Vector): number {
    return dot(subtract(world, this.camera.focal), this.camera.direction);
  }

  redrawInk(): void {
    this.lines.soon();
  }

  /** The finest picture of the images of this very plane is on screen. */
  get settled(): boolean {
    const { level, coming } = this.state.drawn;
    return !this.picture.stale && level !== null && !coming;
  }

  /** Draw at once what has changed since the last frame. */
  drawNow(): void {
    for (const painted of [this.picture, this.anatomy, this.lines]) painted.now();
  }

  /** The world point of the plane at a pixel. */
  worldAt(pixel: Pixel): Vector {
    return rayThrough(this.camera, this.size, pixel, 0).origin;
  }

  resize(size: Size): void {
    if (size.width < 2 || size.height < 2) {
      this.bench.images.leave(this.id);
      return;
    }
    this.state.size = size;
    if (this.state.fits) this.fit();
  }

  /** Show all that there is. */
  fit(): void {
    const box = this.bench.stage.bounds();
    if (!box) return;
    const half = scale(subtract(box.high, box.low), 0.5);
    this.state.centre = scale(add(box.low, box.high), 0.5);
    this.state.half_height_mm = fitted(this.axes(), half, this.size);
    this.state.fits = true;
  }

  /** Bring the crosshair to the middle if it has left the picture. */
  follow(): void {
    const { world } = this.bench.crosshair.state;
    if (!world || this.state.centre === null) return;
    const [x, y] = this.toScreen(world);
    const { width, height } = this.size;
    const within = x >= EDGE_PX && y >= EDGE_PX && x <= width - EDGE_PX && y <= height - EDGE_PX;
    if (!within) Object.assign(this.state, { centre: world, fits: false });
  }

  pan(step: Pixel): void {
    this.see(panned(this.camera, this.size, step));
  }

  zoom(pixel: Pixel, factor: number): void {
    this.see(zoomed(this.camera, this.size, pixel, factor));
  }

  /** Go on by steps of a voxel; positive: away from the eye. */
  scroll(steps: number): void {
    const { world } = this.bench.crosshair.state;
    const { direction } = this.camera;
    if (world) this.bench.crosshair.jump(add(world, scale(direction, steps * stepMm(direction, this.volume))));
  }

  private see({ focal, half_height_mm }: Camera): void {
    Object.assign(this.state, { centre: focal, half_height_mm, fits: false });
  }

  private axes() {
    return axesOf(this.id, frameOf(this.bench), this.bench.crosshair.state.turn);
  }

  private look(): Camera {
    const { centre, half_height_mm } = this.state;
    const { world } = this.bench.crosshair.state;
    const through = world ?? centre ?? [0, 0, 0];
    return cameraOn(this.axes(), centre ?? through, through, half_height_mm);
  }

  private drawPicture(context: CanvasRenderingContext2D): void {
    const { images } = this.bench;
    // Read, so that a new window or another volume is drawn.
    void [images.state.windows, images.state.primaryKey, images.state.fusedKey, images.state.fusion, images.state.mode];
    const { camera, size } = this;
    context.fillStyle = "#000";
    context.fillRect(0, 0, size.width, size.height);
    const { slab } = this.state;
    const drawn = images.draw(context, { pane: this.id, camera, size, slab });
    // Not read here: that would draw the picture again for having been drawn.
    this.state.drawn = drawn;
  }
}
