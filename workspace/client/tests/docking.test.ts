import { describe, expect, test } from "vitest";
import type { Pixel } from "../src/camera";
import { corners, dockFor, meets } from "../src/overlay/docking";

/** The 3D pane of four at 1280 x 720, and the card of a cut. */
const PANE = { width: 605, height: 646 };
const CARD_PX = 250;
const PLACES = corners(PANE, CARD_PX, 112);

/** The arrow of a plane that is seen from its edge, 88 px long, and its two knobs. */
const handles = ([x, y]: Pixel): Pixel[][] => [[[x - 44, y], [x + 44, y]], [[x, y - 90]], [[x, y + 90]]];

describe("where the card stands", () => {
  test("is on the right below the tools, on the left, or below: always within the pane", () => {
    expect(PLACES.map(({ left, top }) => [left, top])).toEqual([[359, 112], [62, 112], [359, 332], [62, 300], [371, 112], [52, 112]]);
    for (const { left, top, width, height } of PLACES) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(PANE.width);
      expect(top + height).toBeLessThanOrEqual(PANE.height);
    }
  });

  test("is below the cube on the right where that is below the tools", () => {
    expect(corners(PANE, CARD_PX, 176).map(({ top }) => top)).toEqual([176, 112, 332, 300, 176, 112]);
  });

  test("is never higher than the tools, also where it is taller than the pane", () => {
    for (const { top } of corners(PANE, 900, 112)) expect(top).toBe(112);
  });

  test("is where it was while no handle is there", () => {
    expect(dockFor(PLACES, [], 0)).toBe(0);
    expect(dockFor(PLACES, handles([200, 300]), 0)).toBe(0);
    expect(dockFor(PLACES, handles([480, 560]), 1)).toBe(1);
  });

  test("is the other side where it would lie over the tip of the arrow", () => {
    // The tip is at 364: 5 px below the card's edge.
    expect(dockFor(PLACES, handles([320, 240]), 0)).toBe(1 + 1);
    expect(dockFor(PLACES, handles([450, 240]), 0)).toBe(1);
  });

  test("covers no handle wherever one handle is", () => {
    for (let x = 0; x <= PANE.width; x += 11) {
      for (let y = 0; y <= PANE.height; y += 11) {
        const arrow: Pixel[] = [[x - 44, y], [x + 44, y]];
        const { left, top, width, height } = PLACES[dockFor(PLACES, [arrow], 0)];
        const inside = ([px, py]: Pixel) => px >= left && px <= left + width && py >= top && py <= top + height;
        const ends = Array.from({ length: 23 }, (_, i): Pixel => [x - 44 + 4 * i, y]);
        expect(ends.some(inside), `arrow at ${x}, ${y}`).toBe(false);
      }
    }
  });
});

describe("a line and a rectangle", () => {
  const RECT = { left: 100, top: 100, width: 50, height: 20 };

  test("meet where it goes through, though both ends are outside", () => {
    expect(meets(RECT, [90, 110], [160, 110], 0)).toBe(true);
    expect(meets(RECT, [90, 90], [160, 130], 0)).toBe(true);
    expect(meets(RECT, [90, 125], [160, 125], 0)).toBe(false);
    // Past the corner at (150, 120): x + y = 272 misses it by 1.4 px.
    expect(meets(RECT, [142, 130], [172, 100], 0)).toBe(false);
    expect(meets(RECT, [140, 128], [168, 100], 0)).toBe(true);
  });

  test("meet within the margin, and a knob is a line without length", () => {
    expect(meets(RECT, [95, 110], [95, 110], 0)).toBe(false);
    expect(meets(RECT, [95, 110], [95, 110], 6)).toBe(true);
    expect(meets(RECT, [120, 110], [120, 110], 0)).toBe(true);
    expect(meets(RECT, [120, 130], [140, 130], 9)).toBe(false);
    expect(meets(RECT, [120, 130], [140, 130], 11)).toBe(true);
  });
});
