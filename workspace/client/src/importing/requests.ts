// Requests to the server: each ends with an answer, a refusal with a sentence, or a lost line.

import { t } from "../words";
import type { Problem } from "./machine";

/** Relative to the page, which may lie below a proxy's prefix; another page says where it is. */
const API = document.documentElement.dataset.importApi ?? "api";
/** A line on which nothing moves for so long is lost, though nobody said so. */
export const SILENCE_MS = 30_000;

export class LostError extends Error {}

export class RefusedError extends Error {
  constructor(
    readonly problem: Problem,
    readonly offset: number | null,
  ) {
    super(problem.message);
  }
}

/** Whoever waited for the answer has stopped it. */
export class StoppedError extends Error {}

export async function ask<T>(
  method: string,
  path: string,
  body: string | null,
  stop: AbortSignal,
): Promise<T | null> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const stopNow = (): void => silence.abort();
  stop.addEventListener("abort", stopNow);
  try {
    const answer = await fetch(`${API}/${path}`, { method, body, signal: silence.signal, cache: "no-store" });
    const text = await answer.text();
    if (!answer.ok) throw refusalOf(answer.status, text, answer.headers.get("Upload-Offset"));
    return text === "" ? null : (JSON.parse(text) as T);
  } catch (error) {
    if (stop.aborted) throw new StoppedError();
    throw error instanceof RefusedError ? error : new LostError();
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", stopNow);
  }
}

/** Send a chunk; `moved` is told how much of it has gone. Returns where the content stands then. */
export function sendChunk(
  id: string,
  offset: number,
  chunk: Blob,
  moved: (bytes: number) => void,
  stop: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // XMLHttpRequest, because fetch does not tell how much of a body has gone.
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout>;
    const stopNow = (): void => request.abort();
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", stopNow);
      settle();
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(stopNow, SILENCE_MS);
    };
    request.open("PATCH", `${API}/uploads/${id}`);
    request.setRequestHeader("Upload-Offset", String(offset));
    request.setRequestHeader("Content-Type", "application/offset+octet-stream");
    request.upload.onprogress = (event) => {
      wait();
      moved(event.loaded);
    };
    request.onload = () =>
      end(() => {
        const at = request.getResponseHeader("Upload-Offset");
        if (request.status === 204 && at !== null) resolve(Number(at));
        else reject(refusalOf(request.status, request.responseText, at));
      });
    request.onerror = () => end(() => reject(new LostError()));
    request.onabort = () => end(() => reject(stop.aborted ? new StoppedError() : new LostError()));
    stop.addEventListener("abort", stopNow);
    wait();
    request.send(chunk);
  });
}

/** A refusal of ours has a code and a sentence; whatever else answers with an error is no server of ours. */
function refusalOf(status: number, text: string, offset: string | null): Error {
  try {
    const { code, message, file } = JSON.parse(text) as Problem;
    if (typeof code === "string") {
      return new RefusedError({ code, message: message ?? "", file: file ?? null }, offset === null ? null : Number(offset));
    }
  } catch {
    // a proxy's page, for example
  }
  if (status >= 500) return new LostError();
  const message = t("The server answered with {status}. Load the page again.", { status });
  return new RefusedError({ code: "unexpected", message, file: null }, null);
}
