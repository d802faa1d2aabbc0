import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gridOf, moved, worldAt } from "../src/images/grid";
import type { Volume } from "../src/images/listing";
import { voxelAt } from "../src/images/sampling";
import { ServerValues } from "../src/images/server_values";
import { add, type Vector } from "../src/vector";
import { affineOf, AFFINES, fieldOf, SHAPE } from "./fields";

const volumeOf = (affine: number[][], registration: Volume["registration"] = null): Volume =>
  ({ key: "v1", primary: !registration, registration, levels: [{ path: "0", shape_kji: SHAPE, affine_lps: affine }] }) as unknown as Volume;

/** Differs in every voxel, and has no meaning in between. */
const hash = (world: Vector) => Math.fround(Math.sin(world[0] * 12.9 + world[1] * 78.2 + world[2] * 37.7) * 1000);

/** A server that rounds as ours does, over a grid in the volume's own LPS. */
function serve(affine: number[][]) {
  const field = fieldOf(gridOf(affine, SHAPE), hash);
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    const at = address.split("at=")[1].split(",").map(Number) as Vector;
    return { ok: true, json: async () => ({ value: voxelAt(field, at) }) };
  });
  return { asked, field };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe.each(Object.keys(AFFINES))("on a grid that is %s", (name) => {
  it("the server's value of a place is the one that the browser has", async () => {
    const { field } = serve(AFFINES[name]);
    const values = new ServerValues("/room/");
    const volume = volumeOf(AFFINES[name]);
    for (let n = 0; n < 40; n += 1) {
      // half way between two voxels among them
      const index: Vector = [(n * 7.3) % 21, n % 2 ? 8.5 : (n * 3.1) % 17, (n * 2.7) % 13];
      const world = worldAt(field.grid, index);
      values.at(volume, world);
      await vi.advanceTimersByTimeAsync(200);
      expect(values.at(volume, world)).toBe(voxelAt(field, world));
    }
  });

  it("the value of a registered volume is that of where it was laid", async () => {
    const matrix = affineOf([[0, 1, 0], [-1, 0, 0], [0, 0, 1]], [4, -3, 12]);
    const { field } = serve(AFFINES[name]);
    const laid = { grid: moved(field.grid, matrix), voxels: field.voxels };
    const values = new ServerValues("/room/");
    const volume = volumeOf(AFFINES[name], { matrix, error_mm: 1 });
    const world = add(worldAt(laid.grid, [5, 6, 7]), [0.1, -0.1, 0.2]);
    values.at(volume, world);
    await vi.advanceTimersByTimeAsync(200);
    expect(values.at(volume, world)).toBe(voxelAt(laid, world));
    expect(voxelAt(laid, world)).not.toBeNull();
  });
});

it("nothing is asked for outside of the volume, nor twice within a voxel", async () => {
  const { asked, field } = serve(AFFINES.straight);
  const values = new ServerValues("/room/");
  const volume = volumeOf(AFFINES.straight);
  expect(values.at(volume, [900, 0, 0])).toBeNull();
  values.at(volume, worldAt(field.grid, [5, 5, 5]));
  await vi.advanceTimersByTimeAsync(500);
  expect(values.at(volume, worldAt(field.grid, [5.3, 4.8, 5]))).not.toBeNull();
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toHaveLength(1);
});

it("a pointer that hurries is answered ten times a second, the last place at last", async () => {
  const { asked, field } = serve(AFFINES.straight);
  const values = new ServerValues("/room/");
  const volume = volumeOf(AFFINES.straight);
  for (let n = 0; n < 100; n += 1) {
    values.at(volume, worldAt(field.grid, [n % 20, 3, 4]));
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.length).toBeLessThanOrEqual(11);
  const last = worldAt(field.grid, [7, 3, 4]);
  values.at(volume, last);
  await vi.advanceTimersByTimeAsync(250);
  expect(values.at(volume, last)).toBe(voxelAt(field, last));
});

it("a server that fails is not asked again until somebody still points there", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    throw new Error("offline");
  });
  const values = new ServerValues("/room/");
  const volume = volumeOf(AFFINES.straight);
  const world = worldAt(gridOf(AFFINES.straight, SHAPE), [5, 5, 5]);
  values.at(volume, world);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBe(1);
  values.at(volume, world);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toBe(2);
  values.close();
});
