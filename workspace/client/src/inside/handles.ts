// Taking hold of clip planes and of the faces of the box, in the 3D pane while the card is open.

import { mmPerPixel } from "../camera";
import { dragFrom, planeHandles, turnAbout, type Handle } from "../gizmo";
import type { Pane } from "../panes/pane";
import type { Pixel } from "../camera";
import { add, normalize, reject, scale, spanOf, type Vector } from "../vector";
import type { Workbench } from "../workbench";
import { facesOf, withFaceMoved } from "./clips";
import { BOX } from "./inside";

/** Cool, so that no clip plane is taken for a cut: amber is the plan's. */
export const CLIP_TINT = "#a9cdf5";
const FACE_ARROW_PX = 30;

/** Return what can be taken hold of: that of the plane, or of the box, that is chosen in the card. */
export function clipHandles(bench: Workbench): Handle[] {
  const { open, chosen, clips } = bench.inside.state;
  if (!open || bench.capture.composing || bench.inside.inForce.from !== "own") return [];
  if (chosen === BOX) return faceHandles(bench);
  const plane = clips.planes.find(({ id, on }) => id === chosen && on)?.plane;
  if (!plane) return [];
  const { camera, size } = bench.stage;
  const reach = 0.7 * reachMm(bench);
  const handles = planeHandles(camera, size, plane.origin, plane.normal, spanFor(plane.normal), [reach, reach]);
  return handles.map((handle) => ({ ...handle, id: `clip-${handle.id}`, tint: CLIP_TINT }));
}

/** Half the side of the square that a clip plane is drawn as. */
export function reachMm(bench: Workbench): number {
  const bounds = bench.stage.bounds();
  if (!bounds) return 50;
  return Math.max(20, 0.55 * Math.max(...[0, 1, 2].map((axis) => bounds.high[axis] - bounds.low[axis])));
}

export const spanFor = (normal: Vector): [Vector, Vector] => spanOf(normal, [0, 0, 1]);

function faceHandles({ inside, stage }: Workbench): Handle[] {
  const { box, boxOn } = inside.state.clips;
  if (!box || !boxOn) return [];
  const mm = mmPerPixel(stage.camera, stage.size);
  return facesOf(box).map(({ origin, normal, axis, side }) => {
    const out = scale(normal, -1);
    const points = [origin, add(origin, scale(out, FACE_ARROW_PX * mm))];
    return { id: `clip-face-${axis}${side}`, kind: "shift", axis: out, centre: origin, points, tint: CLIP_TINT, label: "" };
  });
}

/** Move what the handle belongs to as far as the pointer went. */
export function dragClip({ inside, stage }: Workbench, handle: Handle, from: Pixel, to: Pixel): void {
  const amount = dragFrom(stage.camera, stage.size, handle, from)(to);
  if (!Number.isFinite(amount)) return;
  const face = /^clip-face-(\d)(-?1)$/.exec(handle.id);
  const { box, planes } = inside.state.clips;
  if (face && box) {
    const side = Number(face[2]) as -1 | 1;
    inside.put({ box: withFaceMoved(box, Number(face[1]), side, side * amount) });
    return;
  }
  const chosen = planes.find(({ id }) => id === inside.state.chosen);
  if (!chosen) return;
  const { origin, normal } = chosen.plane;
  const plane =
    handle.kind === "shift"
      ? { normal, origin: add(origin, scale(normal, amount)) }
      : { origin, normal: normalize(turnAbout(normal, handle.axis, [0, 0, 0], amount)) };
  inside.change(chosen.id, { plane });
}

/** Return where a plane crosses what a pane shows: a line through it, or null where they do not cross. */
export function lineAcross(pane: Pane, origin: Vector, normal: Vector): [Vector, Vector] | null {
  const { direction, focal, half_height_mm } = pane.camera;
  const across = reject(normal, direction);
  const steep = Math.hypot(...across);
  if (steep < 1e-6) return null;
  const inPlane = scale(across, 1 / steep);
  const along: Vector = normalize([
    direction[1] * inPlane[2] - direction[2] * inPlane[1],
    direction[2] * inPlane[0] - direction[0] * inPlane[2],
    direction[0] * inPlane[1] - direction[1] * inPlane[0],
  ]);
  const gap = [0, 1, 2].reduce((sum, axis) => sum + (origin[axis] - focal[axis]) * normal[axis], 0) / steep;
  const foot = add(focal, scale(inPlane, gap));
  const far = 4 * half_height_mm;
  return [add(foot, scale(along, -far)), add(foot, scale(along, far))];
}
