// Deleting a room: it is asked first, and half a minute long one press brings it back.

import { button, element } from "../importing/elements";
import { t } from "../words";

export const UNDO_FOR_MS = 30_000;

interface Answer {
  undo?: string;
  problem?: string;
}

export function letDelete(list: HTMLElement): void {
  for (const bin of list.querySelectorAll<HTMLButtonElement>(".ch-bin")) {
    bin.hidden = false;
    bin.addEventListener("click", () => ask(bin));
  }
}

function ask(bin: HTMLButtonElement): void {
  const dialog = document.querySelector<HTMLDialogElement>("#ask")!;
  document.querySelector("#ask-title")!.textContent = bin.dataset.ask!;
  dialog.returnValue = "keep";
  dialog.onclose = () => {
    if (dialog.returnValue === "delete") void remove(bin.closest<HTMLElement>("[data-room]")!);
    else bin.focus();
  };
  dialog.showModal();
}

async function remove(card: HTMLElement): Promise<void> {
  const title = card.dataset.title!;
  card.inert = true;
  const answer = await send("delete", { room: card.dataset.room! });
  card.inert = false;
  if (answer.undo === undefined) {
    say(answer.problem!, null, true);
    return;
  }
  const beside = (card.nextElementSibling ?? card.previousElementSibling)?.querySelector<HTMLElement>(".ch-open");
  const { nextSibling, parentElement: list } = card;
  card.remove();
  document.body.classList.toggle("ch-bare", list!.childElementCount === 0);
  const undo = button(t("Undo"), "", () => void bringBack());
  const toast = say(t("Deleted “{title}”.", { title }), undo, false);
  undo.focus();
  const gone = setTimeout(() => {
    toast.remove();
    beside?.focus();
  }, UNDO_FOR_MS);

  async function bringBack(): Promise<void> {
    undo.disabled = true;
    const undone = await send("undo", { undo: answer.undo! });
    clearTimeout(gone);
    toast.remove();
    if (undone.problem !== undefined) {
      say(undone.problem, null, true);
      return;
    }
    list!.insertBefore(card, nextSibling?.parentElement === list ? nextSibling : null);
    document.body.classList.remove("ch-bare");
    card.querySelector<HTMLElement>(".ch-open")!.focus();
    say(t("“{title}” is back.", { title }), null, false);
  }
}

async function send(act: "delete" | "undo", fields: Record<string, string>): Promise<Answer> {
  const form = document.querySelector<HTMLFormElement>("#act")!;
  const body = new URLSearchParams(fields);
  for (const [name, value] of new FormData(form)) body.set(name, String(value));
  try {
    const answer = await fetch(form.dataset[act]!, { method: "POST", body });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return (await answer.json()) as Answer;
    return { problem: t("The server answered with {status}. Load the page again.", { status: answer.status }) };
  } catch {
    return { problem: t("The server cannot be reached. Nothing was changed; try again.") };
  }
}

/** Show a sentence at the foot of the page; refusals are said at once, the rest when there is time. */
function say(sentence: string, offer: HTMLElement | null, refused: boolean): HTMLElement {
  const toast = element("div", { class: refused ? "ch-toast ch-refused" : "ch-toast" }, element("span", {}, sentence), offer);
  if (refused) toast.setAttribute("role", "alert");
  document.querySelector("#toasts")!.append(toast);
  if (offer === null) setTimeout(() => toast.remove(), UNDO_FOR_MS / 3);
  return toast;
}
