// Which points of markups are behind the anatomy: asked once the view rests, kept while it moves.

import { shallowReactive } from "vue";
import type { Bench } from "../tools/tool";
import type { Vector } from "../vector";

/** Each question is a ray through all surfaces: so many of them a frame, the others later. */
const MOST_PER_FRAME = 24;
/** Neighbours within this are asked about once, mm. */
const GRAIN_MM = 4;
const REST_MS = 120;

export class Sight {
  /** Grows whenever what can be seen was asked anew. */
  readonly state = shallowReactive({ asked: 0 });
  private known = new Map<string, boolean>();
  private camera: unknown = null;
  private plan: unknown = null;
  private resting = 0;

  constructor(private readonly bench: Bench) {}

  /** Return whether points can be seen, as far as it is known by now. */
  look(): (point: Vector) => boolean {
    const { stage, room } = this.bench;
    const { camera, loaded } = stage.state;
    const plan = `${room.state.revision} ${loaded}`;
    if (camera !== this.camera || plan !== this.plan) this.wait(camera, plan);
    let asked = 0;
    return (point) => {
      const key = point.map((value) => Math.round(value / GRAIN_MM)).join();
      const known = this.known.get(key);
      if (known !== undefined) return known;
      if (this.resting !== 0) return true;
      asked += 1;
      if (asked === MOST_PER_FRAME + 1) requestAnimationFrame(() => stage.redrawInk());
      if (asked > MOST_PER_FRAME) return true;
      const seen = stage.sees(point);
      this.known.set(key, seen);
      return seen;
    };
  }

  close(): void {
    clearTimeout(this.resting);
  }

  private wait(camera: unknown, plan: unknown): void {
    this.camera = camera;
    this.plan = plan;
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      this.resting = 0;
      this.known = new Map();
      this.state.asked += 1;
      this.bench.stage.redrawInk();
    }, REST_MS);
  }
}
