// The part of the page that shows what was found, and what one makes of it.

import type { Found, FoundVolume } from "./answers";
import { button, element } from "./elements";
import { t } from "../words";
import { filesInWords, inDigits, lengthInWords } from "./words";

export interface FindingActions {
  open(wish: Wish): void;
  discard(): void;
}

export interface Wish {
  volumeId: string;
  title: string;
}

export const DEFAULT_TITLE = t("Unnamed case");
const MAX_TITLE = 200;

/** `wish` is what was asked for before, if making the room failed. */
export function finding(found: Found, wish: Wish | null, actions: FindingActions): HTMLElement {
  const hasVolumes = found.volumes.length > 0;
  return element(
    "form",
    { class: "ci-found", submit: (event: Event) => submitted(event, actions) },
    hasVolumes ? volumes(found.volumes, wish?.volumeId) : null,
    refused(found),
    skipped(found),
    hasVolumes ? naming(wish?.title ?? DEFAULT_TITLE, actions) : element("div", { class: "ci-row" }, button(t("Discard and choose others"), "ci-primary", () => actions.discard())),
  );
}

export function headingOf(found: Found): string {
  if (found.volumes.length === 0) return t("No volume here can be opened");
  return found.volumes.length === 1 ? t("One volume found") : t("{n} volumes found: choose one", { n: found.volumes.length });
}

function submitted(event: Event, actions: FindingActions): void {
  event.preventDefault();
  const values = new FormData(event.target as HTMLFormElement);
  const volumeId = values.get("volume");
  const title = String(values.get("title") ?? "").trim() || DEFAULT_TITLE;
  if (typeof volumeId === "string") actions.open({ volumeId, title });
}

function volumes(found: FoundVolume[], wished: string | undefined): HTMLElement {
  return element(
    "fieldset",
    { class: "ci-volumes" },
    element("legend", { class: "ci-h" }, t("Volumes")),
    ...found.map((volume) => volumeRow(volume, found.length === 1 || volume.id === wished)),
  );
}

function volumeRow(volume: FoundVolume, isChosen: boolean): HTMLElement {
  const [slices, rows, columns] = volume.shape_kji;
  const spacing = volume.spacing_mm.map(lengthInWords).join(" × ");
  const radio = element("input", { type: "radio", name: "volume", value: volume.id, required: true, checked: isChosen });
  return element(
    "label",
    { class: "ci-card ci-volume" },
    radio,
    element("span", { class: "ci-modality" }, volume.modality || "?"),
    element(
      "span",
      { class: "ci-grow" },
      element("b", {}, volume.description || t("Without description")),
      element(
        "span",
        { class: "ci-mu" },
        t("{slices} slices of {columns} × {rows} · {spacing} mm", { slices, columns, rows, spacing }) + (volume.hu ? " · HU" : ""),
      ),
      ...volume.warnings.map(({ message }) => element("span", { class: "ci-warn" }, sentence(message))),
    ),
  );
}

function refused(found: Found): HTMLElement | null {
  if (found.refused.length === 0) return null;
  return element(
    "section",
    {},
    element("h2", { class: "ci-h" }, t("Refused")),
    ...found.refused.map(({ code, message, files }) =>
      element(
        "div",
        { class: "ci-card ci-refused" },
        element("p", {}, sentence(message)),
        element("p", { class: "ci-mu" }, `${filesInWords(files)} · ${code}`),
      ),
    ),
  );
}

function skipped(found: Found): HTMLElement | null {
  const kinds = Object.entries(found.skipped);
  const hidden = found.not_shown > 0 ? t("{n} more are not shown.", { n: inDigits(found.not_shown, 0) }) : "";
  if (kinds.length === 0 && hidden === "") return null;
  const total = kinds.reduce((sum, [, files]) => sum + files, 0);
  const reasons = kinds.map(([code, files]) => `${inDigits(files, 0)} ${code.replaceAll("_", " ")}`).join(", ");
  const text = total > 0 ? t("{files} set aside: {reasons}.", { files: filesInWords(total), reasons }) : "";
  return element("p", { class: "ci-mu ci-aside" }, `${text} ${hidden}`.trim());
}

function naming(title: string, actions: FindingActions): HTMLElement {
  return element(
    "div",
    { class: "ci-naming" },
    element("label", { for: "title" }, t("Title of the case")),
    element("input", {
      id: "title",
      name: "title",
      value: title,
      maxlength: String(MAX_TITLE),
      autocomplete: "off",
      "aria-describedby": "title-hint",
    }),
    element("p", { class: "ci-mu", id: "title-hint" }, t("Everybody in the room reads it. Never a patient’s name.")),
    element(
      "div",
      { class: "ci-row" },
      element("button", { type: "submit", class: "ci-btn ci-primary" }, t("Open a room")),
      button(t("Discard"), "", () => actions.discard()),
    ),
  );
}

/** A message of the server as a sentence of the page. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
