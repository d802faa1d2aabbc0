// The list of rooms as values: what is shown, and in which order.

export type Order = "opened" | "changed" | "title";

export interface Row {
  title: string;
  /** ISO 8601; empty: never. */
  opened: string;
  changed: string;
  /** All that may be searched for, in lower case. */
  search: string;
}

/** Whether every word that is sought begins somewhere in the row; accents count for nothing. */
export function matches(row: Row, sought: string): boolean {
  const text = plain(row.search);
  return plain(sought)
    .split(/\s+/)
    .filter((word) => word !== "")
    .every((word) => text.includes(word));
}

/** Compare for an order: the latest first, or titles as people sort them. */
export function compare(order: Order): (a: Row, b: Row) => number {
  const byTitle = (a: Row, b: Row): number => a.title.localeCompare(b.title, undefined, { numeric: true });
  if (order === "title") return byTitle;
  const time = order === "opened" ? (row: Row) => row.opened || "" : (row: Row) => row.changed;
  return (a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : byTitle(a, b));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
