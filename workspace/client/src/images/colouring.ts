// A grey picture of the server in the colours that a volume has here.

import { add, scale } from "../vector";
import type { Grid } from "./grid";
import { spanIn } from "./sampling";
import type { Frame } from "./slicing";
import type { Palette } from "./windowing";

export interface Colours {
  palette: Palette;
  /** Of the volume, in the LPS of the picture's frame: beyond it nothing is to be seen. */
  grid: Grid;
}

/** Return the picture in colours, clear outside of the volume; `grey` is closed. */
export async function coloured(grey: ImageBitmap, frame: Frame, colours: Colours): Promise<ImageBitmap> {
  const { width, height } = grey;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return grey;
  context.drawImage(grey, 0, 0);
  grey.close();
  const image = context.getImageData(0, 0, width, height);
  colour(new Uint32Array(image.data.buffer), frame, colours);
  return createImageBitmap(image);
}

/** Replace grey pixels, row by row from the upper left, with their colours. */
export function colour(pixels: Uint32Array, { width, height, origin, across, down }: Frame, { palette, grid }: Colours): void {
  for (let y = 0; y < height; y += 1) {
    const row = { start: add(origin, scale(down, y)), step: across, count: width };
    const [first, last] = spanIn(grid, row);
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      pixels[at] = x < first || x > last ? 0 : palette[pixels[at] & 0xff];
    }
  }
}
