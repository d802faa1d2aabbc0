// A camera that glides to where another one is, instead of jumping there.

import { between, type Camera } from "../camera";
import { distanceMm } from "../vector";

/** In this time two thirds of the way are done. */
const EASE_MS = 90;
/** Nearer than this to the goal there is nothing to see, as a share of the view's height. */
const THERE = 1e-3;

export interface Eye {
  get(): Camera;
  set(camera: Camera): void;
}

export class Glide {
  private goal: Camera | null = null;
  private frame = 0;
  private lastMs = 0;

  constructor(
    private readonly eye: Eye,
    private readonly still = matchMedia("(prefers-reduced-motion: reduce)").matches,
  ) {}

  to(goal: Camera): void {
    if (this.still) {
      this.eye.set(goal);
      return;
    }
    this.goal = goal;
    if (this.frame !== 0) return;
    this.lastMs = performance.now();
    this.frame = requestAnimationFrame(() => this.step());
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.goal = null;
  }

  private step(): void {
    this.frame = 0;
    if (!this.goal) return;
    const now = performance.now();
    const next = eased(this.eye.get(), this.goal, now - this.lastMs);
    this.lastMs = now;
    this.eye.set(next);
    if (next === this.goal) this.goal = null;
    else this.frame = requestAnimationFrame(() => this.step());
  }
}

/** Return the camera `elapsedMs` later on its way to `goal`; the goal itself once it is there. */
export function eased(camera: Camera, goal: Camera, elapsedMs: number): Camera {
  const next = between(camera, goal, 1 - Math.exp(-elapsedMs / EASE_MS));
  return isThere(next, goal) ? goal : next;
}

function isThere(camera: Camera, goal: Camera): boolean {
  const zoom = Math.abs(Math.log(camera.half_height_mm / goal.half_height_mm));
  const turn = distanceMm(camera.direction, goal.direction) + distanceMm(camera.up, goal.up);
  const shift = distanceMm(camera.focal, goal.focal) / goal.half_height_mm;
  return Math.max(zoom, turn, shift) < THERE;
}
