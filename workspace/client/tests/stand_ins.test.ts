import { expect, test } from "vitest";
import type { Mesh } from "../src/mesh";
import type { PlanView } from "../src/protocol";
import { shownOf } from "../src/stand_ins";
import { emptyView, type Solid } from "../src/store";

const MESH = {} as Mesh;

/** A solid that was cut in two, and one piece of it once more. */
function cutTwice(): PlanView {
  const solid = (sha256: string, more: object) => ({ surface: { sha256 }, ...more });
  return {
    ...emptyView(),
    segments: { bone: solid("bone", { leaf: false }) },
    fragments: {
      left: solid("left", { parent_id: "bone", leaf: false }),
      right: solid("right", { parent_id: "bone", leaf: true }),
      upper: solid("upper", { parent_id: "left", leaf: true }),
      lower: solid("lower", { parent_id: "left", leaf: true }),
    },
  } as unknown as PlanView;
}

const shown = (...here: string[]) => {
  const meshOf = (solid: Solid) => (here.includes(solid.surface.sha256) ? MESH : undefined);
  return shownOf(cutTwice(), meshOf).map(([id]) => id).sort();
};

test("pieces are shown when all of them are here", () => {
  expect(shown("right", "upper", "lower", "left", "bone")).toEqual(["lower", "right", "upper"]);
});

test("the nearest parent that is here stands in for pieces that are not, and hides those that are", () => {
  expect(shown("right", "upper", "left", "bone")).toEqual(["left", "right"]);
  expect(shown("right", "upper", "bone")).toEqual(["bone"]);
});

test("without a parent to stand in, what is here is shown", () => {
  expect(shown("right", "upper")).toEqual(["right", "upper"]);
});
