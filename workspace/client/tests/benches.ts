// A whole workbench where there is no browser: nothing is drawn, and no line to a server is opened.

import { vi } from "vitest";
import type { MarkupRecord, PlanView, RecordKind } from "../src/records";
import { emptyView } from "../src/store";

vi.stubGlobal("window", globalThis);
vi.stubGlobal("navigator", { hardwareConcurrency: 1 });
vi.stubGlobal("document", {
  activeElement: null,
  documentElement: { lang: "en" },
  createElement: () => ({}),
  addEventListener: () => {},
  removeEventListener: () => {},
});
vi.stubGlobal("addEventListener", () => {});
vi.stubGlobal("removeEventListener", () => {});
vi.stubGlobal("matchMedia", () => ({ matches: false }));
vi.stubGlobal("requestAnimationFrame", () => 0);
vi.stubGlobal("cancelAnimationFrame", () => {});

/** What a surgeon may do. */
const MAY = ["place_markup", "edit_markup", "remove_markup", "rename", "edit_segment", "lock_record", "unlock_record"];

/** Return the workbench of a member, who may change what is theirs, over a plan. */
export async function benchOver(view: Partial<PlanView>, memberId = "ana") {
  const { Workbench } = await import("../src/workbench");
  const nothing = () => {};
  const outside = { tool: nothing, selected: nothing, ready: nothing, restarted: nothing, appearance: nothing };
  const addresses = { socket: "ws://nowhere", surfaces: "/surfaces", base: "/", assets: "/assets" };
  const bench = new Workbench(addresses, memberId, outside);
  const state = { view: { ...emptyView(), ...view }, welcomed: true, role: "surgeon", may: new Set(MAY) };
  Object.assign(bench.room.state, state);
  return bench;
}

export function markup(kind: MarkupRecord["kind"], rest: Partial<MarkupRecord> = {}): MarkupRecord {
  const points = rest.points ?? [{ point_mm: [0, 0, 0], solid_id: null }];
  return {
    markup_id: "k1", kind, name: "Markup", points, text: "", plane: null, solid_ids: [], author_id: "ana",
    author_name: "Ana", colour: "#4aa3ff", created_at: "2026-03-01T10:00:00Z", findings: null,
    world_points: points.map(({ point_mm }) => point_mm), leaf_ids: points.map(() => null), values: [], pending: false, problem: "", ...rest,
  }; // prettier-ignore
}

/** The plan that holds one markup, locked by somebody or by nobody. */
export function planOf(one: MarkupRecord, lockedBy: string | null = null): Partial<PlanView> {
  const ref = { kind: "markup" as RecordKind, record_id: one.markup_id };
  const lock = { ref, member_id: lockedBy ?? "", member_name: "", at: "" };
  return { markups: { [one.markup_id]: one }, locks: lockedBy ? { [`markup:${one.markup_id}`]: lock } : {} };
}
