import { describe, expect, test } from "vitest";
import {
  facing,
  framed,
  FROM_ANTERIOR,
  lettersOf,
  mmPerPixel,
  panned,
  project,
  rayThrough,
  rightOf,
  rotated,
  roundLengthMm,
  zoomed,
  type Camera,
  type Direction,
  type Pixel,
} from "../src/camera";
import { dragFrom, handleAt, motionHandles } from "../src/gizmo";
import { layOut, sinceText, type CardBox } from "../src/note_layout";
import { add, dot, length, scale, type Vector } from "../src/vector";

const SIZE = { width: 1000, height: 800 };
const TILTED = rotated(rotated(FROM_ANTERIOR, SIZE, [130, 40]), SIZE, [-20, 75]);

describe("the camera", () => {
  test.each<[Direction, string, string]>([
    ["A", "L", "S"],
    ["P", "R", "S"],
    ["L", "P", "S"],
    ["R", "A", "S"],
    ["S", "R", "A"],
    ["I", "L", "A"],
  ])("from %s has %s on the right and %s above", (view, right, top) => {
    const camera = facing(FROM_ANTERIOR, view);
    expect(lettersOf(rightOf(camera))).toBe(right);
    expect(lettersOf(camera.up)).toBe(top);
  });

  test("stays square after turning", () => {
    expect(length(TILTED.direction)).toBeCloseTo(1, 12);
    expect(dot(TILTED.direction, TILTED.up)).toBeCloseTo(0, 12);
  });

  test("sends the ray of a pixel through the points that it shows there", () => {
    const pixel = project(TILTED, SIZE, [12, -34, 56]);
    const { origin, direction } = rayThrough(TILTED, SIZE, pixel);
    const far = dot([12 - origin[0], -34 - origin[1], 56 - origin[2]], direction);
    add(origin, scale(direction, far)).forEach((value, i) =>
      expect(value).toBeCloseTo([12, -34, 56][i], 9),
    );
  });

  test("zooms at the pointer", () => {
    const point: Vector = [12, -34, 56];
    const pixel = project(TILTED, SIZE, point);
    project(zoomed(TILTED, SIZE, pixel, 0.6), SIZE, point).forEach((value, i) =>
      expect(value).toBeCloseTo(pixel[i], 9),
    );
  });

  test("shifts by as many pixels as the hand", () => {
    const before = project(TILTED, SIZE, [1, 2, 3]);
    const after = project(panned(TILTED, SIZE, [30, -12]), SIZE, [1, 2, 3]);
    expect(after[0] - before[0]).toBeCloseTo(30, 9);
    expect(after[1] - before[1]).toBeCloseTo(-12, 9);
  });

  test("keeps a millimetre as long everywhere: the scale bar is exact", () => {
    const at = (y: number) => {
      const [a, b] = [project(FROM_ANTERIOR, SIZE, [0, y, 0]), project(FROM_ANTERIOR, SIZE, [10, y, 0])];
      return b[0] - a[0];
    };
    expect(at(-80)).toBeCloseTo(10 / mmPerPixel(FROM_ANTERIOR, SIZE), 9);
    expect(at(80)).toBeCloseTo(at(-80), 9);
  });

  test("frames a ball so that it is whole in a narrow view", () => {
    const narrow = { width: 300, height: 900 };
    const camera: Camera = framed(FROM_ANTERIOR, narrow, [0, 0, 0], 50);
    const [x] = project(camera, narrow, [50, 0, 0]);
    expect(x).toBeLessThan(300);
  });

  test("frames a ball clear of the strip of tools", () => {
    const wide = { width: 900, height: 640 };
    const [, y] = project(framed(FROM_ANTERIOR, wide, [0, 0, 0], 50), wide, [0, 0, 50]);
    expect(y).toBeGreaterThan(64);
  });
});

test.each([
  [0.246, 150, 20],
  [0.1, 100, 10],
  [0.35, 150, 50],
  [0.01, 150, 1],
])("a scale of %d mm per pixel has a bar of a round length", (mm, px, length) => {
  expect(roundLengthMm(mm, px)).toBeCloseTo(length, 9);
});

describe("handles", () => {
  const handles = motionHandles(TILTED, SIZE, [0, 0, 0]);
  const byId = (id: string) => handles.find((handle) => handle.id === id)!;

  test("are found under the pointer", () => {
    const tip = project(TILTED, SIZE, byId("shift-S").points[1]);
    expect(handleAt(TILTED, SIZE, handles, tip)?.id).toBe("shift-S");
    expect(handleAt(TILTED, SIZE, handles, [5, 5])).toBeNull();
  });

  test("shift by the millimetres that the pointer went along them", () => {
    const handle = byId("shift-L");
    const start = project(TILTED, SIZE, [0, 0, 0]);
    const end = project(TILTED, SIZE, [17, 0, 0]);
    expect(dragFrom(TILTED, SIZE, handle, start)(end)).toBeCloseTo(17, 9);
  });

  test("turn by the angle that the pointer went around, past half a turn", () => {
    const front = facing(FROM_ANTERIOR, "A");
    const ring = motionHandles(front, SIZE, [0, 0, 0]).find(({ id }) => id === "turn-P")!;
    const at = (deg: number): Pixel => {
      const angle = (deg * Math.PI) / 180;
      return project(front, SIZE, [20 * Math.cos(angle), 0, -20 * Math.sin(angle)]);
    };
    const amount = dragFrom(front, SIZE, ring, at(0));
    let last = 0;
    for (let deg = 0; deg <= 270; deg += 10) last = amount(at(deg));
    expect((last * 180) / Math.PI).toBeCloseTo(270, 6);
  });
});

describe("cards of notes", () => {
  const card = (id: string, pin: Pixel): CardBox => ({ id, pin, width: 200, height: 60 });
  const room = { left: 10, top: 80, right: 990, bottom: 750 };

  test("do not cover each other where there is room", () => {
    const placed = layOut([card("a", [500, 300]), card("b", [510, 310]), card("c", [505, 330])], room, 500);
    for (const a of placed) {
      for (const b of placed) {
        if (a.id >= b.id) continue;
        const apart =
          a.left + a.width <= b.left ||
          b.left + b.width <= a.left ||
          a.top + a.height <= b.top ||
          b.top + b.height <= a.top;
        expect(apart).toBe(true);
      }
    }
  });

  test("stay in view", () => {
    const [placed] = layOut([card("a", [985, 745])], room, 500);
    expect(placed.left + placed.width).toBeLessThanOrEqual(990);
    expect(placed.top + placed.height).toBeLessThanOrEqual(750);
  });

  test("say how old they are", () => {
    const now = Date.parse("2026-03-02T12:00:00Z");
    expect(sinceText("2026-03-02T11:59:50Z", now)).toBe("now");
    expect(sinceText("2026-03-02T11:56:00Z", now)).toBe("4 min");
    expect(sinceText("2026-03-01T12:00:00Z", now)).toBe("2026-03-01");
  });
});
