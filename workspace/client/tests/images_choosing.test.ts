import { describe, expect, it } from "vitest";
import { budgetOf, modeFor, Pace, type Device } from "../src/images/choosing_mode";
import { volumesOf, type Volume } from "../src/images/listing";
import { Windows } from "../src/images/windows";

const MB = 1024 * 1024;
const plain: Device = { workers: true, memory_gb: 8, saves_data: false };

describe("slices are made by", () => {
  it("the browser on a plain device, and where memory is not told", () => {
    expect(modeFor(plain)).toBe("browser");
    expect(modeFor({ ...plain, memory_gb: null })).toBe("browser");
  });

  it("the server without workers, with little memory, and where data is to be saved", () => {
    expect(modeFor({ ...plain, workers: false })).toBe("server");
    expect(modeFor({ ...plain, memory_gb: 0.5 })).toBe("server");
    expect(modeFor({ ...plain, saves_data: true })).toBe("server");
  });
});

it("600 MB of voxels are held where memory is not told, an eighth of it where it is", () => {
  expect(budgetOf({ ...plain, memory_gb: null })).toBe(600 * MB);
  expect(budgetOf({ ...plain, memory_gb: 2 })).toBe(256 * MB);
  expect(budgetOf({ ...plain, memory_gb: 64 })).toBe(900 * MB);
});

it("a device is slow when most of its pictures are, not when one is", () => {
  const pace = new Pace();
  for (let n = 0; n < 12; n += 1) pace.note(n === 3 ? 2000 : 8);
  expect(pace.slow).toBe(false);
  for (let n = 0; n < 7; n += 1) pace.note(300);
  expect(pace.slow).toBe(true);
});

/** A storage that lasts as long as the test. */
function storage(): Storage {
  const texts = new Map<string, string>();
  return {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
  } as unknown as Storage;
}

describe("a member's window", () => {
  const volume = { key: "v1", hu: true, window: { center: 40, width: 400 }, range: [-1024, 3071] } as unknown as Volume;

  it("begins as the server proposes, and is kept over a reload", () => {
    const texts = storage();
    const windows = new Windows(texts);
    expect(windows.of(volume)).toEqual({ center: 40, width: 400 });
    windows.set(volume, { center: 500, width: 2000 });
    expect(new Windows(texts).of(volume)).toEqual({ center: 500, width: 2000 });
    expect(new Windows(texts).of({ ...volume, key: "v2" })).toEqual({ center: 40, width: 400 });
  });

  it("is there where storage is forbidden or holds something else", () => {
    const texts = storage();
    texts.setItem("commissure:windows", '["no", 3');
    expect(new Windows(texts).of(volume)).toEqual({ center: 40, width: 400 });
    const windows = new Windows(null);
    windows.set(volume, { center: 1, width: 0 });
    expect(windows.of(volume)).toEqual({ center: 1, width: 1 });
  });
});

it("an answer without volumes, or that is none, is an empty list", () => {
  for (const answer of [null, {}, { volumes: "no" }, { volumes: [] }]) expect(volumesOf(answer)).toEqual([]);
});
