// Where the cards stand before the 3D pane: in the first corner where they cover no handle.

import { computed, onBeforeUnmount, ref, watch, watchEffect, type ShallowRef } from "vue";
import type { Pixel, Size } from "../camera";
import { isUsable } from "../gizmo";
import type { Rect } from "../panes/arrangement";
import type { Workbench } from "../workbench";

/** A knob is taken hold of within 13 px; the head of an arrow is as wide. */
const CLEARANCE_PX = 16;
const WIDTH_PX = 232;
/** Below the tools; where these are tight, below the cube as well. */
const TOP_PX = { wide: 112, tight: 176 };
const RIGHT_PX = 14;
/** Beside the bar that looks inside. */
const LEFT_PX = 62;
/** As near to the bar and to the edge as is possible, where a handle stands in the middle. */
const TIGHTEST_PX = { left: 52, right: 2 };
/** Above the layout on the right; above frame and scale on the left. */
const BOTTOM_PX = { right: 64, left: 96 };

/** Return the corners of a pane, the one that the cards prefer first: where they reach no higher than the tools and, on the right, than `top`. */
export function corners({ width, height }: Size, cardsPx: number, top: number): Rect[] {
  const [left, right] = [LEFT_PX, width - RIGHT_PX - WIDTH_PX];
  // The cube is on the right.
  const rect = (x: number, y: number): Rect => ({ left: x, top: Math.max(x === left || x === TIGHTEST_PX.left ? TOP_PX.wide : top, y), width: WIDTH_PX, height: cardsPx });
  const above = (px: number) => height - px - cardsPx;
  return [
    rect(right, top),
    rect(left, 0),
    rect(right, above(BOTTOM_PX.right)),
    rect(left, above(BOTTOM_PX.left)),
    rect(width - TIGHTEST_PX.right - WIDTH_PX, top),
    rect(TIGHTEST_PX.left, 0),
  ];
}

/** Whether a line from one pixel to another comes nearer to a rectangle than `marginPx` on either axis. */
export function meets({ left, top, width, height }: Rect, a: Pixel, b: Pixel, marginPx: number): boolean {
  const low = [left - marginPx, top - marginPx];
  const high = [left + width + marginPx, top + height + marginPx];
  let [from, to] = [0, 1];
  for (const axis of [0, 1]) {
    const way = b[axis] - a[axis];
    if (way === 0) {
      if (a[axis] <= low[axis] || a[axis] >= high[axis]) return false;
      continue;
    }
    const ends = [(low[axis] - a[axis]) / way, (high[axis] - a[axis]) / way];
    from = Math.max(from, Math.min(...ends));
    to = Math.min(to, Math.max(...ends));
  }
  return from < to || (from === to && a[0] === b[0] && a[1] === b[1]);
}

const covers = (rect: Rect, line: Pixel[], marginPx: number): boolean =>
  line.some((pixel, i) => meets(rect, line[Math.max(0, i - 1)], pixel, marginPx));

/**
 * Return which place is taken: the present one while it is clear of all handles, else the one that
 * covers fewest, and of those the one that comes near to fewest.
 */
export function dockFor(places: Rect[], lines: Pixel[][], present: number): number {
  const within = (rect: Rect, marginPx: number) => lines.filter((line) => covers(rect, line, marginPx)).length;
  const cost = places.map((rect) => within(rect, 0) * (lines.length + 1) + within(rect, CLEARANCE_PX));
  return cost[present] === 0 ? present : cost.indexOf(Math.min(...cost));
}

/** Return the style of the cards, none where the style sheet has them; and whether they stand on the left. */
export function useDock(bench: Readonly<ShallowRef<Workbench | null>>, cards: Readonly<ShallowRef<HTMLElement | null>>) {
  const heightPx = ref(0);
  const present = ref(0);
  const sizes = new ResizeObserver(() => (heightPx.value = cards.value?.clientHeight ?? 0));
  watch(cards, (element) => element && sizes.observe(element));
  onBeforeUnmount(() => sizes.disconnect());
  const places = computed(() => {
    const tight = bench.value?.panes.tight ?? false;
    const front = bench.value?.panes.arrangement.front ?? { width: 0, height: 0 };
    return corners(front, heightPx.value, tight ? TOP_PX.tight : TOP_PX.wide);
  });
  watchEffect(() => {
    present.value = bench.value && heightPx.value > 1 ? dockFor(places.value, handleLines(bench.value), present.value) : 0;
  });
  return computed(() => {
    const { left, top } = places.value[present.value];
    const onLeft = [LEFT_PX, TIGHTEST_PX.left].includes(left);
    return { onLeft, style: present.value === 0 ? undefined : { left: `${left}px`, top: `${top}px`, right: "auto" } };
  });
}

/** What can be taken hold of in the 3D pane now, in its pixels. */
function handleLines(bench: Workbench): Pixel[][] {
  const { stage, panes, tool, state, room } = bench;
  void [stage.state.camera, state.selectedId, room.state.view, bench.tools.cut.state.hintAt, bench.tools.move.state.hintAt];
  if (!panes.shows("3d")) return [];
  const handles = tool.handles(stage).filter((handle) => isUsable(stage.camera, stage.size, handle));
  return handles.map(({ points }) => points.map((point) => stage.toScreen(point)));
}
