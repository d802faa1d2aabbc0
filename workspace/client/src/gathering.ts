// Things that come one by one are answered once for several: a while after the first, or at once.

export class Gathering {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly answer: () => void,
    private readonly waitMs: number,
  ) {}

  /** One has come, and more are expected. */
  soon(): void {
    this.timer ??= setTimeout(() => this.now(), this.waitMs);
  }

  /** No more are expected. */
  now(): void {
    this.close();
    this.answer();
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
