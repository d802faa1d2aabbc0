import { expect, test } from "vitest";
import { placeOf } from "../src/panels/places";
import { emptyView } from "../src/store";

const VIEW = {
  ...emptyView(),
  segments: { skull: { segment_id: "skull" } },
  cuts: { c: { world_plane: { origin: [1, 2, 3], normal: [0, 0, 1] } } },
  notes: { n: { world_mm: [4, 5, 6] } },
  measurements: { d: { start_world_mm: [0, 0, 0], end_world_mm: [2, 4, 6] } },
  markups: {
    curve: { world_points: [[0, 0, 0], [3, 0, 0], [0, 3, 0]], findings: null, solid_ids: [] },
    gap: { world_points: [], findings: { path_mm: [[0, 0, 0], [0, 0, 8]] }, solid_ids: ["skull"] },
    waiting: { world_points: [], findings: null, solid_ids: ["skull"] },
  },
} as never; // prettier-ignore

test("each record is looked at where it is: a solid, a point, or the middle of its points", () => {
  expect(placeOf(VIEW, "skull")).toEqual({ solid_id: "skull" });
  expect(placeOf(VIEW, "c")).toEqual({ point_mm: [1, 2, 3] });
  expect(placeOf(VIEW, "n")).toEqual({ point_mm: [4, 5, 6] });
  expect(placeOf(VIEW, "d")).toEqual({ point_mm: [1, 2, 3] });
  expect(placeOf(VIEW, "curve")).toEqual({ point_mm: [1, 1, 0] });
  expect(placeOf(VIEW, "gap")).toEqual({ point_mm: [0, 0, 4] });
});

test("a gap that is still being computed is looked at at its segment; what is gone, nowhere", () => {
  expect(placeOf(VIEW, "waiting")).toEqual({ solid_id: "skull" });
  expect(placeOf(VIEW, "gone")).toBeNull();
});
