import { describe, expect, test } from "vitest";
import { AS_SCANNED, frameFrom, intoFrame, lettersIn, outOfFrame, type Frame } from "../src/frames";
import { cross, dot, scale, type Vector } from "../src/vector";

/** Twin B of the phantom, turned by theta about the common axis: facts of the domain. */
function twinB(degrees: number): [Vector, Vector, Vector] {
  const theta = (degrees * Math.PI) / 180;
  const superior: Vector = [0, 0, -1];
  const posterior: Vector = [-Math.sin(theta), Math.cos(theta), 0];
  return [cross(posterior, superior), posterior, superior];
}

const frameB = (degrees: number): Frame => {
  const frame = frameFrom("B", { axes: twinB(degrees) });
  if (!frame) throw new Error("twin B has no frame");
  return frame;
};

const determinant = ([l, p, s]: [Vector, Vector, Vector]): number => dot(cross(l, p), s);

describe("left of twin B", () => {
  test.each([
    [0, [-1, 0, 0]],
    [30, [-0.8660254, -0.5, 0]],
  ])("at %d degrees is where the anatomy has it", (degrees, expected) => {
    frameB(degrees).left.forEach((value, axis) => expect(value).toBeCloseTo(expected[axis], 7));
    expect(determinant(twinB(degrees))).toBeCloseTo(1, 12);
  });

  test.each([0, 30, 90, 160])("is called left at %d degrees, and right, front and head as well", (degrees) => {
    const frame = frameB(degrees);
    expect(lettersIn(frame, frame.left)).toBe("L");
    expect(lettersIn(frame, scale(frame.left, -1))).toBe("R");
    expect(lettersIn(frame, scale(frame.posterior, -1))).toBe("A");
    expect(lettersIn(frame, [0, 0, -1])).toBe("S");
  });

  test("is not left of twin A: her left lies to the right of the images", () => {
    expect(lettersIn(AS_SCANNED, frameB(0).left)).toBe("R");
    expect(lettersIn(frameB(0), [1, 0, 0])).toBe("R");
  });
});

test("left of twin A is left of the images at any angle of the other", () => {
  expect(lettersIn(AS_SCANNED, [1, 0, 0])).toBe("L");
});

test.each([0, 30])("directions come back the same from the frame at %d degrees", (degrees) => {
  const frame = frameB(degrees);
  const direction: Vector = [0.6, -0.48, 0.64];
  outOfFrame(frame, intoFrame(frame, direction)).forEach((value, axis) =>
    expect(value).toBeCloseTo(direction[axis], 12),
  );
});

test("a mirrored or a skewed frame is no frame", () => {
  const [l, p, s] = twinB(30);
  expect(frameFrom("B", { axes: [scale(l, -1), p, s] })).toBeNull();
  expect(frameFrom("B", { axes: [l, [0.1, 0.99, 0], s] })).toBeNull();
  expect(frameFrom("B", { axes: [l, p, [0, 0, Number.NaN]] })).toBeNull();
});
