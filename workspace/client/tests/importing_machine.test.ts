import { describe, expect, test } from "vitest";
import type { Limits, ServerUpload } from "../src/importing/answers";
import type { Choice } from "../src/importing/listing";
import { BEGIN, type Effect, type Event, type State, step, waitMs } from "../src/importing/machine";

const LIMITS: Limits = { total_bytes: 10_000, files: 50, chunk_bytes: 100, list_bytes: 1000, kept_days: 7 };
const CHOICE: Choice = { fingerprint: "f", files: 10, totalBytes: 1000 };

function upload(change: Partial<ServerUpload> = {}): ServerUpload {
  return {
    id: "u", fingerprint: "f", files: 10, listed: 10, total_bytes: 1000, offset: 0, stage: "receiving",
    progress: null, found: null, error: null, links: {}, ...change,
  };
}

function after(...events: Event[]): { state: State; effects: Effect[] } {
  let last: { state: State; effects: Effect[] } = { state: BEGIN, effects: [] };
  for (const event of events) last = step(last.state, event);
  return last;
}

const GREETED: Event = { type: "greeted", uploads: [], limits: LIMITS };
const CHOSE: Event = { type: "chose", choice: CHOICE };
const LOST: Event = { type: "lost", chance: 1 };
const told = (change: Partial<ServerUpload> = {}): Event => ({ type: "told", upload: upload(change) });
const refused = (code: string, offset: number | null = null): Event => ({
  type: "refused", problem: { code, message: `It is ${code}.`, file: null }, offset,
});

describe("an upload on a good line", () => {
  test("is announced, listed, sent, and looked at", () => {
    expect(after(GREETED, CHOSE).effects).toEqual([{ do: "announce" }]);
    expect(after(GREETED, CHOSE, told({ listed: 0 })).effects).toEqual([{ do: "list", start: 0 }]);
    const listed = after(GREETED, CHOSE, told({ listed: 0 }), { type: "listed", listed: 6 });
    expect(listed.effects).toEqual([{ do: "list", start: 6 }]);
    const sent = after(GREETED, CHOSE, told(), { type: "sent", offset: 100 });
    expect(sent.effects).toEqual([{ do: "send", offset: 100 }]);
    const whole = after(GREETED, CHOSE, told(), { type: "sent", offset: 1000 });
    expect(whole.effects).toEqual([{ do: "inspect" }]);
    expect(whole.state.phase).toBe("looking");
  });

  test("shows what is found, then makes the room, then shows its links", () => {
    expect(after(GREETED, CHOSE, told({ stage: "inspecting" })).effects).toEqual([{ do: "ask_later" }]);
    const found = after(GREETED, CHOSE, told({ stage: "inspected" }));
    expect([found.state.phase, found.effects]).toEqual(["found", []]);
    const opened = step(found.state, { type: "open", volumeId: "v", title: "T" });
    expect(opened.effects).toEqual([{ do: "open", volumeId: "v", title: "T" }]);
    expect(step(opened.state, told({ stage: "opening" })).effects).toEqual([{ do: "ask_later" }]);
    expect(step(opened.state, told({ stage: "ready" })).state.phase).toBe("ready");
  });
});

describe("a lost line", () => {
  test("is waited for, longer each time up to half a minute", () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 20].map((attempt) => waitMs(attempt, 1));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    expect(waitMs(0, 0)).toBe(750);
    const twice = after(GREETED, CHOSE, told(), LOST, { type: "try_now" }, LOST);
    expect(twice.state).toMatchObject({ phase: "waiting", attempt: 2, waitMs: 2000 });
    expect(twice.effects).toEqual([{ do: "wait", ms: 2000 }]);
  });

  test("is followed by asking the server where it stands, whose answer counts", () => {
    const lost = after(GREETED, CHOSE, told(), { type: "sending", offset: 95 }, LOST);
    const asked = step(lost.state, { type: "try_now" });
    expect(asked.effects).toEqual([{ do: "ask" }]);
    const on = step(asked.state, told({ offset: 61 }));
    expect(on.state).toMatchObject({ phase: "sending", offset: 61, attempt: 0 });
    expect(on.effects).toEqual([{ do: "send", offset: 61 }]);
  });

  test("while the upload was announced finds the upload, or announces it again", () => {
    const lost = after(GREETED, CHOSE, LOST, { type: "try_now" });
    expect(lost.effects).toEqual([{ do: "greet" }]);
    const there = step(lost.state, { type: "greeted", uploads: [upload({ listed: 0 })], limits: LIMITS });
    expect(there.effects).toEqual([{ do: "list", start: 0 }]);
    expect(step(lost.state, GREETED).effects).toEqual([{ do: "announce" }]);
  });

  test("while the server looks does not send anything twice", () => {
    const lost = after(GREETED, CHOSE, told({ stage: "inspecting" }), LOST, { type: "try_now" });
    expect(lost.effects).toEqual([{ do: "ask" }]);
    expect(step(lost.state, told({ stage: "inspected" })).state.phase).toBe("found");
  });

  test("during a pause is nothing new", () => {
    const paused = after(GREETED, CHOSE, told(), { type: "pause" });
    expect(step(paused.state, LOST)).toEqual({ state: paused.state, effects: [] });
  });
});

describe("a pause", () => {
  const paused = after(GREETED, CHOSE, told(), { type: "sending", offset: 50 }, { type: "pause" });

  test("stops what is under way and asks how much of it came", () => {
    expect([paused.state.phase, paused.effects]).toEqual(["paused", [{ do: "stop" }, { do: "ask" }]]);
    expect(step(paused.state, told({ offset: 40 })).state).toMatchObject({ phase: "paused", offset: 40 });
  });

  test("ends with asking where the content stands", () => {
    const resumed = step(paused.state, { type: "resume" });
    expect(resumed.effects).toEqual([{ do: "ask" }]);
    expect(step(resumed.state, told({ offset: 40 })).effects).toEqual([{ do: "send", offset: 40 }]);
  });

  test("is not ended by an answer that was still on its way", () => {
    expect(step(paused.state, told({ offset: 40 })).effects).toEqual([]);
    expect(step(paused.state, { type: "sent", offset: 100 }).effects).toEqual([]);
  });
});

describe("after a reload", () => {
  const reloaded = after({ type: "greeted", uploads: [upload({ offset: 620 })], limits: LIMITS });

  test("an unfinished upload asks for its files", () => {
    expect(reloaded.state).toMatchObject({ phase: "needs_files", offset: 620 });
  });

  test("the same files go on where the server stands", () => {
    const chosen = step(reloaded.state, CHOSE);
    expect(chosen.effects).toEqual([{ do: "ask" }]);
    expect(step(chosen.state, told({ offset: 620 })).effects).toEqual([{ do: "send", offset: 620 }]);
  });

  test("other files are not sent in their place", () => {
    const other = step(reloaded.state, { type: "chose", choice: { ...CHOICE, fingerprint: "g" } });
    expect(other.state).toMatchObject({ phase: "needs_files", choice: null, problem: { code: "other_files" } });
    expect(other.effects).toEqual([]);
  });

  test("what is all there needs no files", () => {
    const whole = after({ type: "greeted", uploads: [upload({ stage: "received", offset: 1000 })], limits: LIMITS });
    expect(whole.effects).toEqual([{ do: "inspect" }]);
  });
});

describe("a refusal", () => {
  const sending = after(GREETED, CHOSE, told()).state;

  test.each([
    ["wrong_offset", 300, "sending", [{ do: "send", offset: 300 }]],
    ["wrong_offset", 1000, "looking", [{ do: "inspect" }]],
    ["stalled", null, "sending", [{ do: "ask" }]],
    ["no_space", null, "paused", []],
    ["superseded", null, "paused", []],
    ["files_changed", null, "needs_files", []],
    ["not_signed_in", null, "signed_out", []],
    ["unknown_upload", null, "choosing", []],
    ["bad_name", null, "failed", []],
  ])("%s at %s leads to %s", (code, offset, phase, effects) => {
    const next = step(sending, refused(code, offset));
    expect([next.state.phase, next.effects]).toEqual([phase, effects]);
  });

  test("of a title leaves the choice open, with the sentence", () => {
    const opening = after(GREETED, CHOSE, told({ stage: "inspected" }), { type: "open", volumeId: "v", title: "" });
    const next = step(opening.state, refused("refused"));
    expect(next.state).toMatchObject({ phase: "found", problem: { message: "It is refused." } });
  });

  test("of too many uploads lets one choose again", () => {
    expect(after(GREETED, CHOSE, refused("too_many_uploads")).state.phase).toBe("choosing");
  });

  test("by the import itself leaves the choice open", () => {
    const error = { code: "x", message: "No bone in there.", file: null };
    expect(after(GREETED, CHOSE, told({ stage: "inspected", error })).state).toMatchObject({ phase: "found", problem: error });
  });

  test("of the inspection can be tried again", () => {
    const failed = after(GREETED, CHOSE, told({ stage: "failed" })).state;
    expect(step(failed, { type: "resume" }).effects).toEqual([{ do: "inspect" }]);
  });

  test.each([
    [{ files: 51 }, "too_many_files"],
    [{ totalBytes: 10_001 }, "too_large"],
    [{ totalBytes: 0 }, "empty"],
  ])("of %o needs no server", (change, code) => {
    const next = after(GREETED, { type: "chose", choice: { ...CHOICE, ...change } });
    expect(next.state).toMatchObject({ phase: "choosing", choice: null, problem: { code } });
    expect(next.effects).toEqual([]);
  });
});

test("discarding stops, deletes, and begins anew", () => {
  const discarded = after(GREETED, CHOSE, told(), { type: "discard" });
  expect(discarded.effects).toEqual([{ do: "stop" }, { do: "discard", id: "u" }]);
  const anew = step(discarded.state, { type: "discarded" });
  expect(anew.effects).toEqual([{ do: "greet" }]);
  expect(step(anew.state, GREETED).state).toMatchObject({ phase: "choosing", choice: null, upload: null });
});

/** A server and a line between it and the machine that fails as chance will have it. */
class Rehearsal {
  private readonly server = upload({ listed: 0 });
  private exists = false;
  state = BEGIN;
  tries = 0;

  constructor(private seed: number) {}

  run(): void {
    const queue: Effect[] = [{ do: "greet" }];
    let hasChosen = false;
    while (this.state.phase !== "found") {
      if (++this.tries > 5000) throw new Error(`hangs in ${this.state.phase}`);
      const effect = queue.shift();
      const event: Event = effect ? this.answer(effect) : hasChosen ? { type: "try_now" } : CHOSE;
      hasChosen ||= event.type === "chose";
      const next = step(this.state, event);
      this.state = next.state;
      queue.push(...next.effects);
    }
  }

  private chance(): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return this.seed / 2 ** 32;
  }

  /** The request is lost on its way there, or its answer on the way back, or neither. */
  private answer(effect: Effect): Event {
    const fate = this.chance();
    if (effect.do === "wait") return { type: "try_now" };
    if (fate < 0.2) {
      if (effect.do === "send") this.server.offset += Math.floor(this.chance() * Math.min(100, 1000 - this.server.offset));
      return LOST;
    }
    const event = this.carryOut(effect);
    return fate < 0.4 ? LOST : event;
  }

  private carryOut(effect: Effect): Event {
    const server = this.server;
    switch (effect.do) {
      case "greet":
        return { type: "greeted", uploads: this.exists ? [{ ...server }] : [], limits: LIMITS };
      case "announce":
        expect(this.exists).toBe(false);
        this.exists = true;
        break;
      case "list":
        if (effect.start !== server.listed) return refused("wrong_start");
        server.listed = Math.min(10, server.listed + 3);
        return { type: "listed", listed: server.listed };
      case "send":
        expect(server.listed).toBe(10);
        if (effect.offset !== server.offset) return refused("wrong_offset", server.offset);
        server.offset = Math.min(1000, server.offset + 100);
        if (server.offset === 1000) server.stage = "received";
        return { type: "sent", offset: server.offset };
      case "inspect":
        expect(server.offset).toBe(1000);
        server.stage = "inspecting";
        break;
      case "ask":
      case "ask_later":
        if (server.stage === "inspecting" && this.chance() < 0.5) server.stage = "inspected";
        break;
    }
    return { type: "told", upload: { ...server } };
  }
}

test("whatever is lost on the way, all content arrives and is looked at", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const rehearsal = new Rehearsal(seed);
    rehearsal.run();
    expect(rehearsal.state.upload?.offset).toBe(1000);
  }
});
