// Many files as one stream of bytes; nothing is read before the browser sends it.

import type { ChosenFile } from "./listing";

export class Content {
  private readonly ends: Float64Array;

  constructor(readonly files: readonly ChosenFile[]) {
    this.ends = new Float64Array(files.length);
    let end = 0;
    files.forEach(({ file }, at) => (this.ends[at] = end += file.size));
  }

  get totalBytes(): number {
    return this.ends.length === 0 ? 0 : this.ends[this.ends.length - 1];
  }

  /** The bytes from `offset` on, at most `size` of them. */
  slice(offset: number, size: number): Blob {
    const parts: Blob[] = [];
    const end = Math.min(offset + size, this.totalBytes);
    for (let at = this.fileAt(offset); offset < end; at += 1) {
      const { file } = this.files[at];
      const start = this.ends[at] - file.size;
      const stop = Math.min(this.ends[at], end);
      parts.push(file.slice(offset - start, stop - start));
      offset = stop;
    }
    return new Blob(parts);
  }

  /** A part of the list for the server, from file `start` on, as JSON of at most `bytes`. */
  listFrom(start: number, bytes: number): string {
    const encoder = new TextEncoder();
    const entries: string[] = [];
    let size = 2;
    for (let at = start; at < this.files.length; at += 1) {
      const { path, file } = this.files[at];
      const entry = JSON.stringify([path, file.size]);
      size += encoder.encode(entry).length + 1;
      if (size > bytes && entries.length > 0) break;
      entries.push(entry);
    }
    return `[${entries.join(",")}]`;
  }

  /** The file that holds the byte at `offset`. */
  private fileAt(offset: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
