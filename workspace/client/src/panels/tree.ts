// The list of segments in groups: by owner, by the group they were put into, or as one.

import { t } from "../words";
import type { MeasureRow, SolidRow } from "./rows";

export type Grouping = "owner" | "group" | "flat";

export interface Group<Row> {
  key: string;
  /** Empty where there is but one group. */
  heading: string;
  rows: Row[];
}

const OWNERS = ["A", "B", "shared", "undecided"];

/** What stands for an owner, beside the style of its outline. */
export function markOf(owner: string): string {
  return { A: "A", B: "B", shared: "S" }[owner] ?? "?";
}

export function ownerName(owner: string): string {
  switch (owner) {
    case "A":
      return t("Twin A");
    case "B":
      return t("Twin B");
    case "shared":
      return t("Shared");
    default:
      return t("Undecided");
  }
}

function gathered<Row>(rows: Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row]);
  return found;
}

/** Return the rows in groups; a fragment stands in that of its segment, right below it. */
export function treeOf(solids: SolidRow[], grouping: Grouping): Group<SolidRow>[] {
  if (grouping === "flat") return solids.length ? [{ key: "all", heading: "", rows: solids }] : [];
  if (grouping === "owner") {
    const found = gathered(solids, (row) => row.owner);
    return OWNERS.filter((owner) => found.has(owner)).map((owner) => ({
      key: owner,
      heading: ownerName(owner),
      rows: found.get(owner) ?? [],
    }));
  }
  const found = gathered(solids, (row) => row.group);
  const names = [...found.keys()].sort((a, b) => Number(a === "") - Number(b === "") || a.localeCompare(b));
  return names.map((name) => ({ key: `group ${name}`, heading: name || t("No group"), rows: found.get(name) ?? [] }));
}

/** The groups that there are, to choose from. */
export function groupsOf(solids: SolidRow[]): string[] {
  return [...new Set(solids.map((row) => row.group))].filter((name) => name !== "").sort();
}

const FORMS: [string[], () => string][] = [
  [["line"], () => t("Distances")],
  [["surface_path"], () => t("Distances along the surface")],
  [["gap"], () => t("Gaps between segments")],
  [["angle"], () => t("Angles")],
  [["closed_curve"], () => t("Areas")],
  [["roi_ellipse", "roi_box"], () => t("Regions")],
  [["point"], () => t("Points")],
  [["text", "arrow", "freehand"], () => t("Texts, arrows and drawings")],
];

/** Return measurements and markups by what they are, in a fixed order. */
export function measuresByForm(measures: MeasureRow[]): Group<MeasureRow>[] {
  const known = new Set(FORMS.flatMap(([forms]) => forms));
  const groups = FORMS.map(([forms, heading]) => ({
    key: forms[0],
    heading: heading(),
    rows: measures.filter((row) => forms.includes(row.form)),
  }));
  const others = measures.filter((row) => !known.has(row.form));
  return [...groups, { key: "other", heading: t("Others"), rows: others }].filter(({ rows }) => rows.length > 0);
}
