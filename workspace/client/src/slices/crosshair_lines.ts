// The crosshair: where the other slices cross this one, and knobs at the ends that turn them.

import { mmPerPixel, projectDirection, type Pixel } from "../camera";
import type { Handle } from "../gizmo";
import type { Layer, SliceId } from "../panes/pane";
import { AMBER, dot as drawDot, polyline, strokePath } from "../strokes";
import { add, cross, length, normalize, scale, type Vector } from "../vector";
import type { Workbench } from "../workbench";
import type { Slice } from "./slice";

/** Around the very point the picture stays clear. */
const CLEAR_PX = 9;
/** Knobs sit at this share of the way from the crosshair to the edge of a square view. */
const KNOB_SHARE = 0.36;
const ALL: SliceId[] = ["axial", "coronal", "sagittal"];

/** Return along which world directions the planes of the other slices cross this one. */
function directions(slice: Slice, bench: Workbench): { id: SliceId; along: Vector }[] {
  return ALL.filter((id) => id !== slice.id).flatMap((id) => {
    const along = cross(slice.camera.direction, bench.panes.slices[id].camera.direction);
    return length(along) < 1e-6 ? [] : [{ id, along: normalize(along) }];
  });
}

export function drawCrosshair(context: CanvasRenderingContext2D, slice: Slice, bench: Workbench): void {
  const { world } = bench.crosshair.state;
  if (!world) return;
  const [x, y] = slice.toScreen(world);
  const far = slice.size.width + slice.size.height;
  context.globalAlpha = 0.75;
  for (const { along } of directions(slice, bench)) {
    const [dx, dy] = projectDirection(slice.camera, slice.size, along);
    const size = Math.hypot(dx, dy) || 1;
    const at = (px: number): Pixel => [x + (px * dx) / size, y + (px * dy) / size];
    for (const sign of [1, -1]) {
      context.strokeStyle = AMBER;
      context.lineWidth = 1;
      context.stroke(polyline([at(sign * CLEAR_PX), at(sign * far)]));
    }
  }
  context.globalAlpha = 1;
  for (const knob of crosshairKnobs(slice, bench)) {
    const hot = bench.state.hoveredHandle === knob.id;
    drawDot(context, slice.toScreen(knob.points[0]), hot ? 8 : 6, hot ? "#ffffff" : AMBER);
  }
}

/** While planes may be turned: a knob at each end of the crosshair's lines. */
export function crosshairKnobs(slice: Slice, bench: Workbench): Handle[] {
  const { world, oblique } = bench.crosshair.state;
  if (!world || !oblique) return [];
  const far = KNOB_SHARE * Math.min(slice.size.width, slice.size.height) * mmPerPixel(slice.camera, slice.size);
  return directions(slice, bench).flatMap(({ id, along }) =>
    [1, -1].map((sign): Handle => ({
      id: `oblique-${id}${sign}`,
      kind: "turn",
      axis: slice.camera.direction,
      centre: world,
      points: [add(world, scale(along, sign * far))],
      tint: AMBER,
      label: "",
    })),
  );
}

/** How far the planes turn about the direction of a slice when a knob goes from pixel to pixel, degrees. */
export function turnDeg(centre: Pixel, from: Pixel, to: Pixel): number {
  const angle = ([x, y]: Pixel) => Math.atan2(y - centre[1], x - centre[0]);
  const raw = ((angle(to) - angle(from)) * 180) / Math.PI;
  // Pixels count downwards, and so this is the right-hand turn about what points into the screen.
  return raw > 180 ? raw - 360 : raw < -180 ? raw + 360 : raw;
}

const ARM_PX = 13;

/** In 3D: a small cross where the slices meet, or where the next point goes. */
export function crosshairLayer(bench: Workbench): Layer {
  return {
    draw(pane, context) {
      const { world } = bench.crosshair.state;
      const slices = bench.panes.list.some(({ id }) => id !== "3d");
      if (pane.id !== "3d" || !world || !(slices || bench.panes.cursor.shown)) return;
      const [x, y] = pane.toScreen(world);
      context.globalAlpha = 0.9;
      for (const [dx, dy] of [[1, 0], [0, 1]]) {
        for (const sign of [1, -1]) {
          const at = (px: number): Pixel => [x + sign * px * dx, y + sign * px * dy];
          strokePath(context, polyline([at(4), at(ARM_PX)]), AMBER, 1.6);
        }
      }
      context.globalAlpha = 1;
    },
  };
}
