// The kinds of markups: one line of this table each.

import { t } from "../words";
import type { MarkupKind } from "../records";

/** Where a kind can be placed: the surface in 3D, a slice, or both. */
export type Ground = "everywhere" | "slices" | "surfaces";

export interface Kind {
  kind: MarkupKind;
  tool: "measure" | "annotate";
  label(): string;
  /** While the menu is open, this letter chooses it. */
  key: string;
  /** Path of the icon, 24 x 24. */
  icon: string;
  ground: Ground;
  /** Points that it has at least and at most; a gap counts its structures. */
  least: number;
  most: number;
  /** Points of it may stick to the anatomy and move along; a region stays in the images. */
  sticks: boolean;
  /** What the next click does, by the number of points there are; the last one goes on. */
  prompts: (() => string)[];
}

const finish = (): string => t("Click the next point; Enter finishes");

export const KINDS: Kind[] = [
  {
    kind: "line",
    tool: "measure",
    label: () => t("Line"),
    key: "L",
    icon: "M4 20L20 4M2 18l4 4M18 2l4 4",
    ground: "everywhere",
    least: 2,
    most: 2,
    sticks: true,
    prompts: [() => t("Click the first end of the line"), () => t("Click the other end")],
  },
  {
    kind: "surface_path",
    tool: "measure",
    label: () => t("Path along the surface"),
    key: "S",
    icon: "M3 17c4-10 8 2 11-6s5-5 7-6M3 21c6-4 12-3 18-8",
    ground: "surfaces",
    least: 2,
    most: 64,
    sticks: true,
    prompts: [() => t("Click where the path begins"), () => t("Click the next point on the same structure"), finish],
  },
  {
    kind: "angle",
    tool: "measure",
    label: () => t("Angle"),
    key: "A",
    icon: "M20 20H4L16 5M12 20a8 8 0 00-3-6",
    ground: "everywhere",
    least: 3,
    most: 3,
    sticks: true,
    prompts: [
      () => t("Click a point of the first leg"),
      () => t("Click the vertex of the angle"),
      () => t("Click a point of the other leg"),
    ],
  },
  {
    kind: "closed_curve",
    tool: "measure",
    label: () => t("Area"),
    key: "C",
    icon: "M5 8l7-4 7 5-2 9-9 2-4-6z",
    ground: "everywhere",
    least: 3,
    most: 512,
    sticks: true,
    prompts: [
      () => t("Click the first point of the outline"),
      () => t("Click the next point"),
      () => t("Click the next point"),
      () => t("Click the next point; the first one or Enter closes"),
    ],
  },
  {
    kind: "roi_ellipse",
    tool: "measure",
    label: () => t("Region: ellipse"),
    key: "E",
    icon: "M3 12a9 6 0 1018 0 9 6 0 10-18 0zM12 12h9M12 12V6",
    ground: "slices",
    least: 2,
    most: 3,
    sticks: false,
    prompts: [
      () => t("Click the centre of the region in a slice"),
      () => t("Click the end of its first half axis"),
      () => t("Click how wide it is; Enter makes a circle"),
    ],
  },
  {
    kind: "roi_box",
    tool: "measure",
    label: () => t("Region: box"),
    key: "B",
    icon: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
    ground: "everywhere",
    least: 2,
    most: 2,
    sticks: false,
    prompts: [() => t("Click a corner of the box"), () => t("Click the opposite corner")],
  },
  {
    kind: "gap",
    tool: "measure",
    label: () => t("Gap between two"),
    key: "G",
    icon: "M8 4c-4 4-4 12 0 16M16 4c4 4 4 12 0 16M9 12h6M11 10l-2 2 2 2M13 10l2 2-2 2",
    ground: "everywhere",
    least: 2,
    most: 2,
    sticks: true,
    prompts: [() => t("Click the first structure"), () => t("Click the second structure")],
  },
  {
    kind: "point",
    tool: "annotate",
    label: () => t("Point"),
    key: "P",
    icon: "M12 3v18M3 12h18M9 12a3 3 0 106 0 3 3 0 10-6 0z",
    ground: "everywhere",
    least: 1,
    most: 1,
    sticks: true,
    prompts: [() => t("Click where the point goes")],
  },
  {
    kind: "arrow",
    tool: "annotate",
    label: () => t("Arrow"),
    key: "A",
    icon: "M4 20L19 5M10 4h10v10",
    ground: "everywhere",
    least: 2,
    most: 2,
    sticks: true,
    prompts: [() => t("Click where the arrow begins"), () => t("Click what it points to")],
  },
  {
    kind: "text",
    tool: "annotate",
    label: () => t("Text"),
    key: "T",
    icon: "M5 7V4h14v3M12 4v16M9 20h6",
    ground: "everywhere",
    least: 1,
    most: 1,
    sticks: true,
    prompts: [() => t("Click where the text goes")],
  },
  {
    kind: "freehand",
    tool: "annotate",
    label: () => t("Freehand"),
    key: "F",
    icon: "M3 18c3-8 6-12 8-10s-4 8-1 9 4-7 7-6 0 5 4 5",
    ground: "everywhere",
    least: 2,
    most: 2048,
    sticks: true,
    prompts: [() => t("Draw with the button held down; right-drag turns the view")],
  },
];

const BY_KIND = new Map(KINDS.map((kind) => [kind.kind, kind]));

export function kindOf(kind: MarkupKind): Kind {
  const found = BY_KIND.get(kind);
  if (!found) throw new Error(`no kind of markup ${kind}`);
  return found;
}

export const isMarkupKind = (name: unknown): name is MarkupKind => BY_KIND.has(name as MarkupKind);

/** What the next click does when there are so many points. */
export function promptFor({ prompts }: Kind, placed: number): string {
  return prompts[Math.min(placed, prompts.length - 1)]();
}
