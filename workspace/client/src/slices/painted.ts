// A canvas that is drawn anew, once a frame, when anything that its drawing has read changes.

import { flatCanvas } from "../graphics";
import { effect, stop, type ReactiveEffectRunner } from "vue";
import type { Size } from "../camera";

export class Painted {
  private canvas: HTMLCanvasElement | null = null;
  private runner: ReactiveEffectRunner | null = null;
  private frame = 0;

  constructor(
    private readonly size: () => Size,
    private readonly draw: (context: CanvasRenderingContext2D) => void,
  ) {}

  attach(canvas: HTMLCanvasElement | null): void {
    this.canvas = canvas;
    if (canvas && !this.runner) this.runner = effect(() => this.paint(), { scheduler: () => this.soon() });
    else this.soon();
  }

  /** Draw anew in the next frame; many calls, one drawing. */
  soon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.runner?.();
    });
  }

  /** Something has changed since the last drawing. */
  get stale(): boolean {
    return this.frame !== 0;
  }

  /** Draw at once, for a picture of the page. */
  now(): void {
    this.runner?.();
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    if (this.runner) stop(this.runner);
    this.runner = null;
    this.canvas = null;
  }

  private paint(): void {
    const { width, height } = this.size();
    const context = this.canvas?.getContext("2d", flatCanvas());
    if (!this.canvas || !context || width < 2 || height < 2) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    // Chromium in software keeps the last picture when clearing is all that happens in a frame.
    context.fillStyle = "rgba(0, 0, 0, 0.02)";
    context.fillRect(0, 0, 1, 1);
    context.lineJoin = "round";
    context.lineCap = "round";
    this.draw(context);
  }
}
