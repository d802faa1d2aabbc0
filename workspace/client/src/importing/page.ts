// Draws the state: one part of the page for each phase, rebuilt when the phase changes.

import { acceptDrops, type Choosing, dropZone, unfinished } from "./choosing";
import type { Driver } from "./driver";
import { button, element } from "./elements";
import { finding, headingOf, sentence, type Wish } from "./finding";
import { found, type Phase, type State } from "./machine";
import { Bar, Sending } from "./transfer";
import { t } from "../words";
import { filesInWords } from "./words";

const STEPS = [t("Send"), t("Choose"), t("Open")];
const STEP_OF: Partial<Record<Phase, number>> = { looking: 1, found: 1, failed: 1, opening: 2, ready: 2 };
const TRANSFER: Phase[] = ["announcing", "listing", "sending", "waiting", "paused"];
const OPEN_TO_DROPS: Phase[] = ["choosing", "needs_files"];

export class ImportPage {
  private readonly steps = element("ol", { class: "ci-steps", "aria-label": t("Steps") });
  private readonly heading: HTMLElement;
  private readonly problem = element("p", { class: "ci-problem", role: "alert" });
  private readonly body = element("div", { class: "ci-body" });
  private readonly spoken = element("p", { class: "ci-hidden", role: "status", "aria-live": "polite" });
  private driver!: Driver;
  private state: State | null = null;
  private drawn = "";
  private sending: Sending | null = null;
  private bar: Bar | null = null;
  private wish: Wish | null = null;

  /** `heading` is how high the part stands on its page. */
  constructor(root: HTMLElement, heading: "h1" | "h2" = "h1") {
    this.heading = element(heading, { tabindex: "-1" });
    root.replaceChildren(this.steps, this.heading, this.problem, this.body, this.spoken);
    acceptDrops(() => this.state !== null && OPEN_TO_DROPS.includes(this.state.phase), this.choosing);
    setInterval(() => this.tick(), 250);
  }

  use(driver: Driver): void {
    this.driver = driver;
  }

  show(state: State): void {
    this.state = state;
    document.body.dataset.phase = state.phase;
    const part = TRANSFER.includes(state.phase) ? "transfer" : state.phase;
    if (part !== this.drawn) this.draw(part, state);
    this.showProblem(state);
    this.update(state);
  }

  private tick(): void {
    if (this.state?.phase === "waiting") this.update(this.state);
  }

  private draw(part: string, state: State): void {
    const isFirst = this.drawn === "";
    this.drawn = part;
    this.sending = null;
    this.bar = null;
    const at = STEP_OF[state.phase] ?? 0;
    this.steps.replaceChildren(
      ...STEPS.map((text, index) =>
        element("li", index === at ? { class: "ci-on", "aria-current": "step" } : { class: index < at ? "ci-done" : "" }, text),
      ),
    );
    this.heading.textContent = headingFor(state);
    this.body.replaceChildren(...this.bodyFor(state));
    if (!isFirst) this.heading.focus({ preventScroll: true });
  }

  private bodyFor(state: State): HTMLElement[] {
    switch (state.phase) {
      case "greeting":
      case "signed_out":
        return [];
      case "choosing":
        return [
          element(
            "p",
            { class: "ci-lead" },
            t("A study or series of CT or MR as DICOM. What is in there is looked at before anything is opened."),
          ),
          dropZone(state, this.choosing),
        ];
      case "needs_files":
        return [unfinished(state, this.choosing), dropZone(state, this.choosing)];
      case "collecting":
      case "looking":
      case "opening":
        return this.working(state);
      case "found":
        return [finding(found(state)!, this.wish, this.actions)];
      case "ready":
        return this.ready(state);
      case "failed":
        return [
          element(
            "div",
            { class: "ci-row" },
            button(t("Discard and choose others"), "ci-primary", this.actions.discard),
            button(t("Try again"), "", () => this.driver.tell({ type: "resume" })),
          ),
        ];
      default:
        this.sending = new Sending(this.actions);
        return [this.sending.root];
    }
  }

  private working(state: State): HTMLElement[] {
    this.bar = new Bar(headingFor(state));
    const card = element("div", { class: "ci-card" }, this.bar.root);
    if (state.phase !== "collecting") {
      card.append(element("div", { class: "ci-row" }, button(t("Cancel"), "", this.actions.cancel)));
    }
    return [card];
  }

  private ready(state: State): HTMLElement[] {
    const { owner, surgeon } = state.upload!.links;
    const link = location.origin + surgeon;
    const input = element("input", { id: "surgeon", readonly: true, value: link });
    const copy = button(t("Copy"), "", () => {
      input.select();
      void navigator.clipboard?.writeText(link); // there is none on a page without TLS
      document.execCommand("copy");
      copy.textContent = t("Copied");
    });
    return [
      element(
        "div",
        { class: "ci-card" },
        element("p", {}, t("You open it as its owner, who can invite others.")),
        element("a", { class: "ci-btn ci-primary ci-wide", href: owner }, t("Open the room")),
        element("label", { for: "surgeon" }, t("Link for a surgeon")),
        element("div", { class: "ci-row" }, input, copy),
      ),
      element("div", { class: "ci-row" }, button(t("Bring in more images"), "", this.actions.discard)),
    ];
  }

  private update(state: State): void {
    this.sending?.show(state, performance.now());
    if (state.phase === "collecting") this.bar?.show(null, t("{files} so far", { files: filesInWords(state.collected) }), "");
    else if (this.bar !== null) {
      const { label, done, total } = state.upload?.progress ?? { label: "", done: 0, total: 0 };
      this.bar.show(total > 0 ? done / total : null, label, total > 1 ? t("{done} of {total}", { done, total }) : "");
    }
    const spoken = spokenFor(state);
    if (this.spoken.textContent !== spoken) this.spoken.textContent = spoken;
  }

  private showProblem(state: State): void {
    const { problem } = state;
    const path = problem?.file == null ? null : this.driver.pathOf(problem.file);
    const text = problem === null ? "" : sentence(problem.message) + (path === null ? "" : ` (${path})`);
    if (this.problem.textContent !== text) this.problem.textContent = text;
    this.problem.hidden = text === "";
  }

  private readonly choosing: Choosing = {
    chosen: (files) => this.driver.choose(files),
    collecting: (files) => this.driver.tell({ type: "collecting", files }),
    unreadable: (message) => this.driver.tell({ type: "unreadable", message }),
    discard: () => this.actions.discard(),
  };

  private readonly actions = {
    pause: () => this.driver.tell({ type: "pause" }),
    resume: () => this.driver.tell({ type: "resume" }),
    tryNow: () => this.driver.tell({ type: "try_now" }),
    cancel: () => {
      if (confirm(t("Cancel? What was sent so far is deleted on the server."))) this.actions.discard();
    },
    open: (wish: Wish) => {
      this.wish = wish;
      this.driver.tell({ type: "open", ...wish });
    },
    discard: () => {
      this.wish = null;
      this.driver.tell({ type: "discard" });
    },
  };
}

function headingFor(state: State): string {
  switch (state.phase) {
    case "greeting":
      return t("One moment");
    case "choosing":
      return t("Bring in images");
    case "collecting":
      return t("Reading the folder");
    case "needs_files":
      return t("An upload is unfinished");
    case "looking":
      return t("Looking at what came");
    case "found":
      return headingOf(found(state)!);
    case "opening":
      return t("Making the room");
    case "ready":
      return t("The room is ready");
    case "failed":
      return t("That did not work");
    case "signed_out":
      return t("Open the import link again");
    default:
      return t("Sending {files}", { files: filesInWords(state.choice?.files ?? state.upload?.files ?? 0) });
  }
}

/** What a screen reader says: stages and quarters, never each step of the bar. */
function spokenFor(state: State): string {
  switch (state.phase) {
    case "sending": {
      const share = state.offset / Math.max(1, state.upload?.total_bytes ?? 1);
      return t("Sending, {n} percent", { n: 25 * Math.floor(4 * share) });
    }
    case "waiting":
      return t("Connection lost, trying again");
    case "paused":
      return t("Paused");
    default:
      return headingFor(state);
  }
}
