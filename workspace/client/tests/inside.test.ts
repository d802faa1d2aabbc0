import { describe, expect, test } from "vitest";
import { buildBvh } from "../src/bvh";
import {
  clippingOf,
  facesOf,
  flipped,
  halfSpaces,
  keeps,
  NO_CLIPS,
  sameClipping,
  soundClipping,
  stretchOf,
  withFaceMoved,
} from "../src/inside/clips";
import { isolated, leavesUnder } from "../src/inside/isolating";
import { smoothNormals, type Mesh } from "../src/mesh";
import { pick, pickOne } from "../src/picking";
import { aboutAxis, fromDisplacement, IDENTITY, type Plane } from "../src/rigid";
import type { PlanView } from "../src/records";
import { emptyView } from "../src/store";
import { length, normalize, type Vector } from "../src/vector";
import { ball } from "./shapes";

const RADIUS = 30;
const meshOf = (centre: Vector): Mesh => {
  const { vertices, triangles } = ball(RADIUS, 60, centre);
  return { vertices, triangles, normals: smoothNormals(vertices, triangles), bvh: buildBvh(vertices, triangles) };
};
const FROM_ABOVE = (x: number, y: number) => ({ origin: [x, y, 5000] as Vector, direction: [0, 0, -1] as Vector });
const below = (height: number): Plane => ({ origin: [7, -3, height], normal: [0, 0, -1] });

describe("picking what is clipped", () => {
  const mesh = meshOf([0, 0, 0]);
  const solid = { id: "ball", mesh, transform: IDENTITY, opacity: 1 };

  test("meets the far wall from inside where the near one is cut away", () => {
    const hit = pickOne(FROM_ABOVE(0.5, 0.5), { ...solid, clips: [below(10)] });
    // 60 rings of chords stay within 0.05 mm of the ball.
    expect(hit?.world_mm[2]).toBeCloseTo(-Math.sqrt(RADIUS ** 2 - 0.5), 1);
    expect(pickOne(FROM_ABOVE(0.5, 0.5), solid)?.world_mm[2]).toBeCloseTo(Math.sqrt(RADIUS ** 2 - 0.5), 1);
  });

  test("meets nothing where all of the ray is cut away", () => {
    expect(pickOne(FROM_ABOVE(0, 0), { ...solid, clips: [below(-31)] })).toBeNull();
    const away: Plane = { origin: [10, 0, 0], normal: [1, 0, 0] };
    expect(pickOne(FROM_ABOVE(5, 0), { ...solid, clips: [away] })).toBeNull();
    expect(pickOne(FROM_ABOVE(15, 0), { ...solid, clips: [away] })).not.toBeNull();
  });

  test("never meets what is cut away, whatever the planes, and knows the same by two ways", () => {
    const planes: Plane[] = [
      { origin: [0, 0, 4], normal: normalize([1, 2, -1]) },
      { origin: [5, -5, 0], normal: normalize([-2, 1, 0.3]) },
      { origin: [0, 6, -9], normal: normalize([0.1, -1, 1]) },
    ];
    let [met, empty] = [0, 0];
    for (let x = -29; x <= 29; x += 4) {
      for (let y = -29; y <= 29; y += 4) {
        const hit = pickOne(FROM_ABOVE(x, y), { ...solid, clips: planes });
        if (hit) {
          met += 1;
          expect(keeps(planes, hit.world_mm, 1e-3)).toBe(true);
          expect(length(hit.world_mm)).toBeCloseTo(RADIUS, 0);
        } else {
          empty += 1;
          // Both walls along this ray are away.
          const height = Math.sqrt(Math.max(0, RADIUS ** 2 - x ** 2 - y ** 2));
          for (const z of [height, -height]) expect(height > 1 && keeps(planes, [x, y, z], -0.2)).toBe(false);
        }
      }
    }
    expect(met).toBeGreaterThan(20);
    expect(empty).toBeGreaterThan(20);
  });

  test("cuts the world, not the piece: a piece that is moved away is whole again", () => {
    const moved = fromDisplacement(aboutAxis([0, 0, 1], 30), [0, 0, -40], [0, 0, 0]);
    const ray = FROM_ABOVE(1, 1);
    const hit = pickOne(ray, { ...solid, transform: moved, clips: [below(-10)] });
    expect(hit?.world_mm[2]).toBeCloseTo(-10 - 0.0334, 1);
  });

  test("lets one point at what lies behind the half that is away", () => {
    const behind = { id: "behind", mesh: meshOf([0, 0, -80]), transform: IDENTITY, opacity: 1, clips: [below(10)] };
    const front = { ...solid, clips: [below(-40)] };
    expect(pick(FROM_ABOVE(0, 0), [front, behind])?.solid_id).toBe("behind");
    expect(pick(FROM_ABOVE(0, 0), [solid, behind])?.solid_id).toBe("ball");
  });
});

describe("a ray among planes", () => {
  test("keeps the stretch between two of them", () => {
    const spaces = [below(20), flipped(below(-20))];
    expect(stretchOf(spaces, [0, 0, 100], [0, 0, -1])).toEqual([80, 120]);
    expect(stretchOf(spaces, [0, 0, 100], [1, 0, 0])).toBeNull();
    expect(stretchOf([], [0, 0, 0], [1, 0, 0])).toEqual([0, Infinity]);
  });
});

describe("a clip box", () => {
  const box = { minimum_mm: [-10, -20, -30] as Vector, maximum_mm: [10, 20, 30] as Vector };

  test("keeps what is inside, and on its faces", () => {
    const spaces = halfSpaces({ planes: [], box });
    expect(keeps(spaces, [9, -19, 29])).toBe(true);
    expect(keeps(spaces, [10, 20, 30])).toBe(true);
    for (const out of [[11, 0, 0], [0, -21, 0], [0, 0, 31]] as Vector[]) expect(keeps(spaces, out)).toBe(false);
  });

  test("has six faces that look inwards", () => {
    expect(facesOf(box)).toHaveLength(6);
    for (const { origin, normal } of facesOf(box)) expect(keeps([{ origin, normal }], [0, 0, 0])).toBe(true);
  });

  test("is dragged by a face, but not inside out", () => {
    expect(withFaceMoved(box, 1, 1, -5).maximum_mm).toEqual([10, 15, 30]);
    expect(withFaceMoved(box, 2, -1, 500).minimum_mm).toEqual([-10, -20, 29]);
  });
});

describe("a member's clips", () => {
  const plane = { id: "a", name: "Plane 1", plane: below(3), on: true };

  test("are in force while they are on", () => {
    expect(clippingOf(NO_CLIPS)).toEqual({ planes: [], box: null });
    const clips = { planes: [plane, { ...plane, id: "b", on: false }], box: facesOf as never, boxOn: false };
    expect(clippingOf(clips)).toEqual({ planes: [plane.plane], box: null });
  });

  test("that come from elsewhere are read only where they are sound", () => {
    const bad = { origin: [0, 0, 0] as Vector, normal: [0, 0, 2] as Vector };
    const flat = { minimum_mm: [0, 0, 0] as Vector, maximum_mm: [1, 0, 1] as Vector };
    expect(soundClipping({ planes: [below(1), bad], box: flat })).toEqual({ planes: [below(1)], box: null });
    expect(soundClipping({ planes: Array(9).fill(below(1)), box: null }).planes).toHaveLength(6);
  });

  test("are the same where they clip the same", () => {
    expect(sameClipping({ planes: [below(1)], box: null }, { planes: [below(1)], box: null })).toBe(true);
    expect(sameClipping({ planes: [below(1)], box: null }, { planes: [below(2)], box: null })).toBe(false);
    const { origin, normal } = below(1);
    expect(sameClipping({ planes: [{ normal, origin }], box: null }, { planes: [{ origin, normal }], box: null })).toBe(true);
  });
});

describe("isolating", () => {
  const solid = { name: "", colour: [0, 0, 0], opacity: 1, owner: "A", leaf: true };
  const view = {
    ...emptyView(),
    segments: { skin: solid, bone: { ...solid, leaf: false } },
    fragments: {
      upper: { ...solid, parent_id: "bone", leaf: false },
      lower: { ...solid, parent_id: "bone" },
      flap: { ...solid, parent_id: "upper" },
    },
  } as unknown as PlanView;

  test("shows the pieces of what was chosen, also those that were cut again", () => {
    expect(leavesUnder(view, "bone").sort()).toEqual(["flap", "lower"]);
    expect(leavesUnder(view, "skin")).toEqual(["skin"]);
  });

  test("hides all others and leaves every opacity as it is", () => {
    const before = { skin: { opacity: 0.3 }, flap: { visible: false } };
    expect(isolated(view, before, ["flap"])).toEqual({
      skin: { opacity: 0.3, visible: false },
      lower: { visible: false },
      flap: { visible: true },
    });
  });
});
