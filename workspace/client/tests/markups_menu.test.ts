import { afterEach, describe, expect, test } from "vitest";
import { itemsFor, subjectOf } from "../src/markups/menu";
import type { Command } from "../src/protocol";
import type { MarkupRecord } from "../src/records";
import type { Workbench } from "../src/workbench";
import { benchOver, markup, planOf } from "./benches";

let bench: Workbench;
afterEach(() => bench.close());

async function over(one: MarkupRecord, lockedBy: string | null = null): Promise<Workbench> {
  bench = await benchOver(planOf(one, lockedBy));
  return bench;
}

function offered(id = "k1"): string[] {
  const subject = subjectOf(bench, id);
  return subject ? itemsFor(bench, subject).map((item) => item.id) : [];
}

function choose(item: string, id = "k1"): void {
  const subject = subjectOf(bench, id);
  const found = subject && itemsFor(bench, subject).find((one) => one.id === item);
  expect(found, `${item} of ${id}`).toBeTruthy();
  found?.act();
}

const asked = (test: Partial<Command>): boolean =>
  bench.room.isPending((command) => Object.entries(test).every(([key, value]) => (command as Record<string, unknown>)[key] === value));

describe("the text of a markup", () => {
  test("is worded anew by who drew it, where it has one or is there to have one", async () => {
    await over(markup("text", { text: "rim" }));
    expect(offered()).toContain("reword");
    for (const [one, may] of [
      [markup("arrow"), true],
      [markup("line"), false],
      [markup("line", { text: "from the rim" }), true],
      [markup("text", { text: "rim", author_id: "ben" }), false],
    ] as const) {
      bench.room.state.view = { ...bench.room.state.view, markups: { k1: one } };
      expect(offered().includes("reword"), `${one.kind} of ${one.author_id}`).toBe(may);
    }
  });

  test("is asked for as it stands, and sent once with the revision that it was read at", async () => {
    await over(markup("text", { text: "rim" }));
    bench.room.state.revision = 7;
    choose("reword");
    expect(bench.menus.state.rewriting).toMatchObject({ what: "text", before: "rim", mayBeBlank: false, seen: 7 });
    bench.menus.save("  brim ");
    expect(bench.menus.state.rewriting).toBeNull();
    expect(asked({ type: "edit_markup", markup_id: "k1", text: "brim" })).toBe(true);
  });

  test("stays as it was after Escape, when nothing was changed, and where it must say something", async () => {
    await over(markup("text", { text: "rim" }));
    choose("reword");
    expect(bench.menus.close()).toBe(true);
    for (const words of ["rim", " ", ""]) {
      choose("reword");
      bench.menus.save(words);
    }
    bench.menus.save("nobody asked");
    expect(bench.room.isPending(() => true)).toBe(false);
  });

  test("of an arrow may be taken away altogether", async () => {
    await over(markup("arrow", { text: "here" }));
    choose("reword");
    expect(bench.menus.state.rewriting?.mayBeBlank).toBe(true);
    bench.menus.save("");
    expect(asked({ type: "edit_markup", text: "" })).toBe(true);
  });

  test("that is locked is its holder's", async () => {
    await over(markup("text", { text: "rim" }), "ben");
    expect(offered()).not.toContain("reword");
    expect(offered()).not.toContain("rename");
  });

  test("that is being worded is seen by the others, until it is left", async () => {
    await over(markup("text", { text: "rim" }));
    const ref = { kind: "markup", record_id: "k1" };
    choose("reword");
    expect(bench.company.state.own.editing).toEqual(ref);
    bench.menus.close();
    expect(bench.company.state.own.editing).toBeNull();
  });
});

const SURFACE = { sha256: "0", volume_ml: 1, area_cm2: 1, triangles: 4, watertight: true, bounds_mm: [0, 1, 0, 1, 0, 1] };
const solid = (rest: object) => ({ name: "Skull", colour: [1, 2, 3], opacity: 1, owner: "A", surface: SURFACE, leaf: true, ...rest });
const SKULL = solid({ segment_id: "skull", code: "", status: "completed", group: "" });

test("a segment that is locked by another is theirs also in its menu", async () => {
  const lock = { ref: { kind: "segment", record_id: "skull" }, member_id: "ben", member_name: "Ben", at: "" };
  bench = await benchOver({ segments: { skull: SKULL } as never, locks: { "solid:skull": lock } as never });
  for (const item of ["rename", "lock", "unlock"]) expect(offered("skull")).not.toContain(item);
});

describe("a segment that is left whole", () => {
  const isOn = (id: string) => itemsFor(bench, subjectOf(bench, id)!).find((item) => item.id === "whole")?.on;

  test("says so in its menu, and is clipped again when it is asked again", async () => {
    bench = await benchOver({ segments: { skull: SKULL } as never });
    expect(isOn("skull")).toBe(false);
    choose("whole", "skull");
    expect([...bench.inside.state.whole]).toEqual(["skull"]);
    expect(isOn("skull")).toBe(true);
    expect(bench.memory.get().whole).toEqual(["skull"]);
    choose("whole", "skull");
    expect([...bench.inside.state.whole]).toEqual([]);
  });

  test("and was cut is left whole in all its pieces, or in those that were asked for", async () => {
    const piece = (side: string) => solid({ fragment_id: `c${side}`, parent_id: "skull", segment_id: "skull", cut_id: "c", side, transform: { rotation: [1, 0, 0, 0], translation_mm: [0, 0, 0] } });
    const view = { segments: { skull: { ...SKULL, leaf: false } }, fragments: { "c+": piece("+"), "c-": piece("-") } };
    bench = await benchOver(view as never);
    choose("whole", "c+");
    expect([isOn("skull"), isOn("c+"), isOn("c-")]).toEqual([false, true, false]);
    choose("whole", "skull");
    expect([...bench.inside.state.whole].sort()).toEqual(["c+", "c-"]);
    expect(isOn("skull")).toBe(true);
  });
});
