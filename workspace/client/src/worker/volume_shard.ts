// Bricks by ranges of bytes: Zarr's sharding codec, one layer of bricks in each file.

import { checked, CRC_BYTES, DamagedVolumeError } from "./volume_brick";

/** Offset and length, 64 bits each, little-endian. */
const ENTRY_BYTES = 16;

/** What a level's own document says; sizes in the order k, j, i. */
export interface LevelLayout {
  shape: [number, number, number];
  brick: [number, number, number];
  dtype: "int16" | "float32";
}

type Triple = [number, number, number];

/** Gives the bytes of a file, or those of a range of it; `last` counts from the end. */
export type Fetcher = (path: string, range: { from: number; to: number } | { last: number } | null, signal: AbortSignal) => Promise<Uint8Array>;

export const bricksAlong = ({ shape, brick }: LevelLayout): Triple =>
  shape.map((count, axis) => Math.ceil(count / brick[axis])) as Triple;

interface Codec {
  name: string;
  configuration?: { chunk_shape?: number[]; index_location?: string; codecs?: Codec[] };
}

/** Return the layout that an array's zarr.json tells, or refuse what is laid out otherwise. */
export function layoutOf(document: unknown): LevelLayout {
  const { shape, data_type, codecs, chunk_grid } = document as {
    shape: Triple;
    data_type: "int16" | "float32";
    codecs: Codec[];
    chunk_grid: { configuration: { chunk_shape: Triple } };
  };
  const [sharding] = codecs;
  const inner = sharding?.configuration?.codecs?.map(({ name }) => name).join();
  const brick = sharding?.configuration?.chunk_shape as Triple;
  const whole = chunk_grid.configuration.chunk_shape;
  const known = data_type === "int16" || data_type === "float32";
  const layer = brick && [0, 1, 2].every((axis) => whole[axis] === (axis ? Math.ceil(shape[axis] / brick[axis]) : 1) * brick[axis]);
  if (!known || !layer || codecs.length !== 1 || inner !== "bytes,blosc,crc32c" || sharding.configuration?.index_location !== "end") {
    throw new DamagedVolumeError("the volume is laid out in a way that this page cannot read");
  }
  return { shape, brick, dtype: data_type };
}

/** Return where each brick of a layer lies: offset and length by turns. */
export function indexOf(bytes: Uint8Array, bricks: number): Float64Array {
  const content = checked(bytes.subarray(bytes.length - indexBytes(bricks)));
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const entries = new Float64Array(2 * bricks);
  for (let n = 0; n < entries.length; n += 1) {
    entries[n] = view.getUint32(8 * n, true) + 2 ** 32 * view.getUint32(8 * n + 4, true);
  }
  return entries;
}

export const indexBytes = (bricks: number): number => bricks * ENTRY_BYTES + CRC_BYTES;

/** One level of a volume, read brick by brick; each index is fetched once. */
export class ShardedLevel {
  private readonly indexes = new Map<number, Promise<Float64Array>>();

  constructor(
    readonly layout: LevelLayout,
    private readonly folder: string,
    private readonly fetch: Fetcher,
  ) {}

  /** Return the bytes of a brick, packed. */
  async read([k, j, i]: Triple, signal: AbortSignal): Promise<Uint8Array> {
    const [, rows, columns] = bricksAlong(this.layout);
    const path = `${this.folder}/c/${k}/0/0`;
    if (rows * columns === 1) return this.only(path, signal);
    const index = await this.indexOfLayer(k, path, rows * columns);
    const n = 2 * (j * columns + i);
    const [from, length] = [index[n], index[n + 1]];
    // A length that no brick can have would be a request for gigabytes.
    if (!(length > 0 && length <= this.longest())) throw new DamagedVolumeError("a brick is missing");
    return this.fetch(path, { from, to: from + length }, signal);
  }

  /** A layer of a single brick comes whole, index and all, with one request. */
  private async only(path: string, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.fetch(path, null, signal);
    const [from, length] = indexOf(bytes, 1);
    return bytes.subarray(from, from + length);
  }

  private indexOfLayer(k: number, path: string, bricks: number): Promise<Float64Array> {
    let index = this.indexes.get(k);
    if (!index) {
      // Not called off with the brick that needs it first: all of the layer do.
      const wanted = this.fetch(path, { last: indexBytes(bricks) }, new AbortController().signal);
      index = wanted.then((bytes) => indexOf(bytes, bricks));
      index.catch(() => this.indexes.delete(k));
      this.indexes.set(k, index);
    }
    return index;
  }

  private longest(): number {
    const { brick, dtype } = this.layout;
    return brick[0] * brick[1] * brick[2] * (dtype === "int16" ? 2 : 4) + 64;
  }
}
