// Pictures and a turntable video, saved on this computer.

import { shallowReactive } from "vue";
import { turn } from "../vector";
import { t } from "../words";
import type { PaneId } from "../panes/pane";
import type { Workbench } from "../workbench";
import { compose, type Shot } from "./composing";
import type { Line } from "./legend";
import { Recording } from "./recording";

/** One turn takes so long, s; a viewer follows it, and the file stays small. */
const TURN_S = 12;
/** Pixels of a picture per pixel of the page: the legend stays sharp on a slide. */
const PICTURE_RATIO = 2;

export class Capture {
  readonly state = shallowReactive({
    /** The card that offers pictures and the video is open. */
    open: false,
    /** Share of the turn that is recorded; null: none is being made. */
    progress: null as number | null,
  });
  /** Of the last picture, for tests and support. */
  last: { lines: Line[]; width: number; height: number; name: string } | null = null;
  /** A picture is being put together: what is there to be dragged is left out of it. */
  composing = false;
  private recording: Recording | null = null;

  constructor(private readonly bench: Workbench) {}

  close(): void {
    this.recording?.cancel();
  }

  toggle(): void {
    this.state.open = !this.state.open;
    if (this.state.open) this.bench.inside.state.open = false;
  }

  /** Save a picture of all panes, or of one. */
  async picture(only: PaneId | null = null): Promise<void> {
    const shot = this.shoot(only, PICTURE_RATIO);
    const blob = shot && (await new Promise<Blob | null>((done) => shot.canvas.toBlob(done, "image/png")));
    if (!shot || !blob) {
      this.bench.toasts.refuse(t("The picture could not be made. Make the window smaller and try again."));
      return;
    }
    const name = this.nameOf("png");
    const { width, height } = shot.canvas;
    this.last = { lines: shot.lines, width, height, name };
    save(blob, name);
    this.bench.toasts.say(t("Saved {name}", { name }));
  }

  /** Record one turn of the 3D pane about what is up. */
  async turntable(): Promise<void> {
    if (this.state.progress !== null) return;
    const { stage, toasts } = this.bench;
    const from = stage.camera;
    const recording = Recording.begin();
    if (!recording) {
      toasts.refuse(t("This browser cannot record video. Use a current Chrome, Edge or Firefox."));
      return;
    }
    this.recording = recording;
    this.state.progress = 0;
    try {
      const blob = await recording.record(TURN_S, (share) => {
        this.state.progress = share;
        const angle = 2 * Math.PI * share;
        stage.look({ ...from, direction: turn(from.direction, from.up, angle) });
        return this.shoot("3d", 1)?.canvas ?? null;
      });
      if (blob) {
        const name = this.nameOf("webm");
        save(blob, name);
        toasts.say(t("Saved {name}", { name }));
      }
    } catch {
      toasts.refuse(t("The video could not be made. Nothing of the plan is lost."));
    } finally {
      this.state.progress = null;
      this.recording = null;
      stage.look(from);
    }
  }

  cancel(): void {
    this.recording?.cancel();
  }

  private shoot(only: PaneId | null, ratio: number): Shot | null {
    this.composing = true;
    try {
      return compose(this.bench, only, ratio);
    } finally {
      this.composing = false;
      this.bench.stage.redrawInk();
    }
  }

  /** Case, revision and moment: two pictures never have one name. */
  private nameOf(ending: string): string {
    const { view, past, revision } = this.bench.room.state;
    const title = (view.case.case?.title ?? "").normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
    const at = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    return `${title || "case"}-r${past ?? revision}-${at}.${ending}`;
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken hold of it once the click is handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
