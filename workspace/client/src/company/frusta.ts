// From where the others look, as small pyramids in the 3D pane.

import { shallowReactive } from "vue";
import { cameraOf, type Camera, type Pixel } from "../camera";
import type { Layer, Pane } from "../panes/pane";
import { add, cross, dot, scale, type Vector } from "../vector";
import type { Workbench } from "../workbench";

/** Of the height of one's own view: true distances would put every eye outside it. */
const EYE_SHARE = 0.62;
const DEEP_SHARE = 0.16;
/** A picture is a third wider than high. */
const ASPECT = 4 / 3;
/** Whoever looks nearly the same way (cosine of 10 degrees) would stand in one's own eye. */
const SAME_COSINE = 0.985;
const SHADOW = "rgba(6, 8, 11, 0.8)";

/** A view as it is drawn: the eye, the corners of what it sees, and the point it looks at. */
export interface Frustum {
  eye: Vector;
  corners: [Vector, Vector, Vector, Vector];
  focal: Vector;
}

/** Return the pyramid of a camera, drawn so large that it fits into a view of that half height. */
export function frustumOf(camera: Camera, halfHeightMm: number): Frustum {
  const eye = add(camera.focal, scale(camera.direction, -EYE_SHARE * halfHeightMm));
  const middle = add(eye, scale(camera.direction, DEEP_SHARE * halfHeightMm));
  const up = scale(camera.up, 0.5 * DEEP_SHARE * halfHeightMm);
  const right = scale(cross(camera.direction, camera.up), 0.5 * ASPECT * DEEP_SHARE * halfHeightMm);
  const corner = (a: number, b: number): Vector => add(middle, add(scale(right, a), scale(up, b)));
  return { eye, corners: [corner(-1, 1), corner(1, 1), corner(1, -1), corner(-1, -1)], focal: camera.focal };
}

export class Frusta implements Layer {
  readonly state = shallowReactive({ on: true });

  constructor(private readonly bench: Workbench) {}

  recall(): void {
    this.state.on = this.bench.memory.get().frusta ?? true;
  }

  toggle(): void {
    this.state.on = !this.state.on;
    this.bench.memory.put({ frusta: this.state.on });
    this.bench.stage.redrawInk();
  }

  /** Whose views are drawn, and how. */
  shown(): { id: string; frustum: Frustum }[] {
    const { room, stage, company } = this.bench;
    if (!this.state.on) return [];
    return room.nearby().flatMap(([id, { camera, idle, following }]) => {
      const theirs = camera && cameraOf(camera);
      const same = theirs && dot(theirs.direction, stage.camera.direction) > SAME_COSINE;
      const bound = following === room.state.memberId || company.state.sight.following === id;
      if (!theirs || idle || same || bound) return [];
      return [{ id, frustum: frustumOf(theirs, stage.camera.half_height_mm) }];
    });
  }

  draw(pane: Pane, context: CanvasRenderingContext2D): void {
    if (pane.id !== "3d") return;
    for (const { id, frustum } of this.shown()) {
      const { room } = this.bench;
      drawFrustum(context, pane, frustum, room.colourOf(id));
      drawName(context, pane.toScreen(frustum.eye), room.nameOf(id), room.colourOf(id));
    }
  }
}

function drawFrustum(context: CanvasRenderingContext2D, pane: Pane, { eye, corners, focal }: Frustum, colour: string): void {
  const at = (point: Vector): Pixel => pane.toScreen(point);
  const path = new Path2D();
  for (const corner of corners) {
    path.moveTo(...at(eye));
    path.lineTo(...at(corner));
  }
  corners.forEach((corner, i) => path[i === 0 ? "moveTo" : "lineTo"](...at(corner)));
  path.closePath();
  const sight = new Path2D();
  sight.moveTo(...at(eye));
  sight.lineTo(...at(focal));
  context.globalAlpha = 0.5;
  context.setLineDash([3, 5]);
  line(context, sight, colour, 1);
  context.setLineDash([]);
  context.globalAlpha = 0.9;
  line(context, path, colour, 1.4);
  context.globalAlpha = 1;
}

function line(context: CanvasRenderingContext2D, path: Path2D, colour: string, width: number): void {
  context.strokeStyle = SHADOW;
  context.lineWidth = width + 1.6;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}

function drawName(context: CanvasRenderingContext2D, [x, y]: Pixel, name: string, colour: string): void {
  context.font = "650 11px Inter, system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineWidth = 3;
  context.strokeStyle = SHADOW;
  context.strokeText(name, x, y - 6);
  context.fillStyle = colour;
  context.fillText(name, x, y - 6);
}
