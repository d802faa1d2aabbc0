// Searching and sorting the cards that the server has drawn.

import { t } from "../words";
import { compare, matches, type Order, type Row } from "./list";

export function rowOf(card: HTMLElement): Row {
  const { title = "", opened = "", changed = "", search = "" } = card.dataset;
  return { title, opened, changed, search };
}

/** Let the cards of a list be searched and sorted. */
export function letFind(list: HTMLElement): void {
  const tools = document.querySelector<HTMLElement>(".ch-find")!;
  const search = document.querySelector<HTMLInputElement>("#search")!;
  const sort = document.querySelector<HTMLSelectElement>("#sort")!;
  const none = document.querySelector<HTMLElement>("#none")!;
  const shown = document.querySelector<HTMLElement>("#shown")!;
  tools.hidden = false;
  const cards = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-room]")];

  const find = (): void => {
    for (const card of cards()) card.hidden = !matches(rowOf(card), search.value);
    const left = cards().filter((card) => !card.hidden).length;
    none.hidden = left > 0;
    shown.textContent = t("{n} of {all} rooms are shown", { n: left, all: cards().length });
  };
  const order = (): void => {
    const by = compare(sort.value as Order);
    list.append(...cards().sort((a, b) => by(rowOf(a), rowOf(b))));
  };

  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || search.value === "") return;
    search.value = "";
    find();
  });
  sort.addEventListener("change", order);
  document.addEventListener("keydown", (event) => {
    const inField = event.target instanceof HTMLElement && event.target.matches("input, select, textarea");
    if (event.key !== "/" || inField || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
  });
}
