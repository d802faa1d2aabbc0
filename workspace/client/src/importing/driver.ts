// Carries out what the machine asks for, and tells it what became of that.

import { t } from "../words";
import type { Limits, ServerUpload } from "./answers";
import { Content } from "./content";
import { type ChosenFile, choiceOf } from "./listing";
import { BEGIN, type Effect, type Event, isUnderWay, type State, step } from "./machine";
import { ask, LostError, RefusedError, sendChunk, StoppedError } from "./requests";

/** Between two looks at how far the server's work is. */
const ASK_EVERY_MS = 400;

export class Driver {
  private state: State = BEGIN;
  private content: Content | null = null;
  private stopping = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly shown: (state: State) => void) {
    addEventListener("online", () => this.tell({ type: "try_now" }));
    addEventListener("beforeunload", (event) => {
      if (isUnderWay(this.state)) event.preventDefault();
    });
    this.run({ do: "greet" });
    shown(this.state);
  }

  tell(event: Event): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    this.shown(state);
    for (const effect of effects) this.run(effect);
  }

  choose(files: ChosenFile[]): void {
    this.content = new Content(files);
    this.tell({ type: "chose", choice: choiceOf(files) });
  }

  /** The path of a file of the list. */
  pathOf(file: number): string | null {
    return this.content?.files[file]?.path ?? null;
  }

  private run(effect: Effect): void {
    clearTimeout(this.timer);
    switch (effect.do) {
      case "stop":
        this.stopping.abort();
        this.stopping = new AbortController();
        return;
      case "wait":
        this.timer = setTimeout(() => this.tell({ type: "try_now" }), effect.ms);
        return;
      case "ask_later":
        this.timer = setTimeout(() => this.run({ do: "ask" }), ASK_EVERY_MS);
        return;
      default:
        void this.attempt(effect);
    }
  }

  private async attempt(effect: Exclude<Effect, { do: "stop" | "wait" | "ask_later" }>): Promise<void> {
    const stop = this.stopping.signal;
    try {
      const event = await this.answerTo(effect, stop);
      if (!stop.aborted) this.tell(event);
    } catch (error) {
      if (stop.aborted || error instanceof StoppedError) return;
      if (error instanceof RefusedError) this.tell({ type: "refused", problem: error.problem, offset: error.offset });
      else if (error instanceof LostError) this.tell({ type: "lost", chance: Math.random() });
      else throw error;
    }
  }

  private async answerTo(
    effect: Exclude<Effect, { do: "stop" | "wait" | "ask_later" }>,
    stop: AbortSignal,
  ): Promise<Event> {
    switch (effect.do) {
      case "greet": {
        const answer = await ask<{ uploads: ServerUpload[]; limits: Limits }>("POST", "session", null, stop);
        return { type: "greeted", ...answer! };
      }
      case "announce": {
        const { fingerprint, files, totalBytes } = this.state.choice!;
        const body = JSON.stringify({ fingerprint, files, total_bytes: totalBytes });
        return this.toldBy(ask<ServerUpload>("POST", "uploads", body, stop));
      }
      case "list":
        return this.list(effect.start, stop);
      case "send":
        return this.send(effect.offset, stop);
      case "ask":
        return this.toldBy(ask<ServerUpload>("GET", `uploads/${this.id}`, null, stop));
      case "inspect":
        return this.toldBy(ask<ServerUpload>("POST", `uploads/${this.id}/inspection`, null, stop));
      case "open": {
        const body = JSON.stringify({ volume_id: effect.volumeId, title: effect.title });
        return this.toldBy(ask<ServerUpload>("POST", `uploads/${this.id}/room`, body, stop));
      }
      case "discard":
        return this.discard(effect.id, stop);
    }
  }

  private get id(): string {
    return this.state.upload!.id;
  }

  private async toldBy(answer: Promise<ServerUpload | null>): Promise<Event> {
    return { type: "told", upload: (await answer)! };
  }

  private async list(start: number, stop: AbortSignal): Promise<Event> {
    const body = this.content!.listFrom(start, this.state.limits!.list_bytes);
    const answer = await ask<{ listed: number }>("PUT", `uploads/${this.id}/list/${start}`, body, stop);
    return { type: "listed", listed: answer!.listed };
  }

  private async send(offset: number, stop: AbortSignal): Promise<Event> {
    const chunk = this.content!.slice(offset, this.state.limits!.chunk_bytes);
    const moved = (bytes: number): void => {
      if (!stop.aborted) this.tell({ type: "sending", offset: offset + Math.min(bytes, chunk.size) });
    };
    try {
      return { type: "sent", offset: await sendChunk(this.id, offset, chunk, moved, stop) };
    } catch (error) {
      // A file that has changed cannot be read any more, which the browser tells like a lost line.
      if (error instanceof LostError && !(await isReadable(chunk))) throw new RefusedError(FILES_CHANGED, null);
      throw error;
    }
  }

  private async discard(id: string, stop: AbortSignal): Promise<Event> {
    try {
      await ask("DELETE", `uploads/${id}`, null, stop);
    } catch (error) {
      if (!(error instanceof RefusedError && error.problem.code === "unknown_upload")) throw error;
    }
    this.content = null;
    return { type: "discarded" };
  }
}

const FILES_CHANGED = {
  code: "files_changed",
  message: t("A file was changed, moved or removed while it was sent. Choose the files again."),
  file: null,
};

async function isReadable(chunk: Blob): Promise<boolean> {
  try {
    await chunk.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
