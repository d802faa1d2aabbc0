// One brick of voxels from its bytes: CRC-32C, Blosc 1 with zstd, bytes unshuffled.
//
// Of all that Blosc can be, this reads what `imaging.volume_store` writes, and refuses the rest.

import { decompress } from "fzstd";
import type { Voxels } from "../images/sampling";

const HEADER_BYTES = 16;
const ZSTD = 4;
const SHUFFLED = 1;
const STORED = 2;
const UNSPLIT = 16;
export const CRC_BYTES = 4;

export class DamagedVolumeError extends Error {}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let n = 0; n < bytes.length; n += 1) crc = CRC_TABLE[(crc ^ bytes[n]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Return the bytes before the checksum at the end, which must be theirs. */
export function checked(bytes: Uint8Array): Uint8Array {
  const content = bytes.subarray(0, -CRC_BYTES);
  if (bytes.length < CRC_BYTES || crc32c(content) !== viewOf(bytes).getUint32(content.length, true)) {
    throw new DamagedVolumeError("a checksum is wrong");
  }
  return content;
}

/** Return the voxels of a brick of `count` voxels. */
export function decodeBrick(bytes: Uint8Array, dtype: "int16" | "float32", count: number): Voxels {
  const itemsize = dtype === "int16" ? 2 : 4;
  const frame = checked(bytes);
  const plain = unpacked(frame, itemsize, count * itemsize);
  const buffer = plain.buffer as ArrayBuffer;
  return dtype === "int16" ? new Int16Array(buffer) : new Float32Array(buffer);
}

function unpacked(frame: Uint8Array, itemsize: number, size: number): Uint8Array {
  if (frame.length < HEADER_BYTES) throw new DamagedVolumeError("a brick is cut short");
  const view = viewOf(frame);
  const flags = view.getUint8(2);
  const block = view.getUint32(8, true);
  const told = [view.getUint8(3), view.getUint32(4, true), view.getUint32(12, true)];
  if (told[0] !== itemsize || told[1] !== size || told[2] !== frame.length) {
    throw new DamagedVolumeError("a brick is not what the volume says of it");
  }
  if (flags & STORED) return frame.slice(HEADER_BYTES, HEADER_BYTES + size);
  if (flags >> 5 !== ZSTD || block === 0) throw new DamagedVolumeError("a brick is packed in another way");
  const plain = new Uint8Array(size);
  for (let n = 0, start = 0; start < size; n += 1, start += block) {
    const part = unpackBlock(frame, view.getUint32(HEADER_BYTES + 4 * n, true), {
      size: Math.min(block, size - start),
      streams: flags & UNSPLIT || size - start < block ? 1 : itemsize,
    });
    if (flags & SHUFFLED) unshuffle(part, itemsize, plain.subarray(start, start + part.length));
    else plain.set(part, start);
  }
  return plain;
}

function unpackBlock(frame: Uint8Array, at: number, { size, streams }: { size: number; streams: number }): Uint8Array {
  const block = new Uint8Array(size);
  const each = size / streams;
  const view = viewOf(frame);
  for (let n = 0, start = at; n < streams; n += 1) {
    const length = view.getInt32(start, true);
    const content = frame.subarray(start + 4, start + 4 + length);
    if (length <= 0 || content.length !== length) throw new DamagedVolumeError("a brick is cut short");
    const out = block.subarray(n * each, (n + 1) * each);
    if (length === each) out.set(content);
    else if (decompress(content, out).length !== each) throw new DamagedVolumeError("a brick is cut short");
    start += 4 + length;
  }
  return block;
}

/** Put the bytes of each voxel together again: they lie with all first bytes first. */
function unshuffle(shuffled: Uint8Array, itemsize: number, plain: Uint8Array): void {
  const count = Math.floor(shuffled.length / itemsize);
  for (let byte = 0; byte < itemsize; byte += 1) {
    for (let n = 0, from = byte * count, to = byte; n < count; n += 1, from += 1, to += itemsize) {
      plain[to] = shuffled[from];
    }
  }
  const rest = count * itemsize;
  plain.set(shuffled.subarray(rest), rest);
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
