import { describe, expect, test } from "vitest";
import { arrange, BAND_PX, LAYOUTS, TWO_ROWS_PX, type Rect, type Wanted } from "../src/panes/arrangement";
import { SLICE_VIEWS, type PaneId, type SliceId } from "../src/panes/pane";

const DESKTOP = { width: 1000, height: 640 };
const TABLET = { width: 700, height: 900 };
const wanted = (rest: Partial<Wanted>): Wanted => ({ layout: "four", maximised: null, beside: "axial", ...rest });
const all = (size = DESKTOP) =>
  LAYOUTS.flatMap((layout) => [null, "3d" as PaneId, "coronal" as PaneId].map((maximised) => arrange(wanted({ layout, maximised }), size, 500)));

const overlap = (a: Rect, b: Rect) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

describe("panes", () => {
  test.each([DESKTOP, TABLET])("fill a view of %o without lying over one another", (size) => {
    for (const { panes, banded, rows } of all(size)) {
      const rects = Object.values(panes);
      const top = rows ? TWO_ROWS_PX : banded ? BAND_PX : 0;
      rects.forEach((a, i) => rects.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBe(false)));
      for (const { left, top: from, width, height } of rects) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(from).toBeGreaterThanOrEqual(top);
        expect(left + width).toBeLessThanOrEqual(size.width);
        expect(from + height).toBeLessThanOrEqual(size.height);
      }
      const area = rects.reduce((sum, { width, height }) => sum + width * height, 0);
      expect(area / (size.width * (size.height - top))).toBeGreaterThan(0.98);
    }
  });

  test("are 3D large with three slices beside it, and below it on a tablet", () => {
    const { panes } = arrange(wanted({}), DESKTOP, 500);
    expect(panes["3d"]?.width).toBeGreaterThan(2 * (panes.axial?.width ?? 0));
    expect(panes.axial?.left).toBeGreaterThan(panes["3d"]?.width ?? 0);
    const stacked = arrange(wanted({}), TABLET, 500).panes;
    expect(stacked["3d"]?.width).toBe(TABLET.width);
    expect(stacked.axial?.top).toBeGreaterThan(stacked["3d"]?.height ?? 0);
  });

  test("give way to a straightened curve below the first of them", () => {
    const { panes, straight } = arrange(wanted({ straight: true }), DESKTOP, 500);
    const rects = [...Object.values(panes), straight as Rect];
    rects.forEach((a, i) => rects.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBe(false)));
    expect(straight?.left).toBe(panes["3d"]?.left);
    expect(arrange(wanted({}), DESKTOP, 500).straight).toBeNull();
  });

  test("leave a card its place where it would cover the letters of a slice", () => {
    const { panes, front } = arrange(wanted({ layout: "slices", cards: true }), DESKTOP, 500);
    for (const { left, width } of Object.values(panes)) expect(left + width).toBeLessThanOrEqual(front.width - 250);
    expect(arrange(wanted({ cards: true }), DESKTOP, 500).panes).toEqual(arrange(wanted({}), DESKTOP, 500).panes);
  });

  test("are one while one is maximised", () => {
    expect(Object.keys(arrange(wanted({ maximised: "coronal" }), DESKTOP, 500).panes)).toEqual(["coronal"]);
  });

  test("leave the tools a band where these would hide a narrow 3D pane, or no 3D is there", () => {
    expect(arrange(wanted({}), DESKTOP, 500).banded).toBe(false);
    expect(arrange(wanted({}), DESKTOP, 900).banded).toBe(true);
    expect(arrange(wanted({ layout: "slices" }), DESKTOP, 500).banded).toBe(true);
    expect(arrange(wanted({ maximised: "axial" }), DESKTOP, 500).banded).toBe(true);
  });

  test("have the slice beside 3D that was used last", () => {
    expect(Object.keys(arrange(wanted({ layout: "pair", beside: "sagittal" }), DESKTOP, 400).panes)).toEqual(["3d", "sagittal"]);
  });
});

test("slices are looked at from the feet, from the front and from the left", () => {
  const eyes = Object.fromEntries((Object.keys(SLICE_VIEWS) as SliceId[]).map((id) => [id, SLICE_VIEWS[id].direction]));
  expect(eyes).toEqual({ axial: [0, 0, 1], coronal: [0, 1, 0], sagittal: [-1, 0, 0] });
});
