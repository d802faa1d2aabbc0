import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PlaneView } from "../src/images/layer";
import type { Volume } from "../src/images/listing";
import { PanePictures, type Shown } from "../src/images/pane_pictures";
import { HeldLevel } from "../src/images/pyramid";
import { ServerPictures } from "../src/images/server_pictures";
import { GREYS, HOT } from "../src/images/windowing";
import { AFFINES, affineOf, SHAPE } from "./fields";

const FINE = { path: "0", shape_kji: SHAPE, affine_lps: AFFINES.rotated };
const COARSE = { path: "1", shape_kji: [8, 8, 8] as [number, number, number], affine_lps: affineOf([[4, 0, 0], [0, 4, 0], [0, 0, 4]], [-16, -16, -16]) };
const volume = { key: "v1", primary: true, levels: [FINE, COARSE] } as unknown as Volume;
const WINDOW = { center: 40, width: 400 };

const planeAt = (z: number): PlaneView => ({
  camera: { focal: [0, 0, z], direction: [0, 0, 1], up: [0, -1, 0], half_height_mm: 20 } as PlaneView["camera"],
  size: { width: 80, height: 60 },
  slab: null,
});

/** As much of a browser's canvas as is drawn with here. */
function canvasOf() {
  const image = (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) });
  const context = { createImageData: image, putImageData: () => {}, drawImage: () => {}, getImageData: (_x: number, _y: number, w: number, h: number) => image(w, h) };
  return { what: "here", getContext: (kind: string) => (kind === "2d" ? context : null) };
}

beforeEach(() => {
  vi.stubGlobal("document", { createElement: canvasOf });
  vi.stubGlobal("fetch", async () => ({ ok: true, blob: async () => ({}) }));
  vi.stubGlobal("createImageBitmap", async () => ({ what: "served", width: 80, height: 60, close: () => {} }));
});
afterEach(() => void vi.unstubAllGlobals());

/** A pane that has a coarse level and the server's picture of z = 0, and what it draws then. */
async function paneOf(opacity: number) {
  const held = new HeldLevel(COARSE, "int16", null);
  held.lay({ shape: [8, 8, 8], brick: [8, 8, 8], dtype: "int16" });
  held.put(0, new Int16Array(512));
  const loader = { levels: [new HeldLevel(FINE, "int16", null), held], finest: 1, complete: true, problem: "" };
  const server = new ServerPictures("/room/");
  const pictures = new PanePictures("axial", server, () => {});
  const draw = (view: PlaneView, window = WINDOW): [string, number][] => {
    const calls: [string, number][] = [];
    const drawImage = (image: { what: string }) => calls.push([image.what, context.globalAlpha]);
    const context = { globalAlpha: 1, save: () => {}, restore: () => {}, transform: () => {}, drawImage };
    const palette = opacity === 1 ? GREYS : HOT;
    const shown = { volume, loader, window, palette, opacity } as unknown as Shown;
    pictures.drawPlane(context as unknown as CanvasRenderingContext2D, shown, view, 0);
    return calls;
  };
  const came = new Promise<void>((resolve) => (server.onPicture = resolve));
  draw(planeAt(0));
  await came;
  return { draw, close: () => server.close() };
}

it("a volume that another shines through is drawn once, so that its share is what was asked for", async () => {
  const { draw, close } = await paneOf(0.5);
  expect(draw(planeAt(0))).toEqual([["served", 0.5]]);
  expect(draw(planeAt(0), { center: 50, width: 400 })).toEqual([["here", 0.5]]);
  expect(draw(planeAt(9))).toEqual([["here", 0.5]]);
  close();
});

it("the server's picture lies over what is here where nothing shines through", async () => {
  const { draw, close } = await paneOf(1);
  expect(draw(planeAt(0))).toEqual([["here", 1], ["served", 1]]);
  expect(draw(planeAt(0), { center: 50, width: 400 })).toEqual([["here", 1], ["served", 1]]);
  expect(draw(planeAt(9))).toEqual([["here", 1]]);
  close();
});
