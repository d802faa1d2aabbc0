import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Loaders } from "../src/images/loaders";
import type { Volume } from "../src/images/listing";
import { SurfaceLoader } from "../src/surface_loading";
import { smoothNormals } from "../src/mesh";
import { ball } from "./shapes";

/** As much of a browser's worker as the page sees; its other end is the test's. */
class FakeWorker {
  static made: FakeWorker[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  asked: { id: number }[] = [];
  constructor() {
    FakeWorker.made.push(this);
  }
  postMessage(message: { id: number }): void {
    this.asked.push(message);
  }
  terminate(): void {}
}

beforeEach(() => {
  FakeWorker.made = [];
  vi.stubGlobal("Worker", FakeWorker);
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("navigator", { hardwareConcurrency: 2 });
  vi.stubGlobal("location", { href: "http://127.0.0.1/" });
  vi.stubGlobal("document", { baseURI: "http://127.0.0.1/" });
});
afterEach(() => void vi.unstubAllGlobals());

test("a mesh whose tree its worker cannot grow any more is given one by the page", async () => {
  const loader = new SurfaceLoader("/assets/", "/surfaces");
  const onTree = vi.fn();
  loader.onTree = onTree;
  const loading = loader.load("ab");
  const [worker] = FakeWorker.made;
  const { vertices, triangles } = ball(10, 6);
  const mesh = { vertices, triangles, normals: smoothNormals(vertices, triangles), bvh: null };
  worker.onmessage?.({ data: { id: worker.asked[0].id, mesh } });
  const loaded = await loading;
  expect(loaded.bvh).toBeNull();
  worker.onerror?.();
  expect(loaded.bvh?.order.length).toBe(triangles.length / 3);
  expect(onTree).toHaveBeenCalledTimes(1);
});

test("a reader of volumes that died before anybody asked is told of after the first question", async () => {
  const ahead = { listing: Promise.resolve(null), source: null as unknown };
  const { WorkerSource } = await import("../src/images/brick_source");
  ahead.source = new WorkerSource("/assets/");
  vi.stubGlobal("commissureImages", ahead);
  FakeWorker.made[0].onerror?.();
  const loaders = new Loaders("/room/", "/assets/");
  const onDead = vi.fn(() => loaders.close());
  loaders.onDead = onDead;
  const level = { path: "0", shape_kji: [2, 2, 2], affine_lps: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]] };
  const volume = { key: "v1", primary: true, dtype: "int16", levels: [level] } as unknown as Volume;
  expect(loaders.begin(volume, 1e6).problem).toBe("");
  await Promise.resolve();
  expect(onDead).toHaveBeenCalledTimes(1);
  expect(loaders.get("v1")).toBeUndefined();
});
