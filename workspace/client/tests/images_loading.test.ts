import { describe, expect, it } from "vitest";
import { wantedOrder } from "../src/images/brick_order";
import { ReadError, type BrickSource } from "../src/images/brick_source";
import type { Volume } from "../src/images/listing";
import { HeldLevel, type Sheet } from "../src/images/pyramid";
import { finestThatFits, VolumeLoader } from "../src/images/volume_loader";
import { indexAt, worldAt } from "../src/images/grid";
import { dot, subtract, type Vector } from "../src/vector";
import type { LevelLayout } from "../src/worker/volume_shard";
import { affineOf, AFFINES } from "./fields";

type Triple = [number, number, number];
const BRICK: Triple = [4, 4, 4];
const SHAPE: Triple = [10, 12, 14];

const layout = (shape: Triple): LevelLayout => ({
  shape,
  brick: shape.map((count, axis) => Math.min(count, BRICK[axis])) as Triple,
  dtype: "int16",
});

function levelsOf(affine: number[][]) {
  const fine = { path: "0", shape_kji: SHAPE, affine_lps: affine };
  const columns = [0, 1, 2].map((c) => [0, 1, 2].map((r) => affine[r][c] * 2) as Vector);
  const first = [0, 1, 2].map((r) => affine[r][3] + (affine[r][0] + affine[r][1] + affine[r][2]) / 2) as Vector;
  const coarse = { path: "1", shape_kji: [5, 6, 7] as Triple, affine_lps: affineOf(columns as [Vector, Vector, Vector], first) };
  const coarsest = { path: "2", shape_kji: [3, 3, 4] as Triple, affine_lps: coarse.affine_lps };
  return [fine, coarse, coarsest];
}

function held(affine: number[][]): HeldLevel[] {
  return levelsOf(affine).map((level) => {
    const one = new HeldLevel(level, "int16", null);
    one.lay(layout(level.shape_kji));
    return one;
  });
}

/** A value that tells the voxel. */
const valueOf = (i: number, j: number, k: number) => i + 20 * j + 400 * k;

function brickOf(shape: Triple, [k0, j0, i0]: Triple): Int16Array {
  const [bk, bj, bi] = layout(shape).brick;
  const voxels = new Int16Array(bk * bj * bi).fill(-1);
  for (let k = 0; k < bk; k += 1)
    for (let j = 0; j < bj; j += 1)
      for (let i = 0; i < bi; i += 1) voxels[i + bi * (j + bj * k)] = valueOf(i0 * bi + i, j0 * bj + j, k0 * bk + k);
  return voxels;
}

const MIDDLE: Sheet = { point: [0, 0, 0], normal: [0, 0, 1], half_mm: 0 };

describe.each(Object.keys(AFFINES))("bricks of a volume that is %s", (name) => {
  it("come together as the volume, whatever their order", () => {
    const [level] = held(AFFINES[name]);
    for (let brick = level.here.length - 1; brick >= 0; brick -= 1) level.put(brick, brickOf(SHAPE, level.placeOf(brick)));
    expect(level.complete).toBe(true);
    const whole = Array.from({ length: 10 * 12 * 14 }, (_, n) => valueOf(n % 14, Math.floor(n / 14) % 12, Math.floor(n / 168)));
    expect(Array.from(level.field!.voxels)).toEqual(whole);
  });

  it("are needed by a plane exactly where it passes between their voxels", () => {
    const [level] = held(AFFINES[name]);
    const normal: Vector = [0.48, -0.6, 0.64];
    const sheet = { point: worldAt(level.grid, [6.2, 5.1, 4.7]), normal, half_mm: 0 };
    const needed = new Set(level.bricksIn(sheet, 0.5));
    const corners = new Map<number, number[]>();
    for (const [brick, centre, extent] of level.boxes()) {
      const at = indexAt(level.grid, centre);
      const sides = Array.from({ length: 8 }, (_, n) => {
        const corner = at.map((value, axis) => value + (n & (1 << axis) ? 1 : -1) * ((extent[axis] + 1) / 2)) as Vector;
        return dot(subtract(worldAt(level.grid, corner), sheet.point), normal);
      });
      corners.set(brick, sides);
    }
    for (const [brick, sides] of corners)
      expect(needed.has(brick)).toBe(Math.min(...sides) <= 1e-9 && Math.max(...sides) >= -1e-9);
    expect(needed.size).toBeGreaterThan(3);
    expect(needed.size).toBeLessThan(level.here.length);
  });
});

describe("which brick comes next", () => {
  const levels = held(AFFINES.straight);
  const sheet: Sheet = { ...MIDDLE, point: worldAt(levels[0].grid, [7, 6, 2]) };

  it("without a plane on screen only the coarsest level is wanted", () => {
    expect(new Set(wantedOrder(levels, 0, []).map(({ level }) => level))).toEqual(new Set([2]));
  });

  it("the coarsest level, then what is on screen from coarse to fine, then the rest by nearness", () => {
    const order = wantedOrder(levels, 0, [sheet]);
    expect(order).toHaveLength(levels.reduce((sum, { here }) => sum + here.length, 0));
    const seen = order.filter(({ onScreen }) => onScreen).map(({ level }) => level);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    expect(order.slice(0, seen.length).every(({ onScreen }) => onScreen)).toBe(true);
    const rest = order.slice(seen.length).filter(({ level }) => level === 0);
    const layers = rest.map(({ brick }) => levels[0].placeOf(brick)[0]);
    expect(layers.indexOf(2)).toBeGreaterThan(layers.lastIndexOf(1));
  });

  it("a level that does not fit is not wanted", () => {
    expect(wantedOrder(levels, 1, [sheet]).every(({ level }) => level >= 1)).toBe(true);
  });
});

it("the finest level that fits is the one whose bytes and those of all coarser ones fit", () => {
  const levels = [{ bytes: 800 }, { bytes: 100 }, { bytes: 12 }];
  expect(finestThatFits(levels, 912)).toBe(0);
  expect(finestThatFits(levels, 911)).toBe(1);
  expect(finestThatFits(levels, 111)).toBe(2);
  expect(finestThatFits(levels, 1)).toBe(2);
});

/** A server that holds its answers until it is told to give them. */
class Source implements BrickSource {
  readonly asked: { path: string; at: Triple; give: () => void; refuse: (lasting: boolean) => void; forgotten: boolean }[] = [];

  async layout(_url: string, path: string): Promise<LevelLayout> {
    return layout(levelsOf(AFFINES.straight)[Number(path)].shape_kji);
  }

  brick(_url: string, path: string, at: Triple) {
    const shape = levelsOf(AFFINES.straight)[Number(path)].shape_kji;
    const one = { path, at, give: () => {}, refuse: (_: boolean) => {}, forgotten: false };
    const done = new Promise<{ voxels: Int16Array; bytes: number }>((resolve, reject) => {
      one.give = () => resolve({ voxels: brickOf(shape, at), bytes: 10 });
      one.refuse = (lasting) => reject(new ReadError("no", lasting));
    });
    this.asked.push(one);
    return { done, forget: () => void (one.forgotten = true) };
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

function loaderOf(source: Source) {
  const volume = { levels: levelsOf(AFFINES.straight), dtype: "int16", primary: true, registration: null } as unknown as Volume;
  return new VolumeLoader(volume, { url: "", budget: 1e9 }, source);
}

describe("a loader", () => {
  it("fetches a few at once, and all of the volume in the end", async () => {
    const source = new Source();
    const loader = loaderOf(source);
    loader.open();
    loader.look([MIDDLE]);
    await turn();
    expect(source.asked[0].path).toBe("2");
    for (let n = 0; n < source.asked.length; n += 1) {
      expect(source.asked.length - n).toBeLessThanOrEqual(5);
      source.asked[n].give();
      await turn();
    }
    expect(loader.progress).toBe(1);
    expect(loader.levels.every(({ complete }) => complete)).toBe(true);
    expect(new Set(source.asked.map(({ path, at }) => `${path} ${at}`)).size).toBe(source.asked.length);
  });

  it("brings the two coarsest levels while the anatomy is waited for, then the rest", async () => {
    const source = new Source();
    const loader = loaderOf(source);
    loader.eager = false;
    loader.open();
    loader.look([MIDDLE]);
    for (let n = 0; n === 0 || n < source.asked.length; n += 1) {
      await turn();
      source.asked[n].give();
      await turn();
    }
    expect(new Set(source.asked.map(({ path }) => path))).toEqual(new Set(["2", "1"]));
    loader.eager = true;
    expect(source.asked.some(({ path }) => path === "0")).toBe(true);
  });

  it("calls off what nobody looks at as soon as another plane waits", async () => {
    const source = new Source();
    const loader = loaderOf(source);
    loader.open();
    const grid = loader.levels[0].grid;
    loader.look([{ ...MIDDLE, point: worldAt(grid, [7, 6, 9]) }]);
    await turn();
    source.asked[0].give();
    await turn();
    const first = source.asked.slice(1).filter(({ path }) => path !== "2");
    expect(first.length).toBeGreaterThan(0);
    loader.look([{ ...MIDDLE, point: worldAt(grid, [7, 6, 1]) }]);
    const fine = source.asked.filter(({ path, forgotten }) => path === "0" && !forgotten);
    expect(fine.every(({ at }) => at[0] === 0)).toBe(true);
    expect(source.asked.some(({ forgotten }) => forgotten)).toBe(true);
  });

  it("says why when a volume is damaged, and begins again when asked to", async () => {
    const source = new Source();
    const loader = loaderOf(source);
    loader.open();
    loader.look([]);
    await turn();
    source.asked[0].refuse(true);
    await turn();
    expect(loader.problem).toBe("no");
    loader.retry();
    await turn();
    source.asked[1].give();
    await turn();
    expect(loader.problem).toBe("");
    expect(loader.levels[2].complete).toBe(true);
  });
});
