import { afterEach, expect, it, vi } from "vitest";
import { budgetOf, type Device } from "../src/images/choosing_mode";
import type { BrickSource } from "../src/images/brick_source";
import type { Level, Volume } from "../src/images/listing";
import { VolumeLoader } from "../src/images/volume_loader";
import type { LevelLayout } from "../src/worker/volume_shard";
import { affineOf } from "./fields";

type Triple = [number, number, number];
const GIB = 1024 ** 3;
const MEMORIES_GB = [null, 0.25, 0.5, 1, 2, 4, 8, 64];
const deviceWith = (memory_gb: number | null): Device => ({ workers: true, memory_gb, saves_data: false });

/** As the server lays levels out: halved until one is a single brick. */
function volumeOf(edge: number, dtype: Volume["dtype"]): Volume {
  const levels: Level[] = [];
  for (let count = edge, mm = 0.2; ; count = Math.ceil(count / 2), mm *= 2) {
    const affine_lps = affineOf([[mm, 0, 0], [0, mm, 0], [0, 0, mm]], [0, 0, 0]);
    levels.push({ path: String(levels.length), shape_kji: [count, count, count], affine_lps });
    if (count <= 64) break;
  }
  return { key: "v1", primary: true, registration: null, dtype, levels } as unknown as Volume;
}

/** Answers every brick at once with the same voxels. */
function sourceOf({ levels }: Volume, asked: string[]): BrickSource {
  const brick = new Int16Array(64 ** 3);
  return {
    layout: async (_url: string, path: string): Promise<LevelLayout> => {
      const shape = levels[Number(path)].shape_kji;
      return { shape, brick: shape.map((count) => Math.min(64, count)) as Triple, dtype: "int16" };
    },
    brick: (_url: string, path: string) => {
      asked.push(path);
      // the first few of each level, then the line is slow
      const comes = asked.filter((one) => one === path).length <= 3;
      return { done: comes ? Promise.resolve({ voxels: brick, bytes: 1 }) : new Promise<never>(() => {}), forget: () => {} };
    },
  };
}

afterEach(() => void vi.unstubAllGlobals());

it.each(MEMORIES_GB)("a browser with %s GB holds no more of two volumes than a quarter of them", (memory_gb) => {
  const budget = budgetOf(deviceWith(memory_gb));
  expect(budget).toBeLessThan(GIB);
  if (memory_gb !== null) expect(2 * budget).toBeLessThanOrEqual((memory_gb * GIB) / 4);
});

it.each(MEMORIES_GB)("of 2000 x 2000 x 2000 voxels %s GB hold coarse levels only, and the server draws the rest", (memory_gb) => {
  for (const dtype of ["int16", "float32"] as const) {
    const budget = budgetOf(deviceWith(memory_gb));
    const loader = new VolumeLoader(volumeOf(2000, dtype), { url: "", budget }, sourceOf(volumeOf(2000, dtype), []));
    expect(loader.tooLarge).toBe(true);
    const held = loader.levels.slice(loader.finest).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(held).toBeLessThanOrEqual(budget);
  }
});

it("the voxels of a level that is too large are neither asked for nor given room", async () => {
  const rooms: number[] = [];
  const Plain = Int16Array;
  const volume = volumeOf(2000, "int16");
  const asked: string[] = [];
  const loader = new VolumeLoader(volume, { url: "", budget: budgetOf(deviceWith(0.5)) }, sourceOf(volume, asked));
  class Counted extends Plain {
    constructor(length: number) {
      super(length);
      rooms.push(this.byteLength);
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === "[object Int16Array]";
    }
  }
  vi.stubGlobal("Int16Array", Counted);
  loader.open();
  loader.look([{ point: [100, 100, 100], normal: [0, 0, 1], half_mm: 0 }]);
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setTimeout(resolve, 0));
  loader.close();
  expect(Math.min(...asked.map(Number))).toBe(loader.finest);
  expect(loader.finest).toBe(3);
  expect(Math.max(...rooms)).toBe(2 * 250 ** 3);
  expect(loader.levels.slice(0, 3).every(({ field, layout }) => field === null && layout === null)).toBe(true);
});
