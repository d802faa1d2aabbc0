// How fast the content goes, and how long the rest will take: over the last seconds, not since the
// beginning, so that a changed line shows.

const WINDOW_MS = 6000;
/** Sooner than this nothing sensible can be said. */
const LEAST_MS = 800;

export class Pace {
  private marks: { atMs: number; offset: number }[] = [];

  note(atMs: number, offset: number): void {
    const last = this.marks[this.marks.length - 1];
    if (last !== undefined && offset < last.offset) this.marks = []; // what was lost does not count
    this.marks.push({ atMs, offset });
    while (this.marks.length > 2 && atMs - this.marks[0].atMs > WINDOW_MS) this.marks.shift();
  }

  clear(): void {
    this.marks = [];
  }

  /** Bytes a second, or null while nothing can be said. */
  get rate(): number | null {
    const first = this.marks[0];
    const last = this.marks[this.marks.length - 1];
    if (first === undefined || last.atMs - first.atMs < LEAST_MS) return null;
    const rate = ((last.offset - first.offset) / (last.atMs - first.atMs)) * 1000;
    return rate > 0 ? rate : null;
  }

  secondsLeft(totalBytes: number): number | null {
    const rate = this.rate;
    return rate === null ? null : (totalBytes - this.marks[this.marks.length - 1].offset) / rate;
  }
}
