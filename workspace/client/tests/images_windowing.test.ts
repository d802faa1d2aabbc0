import { expect, it } from "vitest";
import { allowed, GREYS, HOT, lookupTable, paintSlice, paintValues, presetsFor, shadeOf } from "../src/images/windowing";
import type { Volume } from "../src/images/listing";

const window = { center: 40, width: 400 };

it("a window is black below, white above, and half way in the middle", () => {
  expect(shadeOf(-160, window)).toBe(0);
  expect(shadeOf(-161, window)).toBe(0);
  expect(shadeOf(240, window)).toBe(255);
  expect(Math.abs(shadeOf(40, window) - 127.5)).toBeLessThan(1);
});

it("the table has the shade of every value of 16 bits", () => {
  const table = lookupTable(window, GREYS);
  for (const value of [-32768, -1024, -160, -159, 0, 39, 40, 41, 239, 240, 241, 32767])
    expect(table[value + 32768] & 0xff).toBe(shadeOf(value, window));
});

it("values between whole numbers have the shades of the same window, and NaN is clear", () => {
  const values = Float32Array.from([-500, -160, -12.5, 40, 99.25, 240, 3000, NaN]);
  const pixels = new Uint32Array(values.length);
  paintValues(values, window, GREYS, pixels);
  values.forEach((value, n) => {
    if (Number.isNaN(value)) expect(pixels[n]).toBe(0);
    else expect(pixels[n] & 0xff).toBe(shadeOf(value, window));
  });
});

it("a slice of voxels is painted along its strides", () => {
  const voxels = Int16Array.from([0, 1, 2, 3, 4, 5, 6, 7]);
  const table = lookupTable({ center: 0, width: 510 }, GREYS);
  const pixels = new Uint32Array(4);
  paintSlice(voxels, { start: 1, across: 2, down: 4 }, { width: 2, height: 2 }, table, pixels);
  const shades = Array.from(pixels, (pixel) => pixel & 0xff);
  expect(shades).toEqual([1, 3, 5, 7].map((value) => shadeOf(value, { center: 0, width: 510 })));
});

it("the colours of a fused volume grow brighter all the way", () => {
  const bright = Array.from(HOT, (p) => 0.2126 * (p & 255) + 0.7152 * ((p >> 8) & 255) + 0.0722 * ((p >> 16) & 255));
  bright.forEach((value, n) => n > 0 && expect(value).toBeGreaterThanOrEqual(bright[n - 1]));
});

it("a CT has the windows that workstations have, an MR those about its own start", () => {
  const ct = presetsFor({ hu: true, modality: "CT", window } as Volume);
  expect(ct.find(({ name }) => name === "Brain")?.window).toEqual({ center: 40, width: 80 });
  const mr = presetsFor({ hu: false, modality: "MR", window: { center: 300, width: 500 } } as Volume);
  expect(mr.map(({ window: { width } }) => width)).toEqual([500, 250, 1000]);
});

it("the window that a CT asks for itself can be had back", () => {
  const names = (window: Volume["window"]) => presetsFor({ hu: true, modality: "CT", window } as Volume).map(({ name }) => name);
  expect(names({ center: 60, width: 360 })).toEqual(["Soft tissue", "Bone", "Lung", "Brain", "Angio", "Automatic"]);
  expect(names({ center: 40, width: 80 })).not.toContain("Automatic");
});

it("a window is never too narrow to divide by", () => {
  expect(allowed({ center: 5, width: 0 }, 1)).toEqual({ center: 5, width: 1 });
  expect(allowed({ center: NaN, width: NaN }, 1)).toEqual({ center: 0, width: 400 });
});
