// The lines that stand below every picture: whose it is, of which plan, made from what.

import { t } from "../words";

export interface SourceFacts {
  modality: string;
  description: string;
  acquired_on: string;
  spacing_mm: [number, number, number];
  slice_thickness_mm: number | null;
}

/** What a picture has to tell, apart from what is drawn in it: letters, cube and scale bar. */
export interface Facts {
  title: string;
  /** "" as scanned, else the twin's letter. */
  frame: string;
  /** As the room says it, for example "v3 (posterior approach), approved". */
  planLabel: string;
  approved: boolean;
  revision: number;
  /** "" on the main branch. */
  branch: string;
  /** The picture shows the plan as it was then. */
  past: boolean;
  signatures: { name: string; role: string; at: string }[];
  source: SourceFacts | null;
  /** Images laid over, and how far off they may be; null: not known. */
  registrations: { name: string; error_mm: number | null }[];
  segments: { name: string; author: string; how: string }[];
  /** Names of what is not shown. */
  hidden: string[];
  clipped: { planes: number; box: boolean; by: string | null } | null;
  present: string[];
  presenter: string | null;
  takenBy: string;
  at: string;
  lagMs: number | null;
}

export interface Line {
  key: string;
  text: string;
  weight: "warning" | "strong" | "plain";
}

/** Return the lines, the weightiest first. What does not apply has none. */
export function legendOf(facts: Facts): Line[] {
  const strong = (key: string, text: string): Line => ({ key, text, weight: "strong" });
  const plain = (key: string, text: string): Line => ({ key, text, weight: "plain" });
  const lines: (Line | null)[] = [
    { key: "diagnostic", text: t("Not for diagnostic use"), weight: "warning" },
    facts.approved && !facts.past
      ? null
      : { key: "rehearsal", text: t("Rehearsal, not the agreed plan"), weight: "warning" },
    strong("case", t("Case: {title}", { title: facts.title })),
    strong("plan", planText(facts)),
    plain("simulated", t("No tissue mechanics, bleeding or flow is simulated")),
    strong("frame", frameText(facts.frame)),
    plain("source", facts.source ? sourceText(facts.source) : t("Source: no images")),
    ...facts.registrations.map((one, i) => plain(`registration ${i}`, registrationText(one))),
    ...facts.segments.map((one, i) =>
      plain(`segment ${i}`, t("{name}: {how}, by {author}", { name: one.name, how: one.how, author: one.author })),
    ),
    facts.hidden.length > 0 ? plain("hidden", t("Hidden: {names}", { names: facts.hidden.join(", ") })) : null,
    facts.clipped ? plain("clipped", clippedText(facts.clipped)) : null,
    ...facts.signatures.map((one, i) =>
      plain(`signed ${i}`, t("Signed by {name}, {role}, {time}", { name: one.name, role: t(one.role), time: timeText(one.at) })),
    ),
    plain("present", t("Present: {names}", { names: facts.present.join(", ") })),
    facts.presenter ? plain("presenter", t("{name} presents", { name: facts.presenter })) : null,
    plain("taken", takenText(facts)),
  ];
  return lines.filter((line) => line !== null);
}

function planText({ planLabel, revision, branch, past }: Facts): string {
  const plan = t("Plan: {label} · revision {n}", { label: planLabel, n: revision });
  const where = branch === "" ? plan : t("{plan} · branch {branch}", { plan, branch });
  return past ? t("{plan} · as it was then", { plan: where }) : where;
}

function frameText(frame: string): string {
  return frame === ""
    ? t("Frame: as scanned · LPS, mm")
    : t("Frame: twin {letter} · the twin's own L, P and S, mm", { letter: frame });
}

function sourceText({ modality, description, acquired_on, spacing_mm, slice_thickness_mm }: SourceFacts): string {
  const thickness =
    slice_thickness_mm === null ? t("slice thickness not given") : t("slices {n} mm thick", { n: figure(slice_thickness_mm) });
  return [
    t("Source: {modality} {series}", { modality, series: description || t("no description") }),
    acquired_on || t("date not given"),
    t("voxel {size} mm", { size: spacing_mm.map(figure).join(" × ") }),
    thickness,
  ].join(" · ");
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));

function registrationText({ name, error_mm }: Facts["registrations"][number]): string {
  return error_mm === null
    ? t("Laid over: {name}, registration error not known", { name })
    : t("Laid over: {name}, registration error {n} mm", { name, n: error_mm.toFixed(1) });
}

function clippedText({ planes, box, by }: NonNullable<Facts["clipped"]>): string {
  const what =
    planes === 0
      ? t("Clipped by a box; nothing is cut")
      : box
        ? planes === 1
          ? t("Clipped by one plane and a box; nothing is cut")
          : t("Clipped by {n} planes and a box; nothing is cut", { n: planes })
        : planes === 1
          ? t("Clipped by one plane; nothing is cut")
          : t("Clipped by {n} planes; nothing is cut", { n: planes });
  return by === null ? what : t("{what} · shared by {name}", { what, name: by });
}

function takenText({ takenBy, at, lagMs }: Facts): string {
  const taken = t("Picture by {name}, {time}", { name: takenBy, time: timeText(at) });
  return lagMs === null ? t("{taken} · not connected", { taken }) : t("{taken} · lag {n} ms", { taken, n: Math.round(lagMs) });
}

/** "2026-03-02 14:05 UTC" */
export const timeText = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
