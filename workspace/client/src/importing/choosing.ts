// The part of the page on which files are chosen or dropped.

import { button, element, icon } from "./elements";
import { type ChosenFile, fromDrop, fromInput, UnreadableChoiceError } from "./listing";
import type { State } from "./machine";
import { t } from "../words";
import { filesInWords, sizeInWords } from "./words";

export interface Choosing {
  chosen(files: ChosenFile[]): void;
  collecting(files: number): void;
  unreadable(message: string): void;
  discard(): void;
}

const TRAY = "M12 15V4M8 8l4-4 4 4M4 14v5h16v-5";

/** Where files are chosen: for a new upload, or once more for one that is unfinished. */
export function dropZone(state: State, choosing: Choosing): HTMLElement {
  const files = picker(t("Choose files"), false, choosing);
  const folder = picker(t("Choose folder"), true, choosing);
  const limits = state.limits;
  const most =
    limits === null
      ? null
      : t("Up to {size} and {files}.", { size: sizeInWords(limits.total_bytes), files: filesInWords(limits.files) });
  return element(
    "div",
    { class: "ci-drop", id: "drop" },
    icon(TRAY),
    element("p", { class: "ci-big" }, t("Drop files, a folder or a zip here")),
    element("div", { class: "ci-row" }, folder.button, files.button, folder.input, files.input),
    element(
      "p",
      { class: "ci-mu" },
      most === null ? null : `${most} `,
      t("A lost connection costs nothing: the upload goes on where it stood."),
    ),
  );
}

/** What an unfinished upload says of itself. */
export function unfinished(state: State, choosing: Choosing): HTMLElement {
  const { upload } = state;
  const share = upload === null ? 0 : Math.floor((100 * upload.offset) / upload.total_bytes);
  const text =
    upload === null
      ? ""
      : t("{files}, {size}: {share} % is on the server already. Choose the same files again, and the rest is sent.", {
          files: filesInWords(upload.files),
          size: sizeInWords(upload.total_bytes),
          share,
        });
  return element(
    "div",
    { class: "ci-card ci-row" },
    element("p", { class: "ci-grow" }, text),
    button(t("Discard it"), "", () => choosing.discard()),
  );
}

function picker(
  label: string,
  isFolder: boolean,
  choosing: Choosing,
): { button: HTMLButtonElement; input: HTMLInputElement } {
  const input = element("input", {
    type: "file",
    class: "ci-hidden",
    tabindex: "-1",
    "aria-hidden": "true",
    "data-choose": isFolder ? "folder" : "files",
    multiple: true,
    webkitdirectory: isFolder,
    change: () => {
      const chosen = fromInput(input.files ?? []);
      if (chosen.length > 0) choosing.chosen(chosen);
    },
  });
  return { button: button(label, isFolder ? "ci-primary" : "", () => input.click()), input };
}

/** Let files be dropped anywhere on the page while `isOpen` says so; elsewhere a drop does nothing. */
export function acceptDrops(isOpen: () => boolean, choosing: Choosing): void {
  const mark = (on: boolean): void => void document.getElementById("drop")?.classList.toggle("ci-over", on);
  addEventListener("dragover", (event) => {
    event.preventDefault(); // else the browser would leave the page and show the file
    if (event.dataTransfer) event.dataTransfer.dropEffect = isOpen() ? "copy" : "none";
    mark(isOpen());
  });
  addEventListener("dragleave", (event) => mark(event.relatedTarget !== null));
  addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (isOpen() && event.dataTransfer) void take(event.dataTransfer, choosing);
  });
}

async function take(transfer: DataTransfer, choosing: Choosing): Promise<void> {
  try {
    const files = await fromDrop(transfer.items, (count) => {
      if (count % 200 === 0) choosing.collecting(count);
    });
    if (files.length > 0) choosing.chosen(files);
    else choosing.unreadable(t("There was no file in what you dropped. Choose a folder, files or a zip."));
  } catch (error) {
    if (!(error instanceof UnreadableChoiceError)) throw error;
    choosing.unreadable(error.message);
  }
}
