import { describe, expect, it } from "vitest";
import { crc32c, decodeBrick } from "../src/worker/volume_brick";
import { bricksAlong, layoutOf, ShardedLevel, type Fetcher } from "../src/worker/volume_shard";
import golden from "./golden/volume.json";

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, "base64"));
const never = new AbortController().signal;

const VALUES = {
  int16: (i: number, j: number, k: number) => 1000 * k - 300 * j + 7 * i - 900,
  float32: (i: number, j: number, k: number) => Math.fround(Math.fround(0.25 * i + j) - Math.fround(k / 3)),
};

/** A server of files that notes what it was asked for. */
function filesOf(files: Record<string, string>) {
  const asked: string[] = [];
  const fetch: Fetcher = async (path, range) => {
    asked.push(`${path} ${JSON.stringify(range)}`);
    const bytes = bytesOf(files[path]);
    if (!range) return bytes;
    return "last" in range ? bytes.slice(-range.last) : bytes.slice(range.from, range.to);
  };
  return { asked, fetch };
}

const documentOf = (files: Record<string, string>, level: string) =>
  JSON.parse(Buffer.from(files[`${level}/zarr.json`], "base64").toString());

it("the checksum is Castagnoli's", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
});

describe.each(["int16", "float32"] as const)("a stored volume of %s", (dtype) => {
  const files = golden[dtype] as Record<string, string>;
  const layout = layoutOf(documentOf(files, "0"));

  it("has the shape and the bricks that its document says", () => {
    expect(layout).toEqual({ shape: [3, 4, 70], brick: [3, 4, 64], dtype });
    expect(bricksAlong(layout)).toEqual([1, 1, 2]);
  });

  it("has the values that were stored", async () => {
    const { asked, fetch } = filesOf(files);
    const level = new ShardedLevel(layout, "0", fetch);
    let worst = 0;
    for (const column of [0, 1]) {
      const voxels = decodeBrick(await level.read([0, 0, column], never), dtype, 3 * 4 * 64);
      for (let k = 0; k < 3; k += 1)
        for (let j = 0; j < 4; j += 1)
          for (let i = 64 * column; i < Math.min(70, 64 * (column + 1)); i += 1)
            worst = Math.max(worst, Math.abs(voxels[(i % 64) + 64 * (j + 4 * k)] - VALUES[dtype](i, j, k)));
    }
    expect(worst).toBeLessThan(1e-5);
    expect(asked.filter((request) => request.includes("last"))).toHaveLength(1);
    expect(asked).toHaveLength(3);
  });

  it("comes with one request where a layer is a single brick", async () => {
    const { asked, fetch } = filesOf(files);
    const level = new ShardedLevel(layoutOf(documentOf(files, "2")), "2", fetch);
    await level.read([0, 0, 0], never);
    expect(asked).toEqual(["2/c/0/0/0 null"]);
  });

  it("is refused where a byte was changed on the way", async () => {
    const level = new ShardedLevel(layout, "0", filesOf(files).fetch);
    const bytes = (await level.read([0, 0, 0], never)).slice();
    bytes[40] ^= 1;
    expect(() => decodeBrick(bytes, dtype, 3 * 4 * 64)).toThrow("checksum");
  });

  it("is refused where it is not what its document says", async () => {
    const level = new ShardedLevel(layout, "0", filesOf(files).fetch);
    const bytes = await level.read([0, 0, 0], never);
    expect(() => decodeBrick(bytes, dtype, 3 * 4 * 32)).toThrow("not what the volume says");
  });
});

it("a brick that could not be packed has its values, too", () => {
  const voxels = decodeBrick(bytesOf(golden.noise.brick), "int16", 64);
  expect(Array.from(voxels)).toEqual(golden.noise.values);
});

it("a volume that is laid out otherwise is refused in a sentence", () => {
  const document = documentOf(golden.int16 as Record<string, string>, "0");
  document.codecs[0].configuration.codecs[1].name = "gzip";
  expect(() => layoutOf(document)).toThrow("laid out in a way");
});

it("an index that is damaged is asked for again", async () => {
  const files = golden.int16 as Record<string, string>;
  const { fetch } = filesOf(files);
  let first = true;
  const level = new ShardedLevel(layoutOf(documentOf(files, "0")), "0", async (path, range, signal) => {
    const bytes = (await fetch(path, range, signal)).slice();
    if (first) bytes[0] ^= 1;
    first = false;
    return bytes;
  });
  await expect(level.read([0, 0, 1], never)).rejects.toThrow("checksum");
  await expect(level.read([0, 0, 1], never)).resolves.toBeDefined();
});
