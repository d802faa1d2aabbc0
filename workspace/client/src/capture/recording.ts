// A video of frames that are drawn one by one, as fast as they can be.

/** VP8 first: VP9 takes a processor so long that the end of the turn was never written. */
const FORMATS = ["video/webm;codecs=vp8", "video/webm;codecs=vp9", "video/webm"];
/** The last picture stays so long, ms: what waits to be encoded gets its turn. */
const HOLD_MS = 900;
const BITS_PER_S = 6_000_000;
const FASTEST_MS = 33;

export class Recording {
  private cancelled = false;

  private constructor(private readonly format: string) {}

  /** Null where this browser cannot record. */
  static begin(): Recording | null {
    if (typeof MediaRecorder === "undefined" || !("captureStream" in HTMLCanvasElement.prototype)) return null;
    const format = FORMATS.find((one) => MediaRecorder.isTypeSupported(one));
    return format ? new Recording(format) : null;
  }

  cancel(): void {
    this.cancelled = true;
  }

  /**
   * Record `draw(share)` for shares from 0 to 1; null where it was cancelled.
   *
   * A slow machine draws fewer frames: the turn takes as long, and ends where it began.
   */
  async record(durationS: number, draw: (share: number) => HTMLCanvasElement | null): Promise<Blob | null> {
    const first = draw(0);
    if (!first) throw new Error("nothing to record");
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [first.width, first.height];
    // Browsers take frames only from a canvas that is part of the page.
    canvas.className = "cmv-recorded";
    document.body.append(canvas);
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const stream = canvas.captureStream(0);
    const track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
    const recorder = new MediaRecorder(stream, { mimeType: this.format, videoBitsPerSecond: BITS_PER_S });
    const chunks: Blob[] = [];
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    const ended = new Promise((done) => (recorder.onstop = done));
    const started = new Promise((done) => (recorder.onstart = done));
    recorder.start();
    track.requestFrame();
    await started;
    await pause(HOLD_MS / 3);
    const start = performance.now();
    for (let share = 0; !this.cancelled; share = (performance.now() - start) / (1000 * durationS)) {
      const frame = draw(Math.min(share, 1));
      if (frame) context.drawImage(frame, 0, 0, canvas.width, canvas.height);
      track.requestFrame();
      await pause(FASTEST_MS);
      if (share >= 1) break;
    }
    for (let held = 0; held < HOLD_MS && !this.cancelled; held += HOLD_MS / 6) {
      track.requestFrame();
      await pause(HOLD_MS / 6);
    }
    recorder.stop();
    await ended;
    track.stop();
    canvas.remove();
    return this.cancelled ? null : new Blob(chunks, { type: "video/webm" });
  }
}

/** Wait, and until the page is drawn again: only then are frames taken. */
const pause = (ms: number): Promise<unknown> =>
  new Promise((next) => setTimeout(() => requestAnimationFrame(next), ms));
