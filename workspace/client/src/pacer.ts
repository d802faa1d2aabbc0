// When to send: at most so often, and in step with whoever reads it.

/**
 * Calls `action` with the latest value at most every `everyMs`; the last value is never lost.
 *
 * A reader that takes what is there at its own beat is served best just before the beat. It tells
 * how early the values come (`shift`); from then on they are sent on a beat of the same length.
 */
export class Pacer<T> {
  private latest: { value: T } | null = null;
  private lastMs = -Infinity;
  /** A moment of the beat; null until the reader has told of its own. */
  private beatMs: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly action: (value: T) => void,
    private readonly everyMs: number,
  ) {}

  give(value: T): void {
    this.latest = { value };
    if (this.timer === undefined) this.arm();
  }

  /** Send later by so much, within the beat. */
  shift(byMs: number): void {
    if (!Number.isFinite(byMs) || this.lastMs === -Infinity) return;
    this.beatMs = this.lastMs + byMs;
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.arm();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.latest = null;
  }

  private arm(): void {
    this.timer = setTimeout(() => this.fire(), this.waitMs(performance.now()));
  }

  /** How long until a value given at `nowMs` goes. */
  private waitMs(nowMs: number): number {
    if (this.beatMs === null) return Math.max(0, this.lastMs + this.everyMs - nowMs);
    const phase = (nowMs - this.beatMs) / this.everyMs;
    const next = this.beatMs + Math.ceil(phase - 1e-6) * this.everyMs;
    // Timers come a little late: half a beat after the last one is the next one, not the same.
    const tooSoon = next - this.lastMs < this.everyMs / 2;
    return Math.max(0, next + (tooSoon ? this.everyMs : 0) - nowMs);
  }

  private fire(): void {
    this.timer = undefined;
    if (this.latest === null) return;
    this.lastMs = performance.now();
    const { value } = this.latest;
    this.latest = null;
    this.action(value);
  }
}
