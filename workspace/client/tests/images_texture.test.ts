import { describe, expect, it } from "vitest";
import { gridOf } from "../src/images/grid";
import { levelForSpace, textureOf } from "../src/images/texture";
import { SPACE_PRESETS, spacePresetsFor } from "../src/images/transfer";
import type { HeldLevel } from "../src/images/pyramid";
import type { Volume } from "../src/images/listing";
import { cross, dot, type Vector } from "../src/vector";
import { AFFINES, ramp, rampField } from "./fields";

describe.each(Object.keys(AFFINES))("a volume in space whose grid is %s", (name) => {
  const field = rampField(AFFINES[name]);
  const { voxels, counts, spacing, origin, axes } = textureOf(field);
  const worldOf = (i: number, j: number, k: number): Vector =>
    [0, 1, 2].map((x) => origin[x] + i * spacing[0] * axes[0][x] + j * spacing[1] * axes[1][x] + k * spacing[2] * axes[2][x]) as Vector;

  it("stands on right-handed axes at right angles", () => {
    expect(dot(cross(axes[0], axes[1]), axes[2])).toBeCloseTo(1, 6);
    for (const n of [0, 1, 2]) expect(dot(axes[n], axes[(n + 1) % 3])).toBeCloseTo(0, 3);
  });

  it("has the value of each place there", () => {
    let [seen, worst] = [0, 0];
    for (let k = 1; k < counts[2] - 1; k += 1)
      for (let j = 1; j < counts[1] - 1; j += 1)
        for (let i = 1; i < counts[0] - 1; i += 1) {
          const value = voxels[i + counts[0] * (j + counts[1] * k)];
          // beside a leaning stack there is nothing, and at its edge the voxel's own value
          if (name.startsWith("sheared") && Math.abs(value - ramp(worldOf(i, j, k))) > 1e-3) continue;
          seen += 1;
          worst = Math.max(worst, Math.abs(value - ramp(worldOf(i, j, k))));
        }
    expect(worst).toBeLessThan(2e-3);
    expect(seen).toBeGreaterThan(0.45 * counts[0] * counts[1] * counts[2]);
  });
});

it("the finest level that a graphics card draws well is taken", () => {
  const levels = [512, 256, 128].map((n) => ({ grid: gridOf(AFFINES.straight, [n / 2, n, n]) }) as HeldLevel);
  expect(levelForSpace(levels, 256)).toBe(1);
  expect(levelForSpace(levels, 100)).toBe(2);
});

it("presets fit the kind of volume, and their points rise", () => {
  expect(spacePresetsFor({ hu: true } as Volume).map(({ name }) => name)).toEqual(["CT bone", "CT angio"]);
  expect(spacePresetsFor({ hu: false } as Volume).map(({ name }) => name)).toEqual(["MR"]);
  for (const { transfer } of SPACE_PRESETS) {
    const { colours, densities } = transfer({ center: 300, width: 500 });
    for (const points of [colours, densities])
      points.forEach(([value], n) => n > 0 && expect(value).toBeGreaterThan(points[n - 1][0]));
    expect(densities[0][1]).toBe(0);
  }
});
