// The part of the page that shows how far something is: sending, looking, making the room.

import { button, element } from "./elements";
import type { State } from "./machine";
import { Pace } from "./pace";
import { t } from "../words";
import { filesInWords, sizeInWords, timeInWords } from "./words";

export interface TransferActions {
  pause(): void;
  resume(): void;
  tryNow(): void;
  cancel(): void;
}

/** A bar with a line of text below. */
export class Bar {
  readonly root: HTMLElement;
  private readonly fill = element("i");
  private readonly track: HTMLElement;
  private readonly left = element("span");
  private readonly right = element("span", { class: "ci-mu" });

  constructor(label: string) {
    this.track = element(
      "div",
      { class: "ci-track", role: "progressbar", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": "100" },
      this.fill,
    );
    this.root = element("div", { class: "ci-bar" }, this.track, element("p", { class: "ci-spread" }, this.left, this.right));
  }

  /** `share` is 0..1, or null where nobody knows. */
  show(share: number | null, left: string, right: string): void {
    this.track.classList.toggle("ci-unknown", share === null);
    if (share === null) {
      this.track.removeAttribute("aria-valuenow");
      this.fill.style.removeProperty("width");
    } else {
      const percent = Math.floor(100 * Math.min(1, share));
      this.track.setAttribute("aria-valuenow", String(percent));
      this.fill.style.width = `${100 * Math.min(1, share)}%`;
    }
    this.track.setAttribute("aria-valuetext", left);
    this.left.textContent = left;
    this.right.textContent = right;
  }
}

export class Sending {
  readonly root: HTMLElement;
  private readonly bar = new Bar(t("Sending"));
  private readonly note = element("p", { class: "ci-note" });
  private readonly buttons = element("div", { class: "ci-row" });
  private readonly pace = new Pace();
  private phase = "";
  private until = 0;

  constructor(private readonly actions: TransferActions) {
    this.root = element("div", { class: "ci-card" }, this.bar.root, this.note, this.buttons);
  }

  show(state: State, nowMs: number): void {
    if (state.phase !== this.phase) this.enter(state, nowMs);
    const total = state.choice?.totalBytes ?? state.upload?.total_bytes ?? 0;
    if (state.phase === "sending") this.pace.note(nowMs, state.offset);
    const shown = state.phase === "listing" || state.phase === "announcing" ? null : state.offset / total;
    this.bar.show(shown, this.amount(state, total), this.speed(state, total));
    if (state.phase === "waiting") this.note.textContent = waitingText(this.until - nowMs, state.waitMs);
  }

  private enter(state: State, nowMs: number): void {
    this.phase = state.phase;
    this.pace.clear();
    this.until = nowMs + state.waitMs;
    this.root.classList.toggle("ci-lost", state.phase === "waiting");
    this.root.classList.toggle("ci-paused", state.phase === "paused");
    this.note.textContent = "";
    this.buttons.replaceChildren(...this.buttonsFor(state.phase));
  }

  private buttonsFor(phase: string): HTMLElement[] {
    const cancel = button(t("Cancel"), "", () => this.actions.cancel());
    if (phase === "waiting") return [button(t("Try now"), "ci-primary", () => this.actions.tryNow()), cancel];
    if (phase === "paused") return [button(t("Go on"), "ci-primary", () => this.actions.resume()), cancel];
    return [button(t("Pause"), "", () => this.actions.pause()), cancel];
  }

  private amount(state: State, total: number): string {
    if (state.phase === "announcing" || state.phase === "listing") {
      return t("Telling the server of {files}", { files: filesInWords(state.choice?.files ?? 0) });
    }
    return t("{done} of {total}", { done: sizeInWords(state.offset), total: sizeInWords(total) });
  }

  private speed(state: State, total: number): string {
    if (state.phase === "paused") return t("Paused");
    const { rate } = this.pace;
    const left = this.pace.secondsLeft(total);
    if (state.phase !== "sending" || rate === null || left === null) return "";
    return t("{rate}/s · {time} left", { rate: sizeInWords(rate), time: timeInWords(left) });
  }
}

function waitingText(leftMs: number, waitMs: number): string {
  if (leftMs <= 0) return t("Connection lost. Trying again now.");
  return t("Connection lost. Trying again in {n} s.", { n: Math.ceil(Math.min(leftMs, waitMs) / 1000) });
}
