// What the legend of a picture tells, as the room has it right now.

import type { PlanView, SegmentRecord } from "../records";
import { MAIN } from "../records";
import { leavesOf, solidOf } from "../store";
import { t } from "../words";
import type { Workbench } from "../workbench";
import { clipsNothing } from "../inside/clips";
import { frameOf } from "../frames";
import type { Facts, SourceFacts } from "./legend";

export function factsOf(bench: Workbench, now: Date): Facts {
  const { room } = bench;
  const { view, past, revision, branchId, presenting, present, memberId, lagMs } = room.state;
  const status = view.status.status;
  const version = status?.version_id ? view.versions[status.version_id] : undefined;
  return {
    title: view.case.case?.title || t("untitled"),
    frame: frameOf(bench).name,
    planLabel: status?.label ?? t("Draft"),
    approved: status?.state === "approved",
    revision: past ?? revision,
    branch: branchId === MAIN ? "" : room.branchName(branchId),
    past: past !== null,
    signatures: version?.signatures ?? [],
    source: (view.case.case?.source as SourceFacts | null) ?? null,
    registrations: registrationsOf(bench),
    segments: madeOf(bench, view),
    hidden: hiddenOf(bench, view),
    clipped: clippedOf(bench),
    present: present.map((id) => room.nameOf(id)),
    presenter: presenting.presenter_id === null ? null : room.nameOf(presenting.presenter_id),
    takenBy: room.nameOf(memberId),
    at: now.toISOString(),
    lagMs: room.state.connection === "live" ? (lagMs ?? 0) : null,
  };
}

/** The segments of which anything is on screen: who made them and how. */
function madeOf(bench: Workbench, view: PlanView): Facts["segments"] {
  const shown = leavesOf(view).filter(([id]) => bench.stage.isVisible(id));
  const ids = new Set(shown.map(([id, solid]) => ("segment_id" in solid ? solid.segment_id : id)));
  return [...ids].flatMap((id) => {
    const segment = view.segments[id];
    return segment ? [{ name: segment.name, author: authorOf(segment), how: howOf(segment) }] : [];
  });
}

const authorOf = ({ provenance }: SegmentRecord): string => provenance?.author || t("somebody unknown");

function howOf({ provenance }: SegmentRecord): string {
  if (!provenance) return t("not known how");
  const lower = provenance.parameters.lower_hu;
  return typeof lower === "number"
    ? t("{engine} from {n} HU", { engine: provenance.engine, n: lower })
    : provenance.engine;
}

function hiddenOf(bench: Workbench, view: PlanView): string[] {
  const hidden = leavesOf(view).filter(([id]) => !bench.stage.isVisible(id));
  return hidden.map(([id]) => solidOf(view, id)?.name ?? id);
}

function clippedOf({ inside, room }: Workbench): Facts["clipped"] {
  const { clipping, from, memberId } = inside.inForce;
  if (clipsNothing(clipping)) return null;
  return { planes: clipping.planes.length, box: clipping.box !== null, by: from === "own" ? null : room.nameOf(memberId) };
}

function registrationsOf({ images }: Workbench): Facts["registrations"] {
  const { volumes, fusedKey } = images.state;
  const over = volumes.find(({ key }) => key === fusedKey);
  return over ? [{ name: `${over.modality} ${over.description}`.trim(), error_mm: over.registration?.error_mm ?? null }] : [];
}
