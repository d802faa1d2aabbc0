// What can be done with the thing under a right-click, by this member, now.

import { isolated, leavesUnder } from "../inside/isolating";
import { lockKey } from "../panels/holding";
import { refOf, type LockRecord, type MarkupKind, type MarkupRecord, type PlanView, type RecordRef } from "../records";
import { centreOf, leavesOf, solidOf } from "../store";
import type { Vector } from "../vector";
import { t } from "../words";
import type { Workbench } from "../workbench";
import { mayGrow, withoutPoint } from "./reshape";
import { allSeen, anchorOf } from "./seen";
import type { Spot } from "./spots";
import { copyOf } from "./telling";

export interface Item {
  id: string;
  label: string;
  /** The key that does the same. */
  key?: string;
  /** It turns something on or off; left out: it does something. */
  on?: boolean;
  act(): void;
}

/** What a menu is about. */
export interface Subject {
  ref: RecordRef;
  name: string;
  /** Where it is, world; null: nowhere on its own. */
  world: Vector | null;
}

export function subjectOf(bench: Workbench, id: string): Subject | null {
  const { view } = bench.room.state;
  const ref = refOf(view, id);
  if (!ref) return null;
  return { ref, name: nameOf(view, ref), world: worldOf(bench, ref) };
}

function nameOf(view: PlanView, { kind, record_id: id }: RecordRef): string {
  if (kind === "note") return t("Note by {name}", { name: view.notes[id].author_name });
  const named = view.markups[id] ?? view.measurements[id] ?? view.cuts[id] ?? solidOf(view, id);
  return named?.name ?? "";
}

function worldOf(bench: Workbench, { kind, record_id: id }: RecordRef): Vector | null {
  const { view } = bench.room.state;
  if (kind === "note") return bench.stage.worldOf(view.notes[id].leaf_id, view.notes[id].anchor.point_mm);
  if (kind === "cut") return bench.hands.worldPlaneOf(view.cuts[id]).origin;
  const solid = solidOf(view, id);
  if (solid) return bench.stage.worldOf(id, centreOf(solid));
  const seen = allSeen(bench).find((one) => one.id === id);
  return seen ? anchorOf(seen) : null;
}

function lockOf({ room }: Workbench, { kind, record_id }: RecordRef): LockRecord | undefined {
  return room.state.view.locks[lockKey(kind, record_id)];
}

/** Whether nobody else has locked it. */
function isFree(bench: Workbench, ref: RecordRef): boolean {
  const lock = lockOf(bench, ref);
  return !lock || bench.room.owns(lock.member_id);
}

/** Kinds that are there for what they say; others have a text where somebody gave them one. */
const WORDED: MarkupKind[] = ["text", "arrow"];

export const hasWords = ({ kind, text }: MarkupRecord): boolean => WORDED.includes(kind) || text !== "";

/** `spot` is where on it the menu was asked for; null: by key, or in a list. */
export function itemsFor(bench: Workbench, { ref, world }: Subject, spot: Spot | null = null): Item[] {
  return [
    ...changing(bench, ref),
    ...pointing(bench, ref, spot),
    ...copying(bench, ref),
    ...(world ? [{ id: "jump", label: t("Jump here"), act: () => jump(bench, world) }] : []),
    ...seeing(bench, ref),
    ...locking(bench, ref),
    ...removing(bench, ref),
  ];
}

/** All panes go there: the slices through it, 3D with it in the middle. */
function jump(bench: Workbench, world: Vector): void {
  bench.crosshair.jump(world);
  bench.focus({ point_mm: world });
}

function changing(bench: Workbench, ref: RecordRef): Item[] {
  const { view } = bench.room.state;
  const { kind, record_id: id } = ref;
  const items: Item[] = [];
  const markup = view.markups[id];
  const renames = kind === "segment" ? "edit_segment" : "rename";
  if (kind !== "note" && bench.room.may(renames) && isFree(bench, ref)) {
    items.push({ id: "rename", label: t("Rename"), act: () => bench.menus.rewrite(ref, "name") });
  }
  if (markup && hasWords(markup) && bench.room.may("edit_markup") && bench.room.owns(markup.author_id) && isFree(bench, ref)) {
    items.push({ id: "reword", label: t("Edit text…"), act: () => bench.menus.rewrite(ref, "text") });
  }
  if (markup && bench.tools.edit.mayEdit(markup)) {
    items.push({ id: "edit", label: t("Edit points"), key: "E", act: () => bench.editPoints(id) });
  }
  if (kind === "note") items.push({ id: "open", label: t("Open"), act: () => bench.select(id) });
  if (kind === "cut" && !view.cuts[id].applied && bench.mayUse("cut") && isFree(bench, ref)) {
    items.push({ id: "adjust", label: t("Adjust"), act: () => choose(bench, id, "cut") });
  }
  if (kind === "fragment" && bench.mayUse("move") && isFree(bench, ref)) {
    items.push({ id: "move", label: t("Move"), key: "G", act: () => choose(bench, id, "move") });
  }
  return items;
}

/** One point more, or one less, of a curve. */
function pointing(bench: Workbench, { record_id: id }: RecordRef, spot: Spot | null): Item[] {
  const { edit } = bench.tools;
  const one = bench.room.state.view.markups[id];
  const at = one && edit.spotOn(one, spot);
  if (!at) return [];
  const items: Item[] = [];
  const { index } = at;
  if (mayGrow(one.kind, one.points)) {
    const act = () => {
      const pane = spot?.pane ?? bench.panes.inHand;
      if (!edit.insertPoint(one, at, pane, spot?.pixel)) bench.toasts.refuse(t("No point can go in between here: turn the view so that the surface is in sight."));
    };
    items.push({ id: "insert", label: spot ? t("Insert a point here") : t("Insert a point after it"), key: spot ? undefined : "Ins", act });
  }
  if (index !== null && withoutPoint(one.kind, one.points, index)) {
    items.push({ id: "take", label: t("Remove this point"), act: () => edit.takePoint(one, index) });
  }
  return items;
}

function choose(bench: Workbench, id: string, tool: "cut" | "move"): void {
  bench.select(id);
  bench.choose(tool);
}

function copying(bench: Workbench, { kind, record_id: id }: RecordRef): Item[] {
  const { view } = bench.room.state;
  const solid = solidOf(view, id);
  const seen = kind === "markup" || kind === "measurement" ? allSeen(bench).find((one) => one.id === id) : undefined;
  const text =
    kind === "note"
      ? view.notes[id].text
      : solid
        ? `${solid.name}: ${solid.surface.volume_ml.toFixed(2)} mL`
        : seen && (seen.values.length > 0 || seen.text)
          ? copyOf(seen)
          : null;
  if (text === null) return [];
  const label = kind === "note" ? t("Copy text") : t("Copy value");
  return [{ id: "copy", label, act: () => void copy(bench, text) }];
}

async function copy(bench: Workbench, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    bench.toasts.say(t("Copied"));
  } catch {
    // On plain http, or where the browser forbids it: shown, so that it can be copied by hand.
    bench.toasts.say(text);
  }
}

function seeing(bench: Workbench, { kind, record_id: id }: RecordRef): Item[] {
  if (kind !== "segment" && kind !== "fragment") return [];
  const { view } = bench.room.state;
  const under = leavesUnder(view, id);
  const { appearance } = bench.stage;
  const alone = leavesOf(view).every(([leaf]) => bench.stage.isVisible(leaf) === under.includes(leaf));
  const all = leavesOf(view).map(([leaf]) => leaf);
  const hide = Object.fromEntries(under.map((leaf) => [leaf, { ...appearance[leaf], visible: false }]));
  const items: Item[] = [{ id: "hide", label: t("Hide"), act: () => bench.dress({ ...appearance, ...hide }) }];
  if (!alone) items.unshift({ id: "isolate", label: t("Show alone"), act: () => bench.dress(isolated(view, appearance, under)) });
  if (all.some((leaf) => !bench.stage.isVisible(leaf))) {
    items.push({ id: "show", label: t("Show all"), act: () => bench.dress(isolated(view, appearance, all)) });
  }
  return under.length > 0 ? [...items, leavingWhole(bench, under)] : items;
}

/** Whether clip planes and box leave it alone, for this member. */
function leavingWhole({ inside }: Workbench, under: string[]): Item {
  const on = under.every((leaf) => inside.state.whole.has(leaf));
  const act = () => under.forEach((leaf) => inside.leaveWhole(leaf, !on));
  return { id: "whole", label: t("Leave whole when clipping"), on, act };
}

function locking(bench: Workbench, ref: RecordRef): Item[] {
  const { room } = bench;
  const lock = lockOf(bench, ref);
  if (!lock && room.may("lock_record")) {
    return [{ id: "lock", label: t("Lock"), act: () => bench.submit({ type: "lock_record", ref }) }];
  }
  if (lock && room.may("unlock_record") && room.owns(lock.member_id)) {
    return [{ id: "unlock", label: t("Unlock"), act: () => bench.submit({ type: "unlock_record", ref }) }];
  }
  return [];
}

function removing(bench: Workbench, ref: RecordRef): Item[] {
  const { room } = bench;
  const { view } = room.state;
  const { kind, record_id: id } = ref;
  if (kind === "segment" || kind === "fragment" || !isFree(bench, ref)) return [];
  if (kind === "cut" && view.cuts[id].applied) return [];
  const author = (view.markups[id] ?? view.notes[id] ?? view.measurements[id])?.author_id;
  if (!room.may(`remove_${kind}`) || (author !== undefined && !room.owns(author))) return [];
  const act = () => {
    bench.select(id);
    bench.removeSelected();
  };
  return [{ id: "remove", label: t("Remove"), key: "Del", act }];
}

/** Give a record another name, or a markup another text; `seen` is the revision that it was read at. */
export function rewrite(bench: Workbench, ref: RecordRef, what: "name" | "text", words: string, seen?: number): void {
  const { kind, record_id: id } = ref;
  if (what === "text") bench.submit({ type: "edit_markup", markup_id: id, text: words }, seen);
  else if (kind === "segment") bench.submit({ type: "edit_segment", segment_id: id, name: words }, seen);
  else bench.submit({ type: "rename", ref, name: words }, seen);
}

