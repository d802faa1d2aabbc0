import { describe, expect, it } from "vitest";
import { colour } from "../src/images/colouring";
import { worldAt } from "../src/images/grid";
import { slicePlane } from "../src/images/slicing";
import { GREYS, HOT, paintValues } from "../src/images/windowing";
import { add, cross, normalize, scale, type Vector } from "../src/vector";
import { AFFINES, ramp, rampField } from "./fields";

/** What JPEG may do to a grey level; `tests/workspace/imagery/test_drawing.py` holds the server to it. */
const JPEG_ERROR = 8;

function pictures(name: string, normal: Vector, up: Vector, error = () => 0) {
  const field = rampField(AFFINES[name]);
  const middle = worldAt(field.grid, [10.3, 8.2, 6.4]);
  const window = { center: ramp(middle), width: 80 };
  const [across, down] = [scale(cross(normal, up), 0.8), scale(up, -0.8)];
  const size = { width: 61, height: 47 };
  const corner = add(scale(across, -30), scale(down, -23));
  const frame = { ...size, across, down, origin: add(middle, corner) };
  const { values } = slicePlane(field, frame, normal, null);
  const [here, served] = [new Uint32Array(61 * 47), new Uint32Array(61 * 47)];
  paintValues(values, window, HOT, here);
  paintValues(values, window, GREYS, served);
  // the server's picture knows no "clear": it is black there
  served.forEach((pixel, at) => {
    const grey = Math.max(0, Math.min(255, (pixel & 0xff) + error()));
    served[at] = GREYS[grey];
  });
  colour(served, frame, { palette: HOT, grid: field.grid });
  return { here, served };
}

const UPRIGHT: [Vector, Vector] = [[0, 0, 1], [0, -1, 0]];
const askew = normalize([0.3, -0.5, 1]);
const OBLIQUE: [Vector, Vector] = [askew, normalize(cross(askew, [1, 0, 0]))];
const channels = (pixel: number) => [pixel & 0xff, (pixel >> 8) & 0xff, (pixel >> 16) & 0xff];

describe.each(Object.keys(AFFINES))("a fused volume that is %s", (name) => {
  it.each([UPRIGHT, OBLIQUE])("has the browser's colours in the server's picture", (normal, up) => {
    const { here, served } = pictures(name, normal, up);
    expect(Array.from(served)).toEqual(Array.from(here));
    expect(new Set(here).size).toBeGreaterThan(20);
    expect(here).toContain(0);
  });

  it("is off by no more than the slope of the colours where JPEG is off", () => {
    let turn = 0;
    const { here, served } = pictures(name, ...OBLIQUE, () => (turn++ % (2 * JPEG_ERROR + 1)) - JPEG_ERROR);
    let worst = 0;
    here.forEach((pixel, at) => {
      expect(pixel === 0).toBe(served[at] === 0);
      channels(pixel).forEach((value, n) => (worst = Math.max(worst, Math.abs(value - channels(served[at])[n]))));
    });
    expect(worst).toBeLessThanOrEqual(2.7 * JPEG_ERROR + 1);
  });
});
