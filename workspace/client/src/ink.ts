// Lines over the picture, on a 2D canvas: no new frame of the picture is needed for them.

import { flatCanvas } from "./graphics";
import { isUsable, type Handle } from "./gizmo";
import { apply, inverse, rotate } from "./rigid";
import { AMBER, arrowHead, dot as spot, polyline, SHADOW, strokePath } from "./strokes";
import { dot, type Vector } from "./vector";
import type { Workbench } from "./workbench";


export class Ink {
  private canvas: HTMLCanvasElement | null = null;

  constructor(private readonly bench: Workbench) {}

  attach(canvas: HTMLCanvasElement): void {
    this.canvas = canvas;
  }

  draw(): void {
    const context = this.clear();
    if (!context) return;
    this.drawSheets(context);
    this.drawSection(context);
    for (const layer of this.bench.layers) layer.draw(this.bench.stage, context);
    for (const handle of this.bench.tool.handles(this.bench.stage)) this.drawHandle(context, handle);
  }

  private clear(): CanvasRenderingContext2D | null {
    const { canvas } = this;
    const context = canvas?.getContext("2d", flatCanvas());
    if (!canvas || !context) return null;
    const { width, height } = this.bench.stage.state.size;
    const ratio = window.devicePixelRatio || 1;
    const size = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    // Chromium in software keeps the last picture when clearing is all that happens in a frame.
    context.fillStyle = "rgba(0, 0, 0, 0.02)";
    context.fillRect(0, 0, 1, 1);
    context.lineJoin = "round";
    context.lineCap = "round";
    return context;
  }

  private drawSheets(context: CanvasRenderingContext2D): void {
    for (const { cut, corners } of this.bench.tools.cut.sheets()) {
      const chosen = cut.cut_id === this.bench.state.selectedId;
      context.globalAlpha = chosen ? 0.95 : 0.5;
      context.setLineDash(chosen ? [] : [6, 5]);
      this.stroke(context, [...corners, corners[0]], AMBER, chosen ? 1.4 : 1);
      context.setLineDash([]);
    }
    context.globalAlpha = 1;
  }

  /** The outline of the section: bright towards the eye, faint on the far side. */
  private drawSection(context: CanvasRenderingContext2D): void {
    const inHand = this.bench.tools.cut.inHand();
    const { section } = this.bench.tools.cut.state;
    if (!inHand || !section) return;
    const { stage, hands } = this.bench;
    const transform = hands.transformOf(inHand.cut.target_id);
    const eye = rotate(inverse(transform).rotation, stage.state.camera.direction);
    const { outline, facing } = section;
    const paths = [new Path2D(), new Path2D()];
    for (let i = 0; i < facing.length / 3; i += 1) {
      const out: Vector = [facing[3 * i], facing[3 * i + 1], facing[3 * i + 2]];
      const path = paths[dot(out, eye) > 0 ? 0 : 1];
      const [a, b] = [6 * i, 6 * i + 3].map((at) =>
        stage.toScreen(apply(transform, [outline[at], outline[at + 1], outline[at + 2]])),
      );
      path.moveTo(a[0], a[1]);
      path.lineTo(b[0], b[1]);
    }
    const [far, near] = paths;
    context.strokeStyle = AMBER;
    context.lineWidth = 1;
    context.globalAlpha = 0.38;
    context.stroke(far);
    context.lineWidth = 2.2;
    context.globalAlpha = 1;
    context.stroke(near);
  }

  private drawHandle(context: CanvasRenderingContext2D, handle: Handle): void {
    const { camera, size } = this.bench.stage.state;
    if (!isUsable(camera, size, handle)) return;
    const hot = this.bench.state.hoveredHandle === handle.id;
    const colour = hot ? AMBER : handle.tint;
    if (handle.points.length === 1) {
      const at = this.bench.stage.toScreen(handle.points[0]);
      spot(context, at, hot ? 8 : 6.5, colour);
    } else if (handle.kind === "turn") this.drawRing(context, handle, colour, hot);
    else this.drawArrow(context, handle, colour, hot);
  }

  private drawRing(
    context: CanvasRenderingContext2D,
    { points, centre }: Handle,
    colour: string,
    hot: boolean,
  ): void {
    const { direction } = this.bench.stage.state.camera;
    const level = dot(centre, direction);
    for (const front of [false, true]) {
      const path = new Path2D();
      for (let i = 1; i < points.length; i += 1) {
        if (dot(points[i], direction) <= level + 1e-6 !== front) continue;
        path.moveTo(...this.bench.stage.toScreen(points[i - 1]));
        path.lineTo(...this.bench.stage.toScreen(points[i]));
      }
      context.globalAlpha = front ? 1 : 0.28;
      strokePath(context, path, colour, hot ? 3.2 : 2);
    }
    context.globalAlpha = 1;
  }

  private drawArrow(
    context: CanvasRenderingContext2D,
    handle: Handle,
    colour: string,
    hot: boolean,
  ): void {
    const [from, to] = handle.points.map((point) => this.bench.stage.toScreen(point));
    this.stroke(context, handle.points, colour, hot ? 3.4 : 2.4);
    arrowHead(context, from, to, colour);
    if (handle.id === "offset") {
      arrowHead(context, to, from, colour);
      spot(context, this.bench.stage.toScreen(handle.centre), hot ? 7 : 5.5, colour);
    }
    if (!handle.label) return;
    const size = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    const at = [0, 1].map((axis) => to[axis] + (15 * (to[axis] - from[axis])) / size);
    context.font = "700 12px Inter, system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.strokeStyle = SHADOW;
    context.strokeText(handle.label, at[0], at[1]);
    context.fillStyle = colour;
    context.fillText(handle.label, at[0], at[1]);
  }

  private stroke(context: CanvasRenderingContext2D, points: Vector[], colour: string, width: number): void {
    strokePath(context, polyline(points.map((point) => this.bench.stage.toScreen(point))), colour, width);
  }
}
