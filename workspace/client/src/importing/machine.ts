// What the import page does next: states and events in, state and effects out. No network, no
// clock, no page. After every lost line the server is asked where it stands, and its answer alone
// says how to go on.

import type { Choice } from "./listing";
import type { Found, Limits, ServerUpload } from "./answers";

export type Phase =
  | "greeting"
  | "choosing"
  | "collecting"
  | "needs_files"
  | "announcing"
  | "listing"
  | "sending"
  | "waiting"
  | "paused"
  | "looking"
  | "found"
  | "opening"
  | "ready"
  | "failed"
  | "signed_out";

export interface Problem {
  code: string;
  message: string;
  /** Which file of the list is meant. */
  file: number | null;
}

export interface State {
  phase: Phase;
  limits: Limits | null;
  /** What is chosen in this window; null after a reload. */
  choice: Choice | null;
  /** The upload as the server last told of it. */
  upload: ServerUpload | null;
  /** Bytes that have come, with those under way. */
  offset: number;
  /** Files found so far in what was dropped. */
  collected: number;
  /** How many tries in a row have failed. */
  attempt: number;
  /** How long the wait after the last failed try is, ms. */
  waitMs: number;
  problem: Problem | null;
}

export type Event =
  | { type: "greeted"; uploads: ServerUpload[]; limits: Limits }
  | { type: "collecting"; files: number }
  | { type: "chose"; choice: Choice }
  | { type: "unreadable"; message: string }
  | { type: "told"; upload: ServerUpload }
  | { type: "listed"; listed: number }
  | { type: "sending"; offset: number }
  | { type: "sent"; offset: number }
  | { type: "lost"; chance: number }
  | { type: "refused"; problem: Problem; offset: number | null }
  | { type: "try_now" }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "open"; volumeId: string; title: string }
  | { type: "discard" }
  | { type: "discarded" };

export type Effect =
  | { do: "greet" }
  | { do: "announce" }
  | { do: "list"; start: number }
  | { do: "send"; offset: number }
  | { do: "ask" }
  | { do: "ask_later" }
  | { do: "inspect" }
  | { do: "open"; volumeId: string; title: string }
  | { do: "wait"; ms: number }
  | { do: "stop" }
  | { do: "discard"; id: string };

export interface Step {
  state: State;
  effects: Effect[];
}

export const BEGIN: State = {
  phase: "greeting", limits: null, choice: null, upload: null, offset: 0, collected: 0, attempt: 0,
  waitMs: 0, problem: null,
};

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** How long to wait after failed try number `attempt` (0, 1, ...); `chance` in 0..1 spreads a crowd. */
export function waitMs(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(longest * (0.75 + 0.25 * chance));
}

export function step(state: State, event: Event): Step {
  switch (event.type) {
    case "greeted":
      return greeted({ ...state, limits: event.limits, attempt: 0 }, event.uploads);
    case "collecting":
      return stay({ ...state, phase: "collecting", collected: event.files });
    case "chose":
      return chose(state, event.choice);
    case "unreadable":
      return notChosen(state, problemOf("unreadable", event.message));
    case "told":
      return told({ ...state, upload: event.upload, attempt: 0 }, event.upload);
    case "listed":
      return withUpload(state, { listed: event.listed });
    case "sending":
      return state.phase === "sending" ? stay({ ...state, offset: event.offset }) : stay(state);
    case "sent":
      return state.phase === "sending" ? withUpload(state, { offset: event.offset }) : stay(state);
    case "lost":
      return lost(state, event.chance);
    case "refused":
      return refused(state, event.problem, event.offset);
    case "try_now":
      return state.phase === "waiting" ? again(state) : stay(state);
    case "pause":
      return isUnderWay(state) ? pause(state) : stay(state);
    case "resume":
      return resume(state);
    case "open":
      return {
        state: { ...state, phase: "opening", problem: null },
        effects: [{ do: "open", volumeId: event.volumeId, title: event.title }],
      };
    case "discard":
      return discard(state);
    case "discarded":
      return { state: { ...BEGIN, limits: state.limits }, effects: [{ do: "greet" }] };
  }
}

/** Whether bytes of this window's files are on their way, or would be if there were a line. */
export function isUnderWay(state: State): boolean {
  return ["announcing", "listing", "sending", "waiting"].includes(state.phase);
}

export function found(state: State): Found | null {
  return state.upload?.found ?? null;
}

function stay(state: State): Step {
  return { state, effects: [] };
}

function greeted(state: State, uploads: ServerUpload[]): Step {
  const upload = uploads[0];
  if (state.choice !== null && !uploads.some(({ fingerprint }) => fingerprint === state.choice?.fingerprint)) {
    // The line was lost while the upload was announced.
    return { state: { ...state, phase: "announcing" }, effects: [{ do: "announce" }] };
  }
  const own = uploads.find(({ fingerprint }) => fingerprint === state.choice?.fingerprint) ?? upload;
  if (own === undefined) return stay({ ...state, phase: "choosing", upload: null });
  return told({ ...state, upload: own }, own);
}

function chose(state: State, choice: Choice): Step {
  const problem = faultOf(state, choice);
  if (problem !== null) return notChosen(state, problem);
  const chosen: State = { ...state, choice, problem: null };
  if (state.upload === null) {
    return { state: { ...chosen, phase: "announcing", offset: 0 }, effects: [{ do: "announce" }] };
  }
  return again(chosen);
}

function notChosen(state: State, problem: Problem): Step {
  const phase = state.upload === null ? "choosing" : "needs_files";
  return stay({ ...state, phase, choice: null, problem });
}

/** What is wrong with a choice, before a byte of it is sent. */
function faultOf(state: State, choice: Choice): Problem | null {
  const { limits, upload } = state;
  if (choice.totalBytes === 0) {
    return problemOf("empty", "There is nothing in there. Choose a folder, files or a zip with images.");
  }
  if (limits !== null && choice.files > limits.files) {
    return problemOf("too_many_files", "These are too many files. Choose fewer folders, or pack them as a zip.");
  }
  if (limits !== null && choice.totalBytes > limits.total_bytes) {
    return problemOf("too_large", "This is too large. Choose fewer series.");
  }
  if (upload !== null && upload.fingerprint !== choice.fingerprint) {
    return problemOf(
      "other_files",
      "These are not the files of the unfinished upload. Choose the same ones to go on, or discard it first.",
    );
  }
  return null;
}

function problemOf(code: string, message: string): Problem {
  return { code, message, file: null };
}

/** Go on from where the server says that an upload stands. */
function told(state: State, upload: ServerUpload): Step {
  const known: State = { ...state, offset: upload.offset ?? 0, problem: upload.error ?? null };
  switch (upload.stage) {
    case "receiving":
      return receiving(known, upload);
    case "received":
      return { state: { ...known, phase: "looking" }, effects: [{ do: "inspect" }] };
    case "inspecting":
      return { state: { ...known, phase: "looking" }, effects: [{ do: "ask_later" }] };
    case "inspected":
      return stay({ ...known, phase: "found" });
    case "opening":
      return { state: { ...known, phase: "opening" }, effects: [{ do: "ask_later" }] };
    case "ready":
      return stay({ ...known, phase: "ready" });
    case "failed":
      return stay({ ...known, phase: "failed" });
  }
}

function receiving(state: State, upload: ServerUpload): Step {
  if (state.phase === "paused") return stay(state);
  if (state.choice?.fingerprint !== upload.fingerprint) return stay({ ...state, phase: "needs_files" });
  if (upload.listed < upload.files) {
    return { state: { ...state, phase: "listing" }, effects: [{ do: "list", start: upload.listed }] };
  }
  return { state: { ...state, phase: "sending" }, effects: [{ do: "send", offset: upload.offset }] };
}

/** Take a part that has arrived into the server's account, and go on. */
function withUpload(state: State, change: Partial<ServerUpload>): Step {
  if (state.upload === null) return stay(state);
  const upload = { ...state.upload, ...change };
  const known: State = { ...state, upload, offset: upload.offset, attempt: 0, problem: null };
  if (upload.listed === upload.files && upload.offset === upload.total_bytes) {
    return { state: { ...known, phase: "looking" }, effects: [{ do: "inspect" }] };
  }
  return receiving(known, upload);
}

function lost(state: State, chance: number): Step {
  if (state.phase === "paused") return stay(state);
  const ms = waitMs(state.attempt, chance);
  return {
    state: { ...state, phase: "waiting", attempt: state.attempt + 1, waitMs: ms },
    effects: [{ do: "wait", ms }],
  };
}

/** Ask the server where it stands; before there is an upload, begin anew. */
function again(state: State): Step {
  const phase = state.upload === null ? "greeting" : state.phase === "paused" ? "sending" : state.phase;
  return { state: { ...state, phase, problem: null }, effects: [{ do: state.upload === null ? "greet" : "ask" }] };
}

/** Stop, and ask how much of what was under way has come. */
function pause(state: State): Step {
  const ask: Effect[] = state.upload === null ? [] : [{ do: "ask" }];
  return { state: { ...state, phase: "paused" }, effects: [{ do: "stop" }, ...ask] };
}

function resume(state: State): Step {
  if (state.phase === "failed" && state.upload?.stage === "failed") {
    return { state: { ...state, phase: "looking", problem: null }, effects: [{ do: "inspect" }] };
  }
  return state.phase === "paused" || state.phase === "failed" ? again(state) : stay(state);
}

function refused(state: State, problem: Problem, offset: number | null): Step {
  switch (problem.code) {
    case "wrong_offset":
      if (offset !== null) return withUpload(state, { offset });
      return again(state);
    case "wrong_start":
    case "not_complete":
    case "not_listed":
    case "stalled":
      return again(state);
    case "not_signed_in":
      return stay({ ...state, phase: "signed_out", problem });
    case "unknown_upload":
      return stay({ ...state, phase: "choosing", upload: null, choice: null, offset: 0, problem });
    case "files_changed":
      return stay({ ...state, phase: "needs_files", choice: null, problem });
  }
  if (state.upload === null) return stay({ ...state, phase: "choosing", choice: null, problem });
  if (state.phase === "opening" || state.phase === "found") return stay({ ...state, phase: "found", problem });
  if (problem.code === "superseded" || problem.code === "no_space" || problem.code === "disk") {
    return stay({ ...state, phase: "paused", problem, offset: state.upload.offset });
  }
  return stay({ ...state, phase: "failed", problem });
}

function discard(state: State): Step {
  if (state.upload === null) return { state: { ...BEGIN, limits: state.limits }, effects: [{ do: "stop" }, { do: "greet" }] };
  const id = state.upload.id;
  return { state: { ...state, phase: "greeting", problem: null }, effects: [{ do: "stop" }, { do: "discard", id }] };
}
