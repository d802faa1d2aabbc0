// Fetches bricks of stored volumes and unpacks them, off the main thread.

import type { Brought, Wanted } from "../images/brick_messages";
import { DamagedVolumeError, decodeBrick } from "./volume_brick";
import { layoutOf, ShardedLevel, type Fetcher } from "./volume_shard";

const levels = new Map<string, Promise<ShardedLevel>>();
const underWay = new Map<number, AbortController>();

/** Answers that will be the same next time: not allowed, not there. */
const LASTING = new Set([401, 403, 404, 410, 416]);

class AnsweredError extends Error {
  constructor(readonly status: number) {
    super(`the server answered ${status}`);
  }
}

const fetchBytes = (url: string): Fetcher => async (path, range, signal) => {
  const headers: Record<string, string> = {};
  if (range) headers.Range = "last" in range ? `bytes=-${range.last}` : `bytes=${range.from}-${range.to - 1}`;
  const response = await fetch(`${url}/${path}`, { headers, signal, credentials: "same-origin" });
  if (!response.ok) throw new AnsweredError(response.status);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!range || response.status === 206) return bytes;
  // Something between here and the server knows no ranges: then all of the file came.
  return "last" in range ? bytes.subarray(-range.last) : bytes.subarray(range.from, range.to);
};

function levelOf(url: string, path: string): Promise<ShardedLevel> {
  const name = `${url}/${path}`;
  let level = levels.get(name);
  if (!level) {
    const bytesOf = fetchBytes(url);
    level = bytesOf(`${path}/zarr.json`, null, new AbortController().signal).then(
      (bytes) => new ShardedLevel(layoutOf(JSON.parse(new TextDecoder().decode(bytes))), path, bytesOf),
    );
    level.catch(() => levels.delete(name));
    levels.set(name, level);
  }
  return level;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<Wanted>) => void) | null;
  postMessage(message: Brought, transfer?: Transferable[]): void;
};

async function answer(wanted: Exclude<Wanted, { type: "forget" }>, signal: AbortSignal): Promise<void> {
  const { id } = wanted;
  const level = await levelOf(wanted.url, wanted.path);
  if (wanted.type === "layout") return scope.postMessage({ id, layout: level.layout });
  const bytes = await level.read(wanted.at, signal);
  const { brick, dtype } = level.layout;
  const voxels = decodeBrick(bytes, dtype, brick[0] * brick[1] * brick[2]);
  scope.postMessage({ id, voxels, bytes: bytes.length }, [voxels.buffer]);
}

function refuse(id: number, error: unknown): void {
  const problem = error instanceof Error ? error.message : "unknown";
  const lasting = error instanceof DamagedVolumeError || (error instanceof AnsweredError && LASTING.has(error.status));
  scope.postMessage({ id, problem, lasting });
}

scope.onmessage = ({ data }) => {
  if (data.type === "forget") {
    underWay.get(data.id)?.abort();
    underWay.delete(data.id);
    return;
  }
  const abort = new AbortController();
  underWay.set(data.id, abort);
  answer(data, abort.signal)
    .catch((error: unknown) => {
      if (!abort.signal.aborted) refuse(data.id, error);
    })
    .finally(() => underWay.delete(data.id));
};
