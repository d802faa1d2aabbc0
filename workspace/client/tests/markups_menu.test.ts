import { afterEach, describe, expect, test } from "vitest";
import { itemsFor, subjectOf } from "../src/markups/menu";
import type { Command } from "../src/protocol";
import type { MarkupRecord } from "../src/records";
import type { Workbench } from "../src/workbench";
import { pointAt, stretchAt } from "../src/markups/spots";
import type { Vector } from "../src/vector";
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

describe("where on a curve a menu was asked for", () => {
  const SQUARE: [number, number][] = [[0, 0], [100, 0], [100, 100], [0, 100]];

  test("is a point of it within reach", () => {
    expect(pointAt(SQUARE, [100 + 12, 4])).toBe(1);
    expect(pointAt(SQUARE, [50, 0])).toBeNull();
  });

  test("is else between two of its points, round to the first where it is closed", () => {
    expect(stretchAt(SQUARE, false, [25, 3])).toEqual({ after: 0, share: 0.25 });
    expect(stretchAt(SQUARE, false, [97, 60])).toEqual({ after: 1, share: 0.6 });
    expect(stretchAt(SQUARE, true, [-4, 70])).toEqual({ after: 3, share: 0.3 });
    expect(stretchAt(SQUARE, false, [0, 20])).toEqual({ after: 0, share: 0 });
  });
});

describe("the points of a curve", () => {
  const at = (...points: Vector[]) => points.map((point_mm) => ({ point_mm, solid_id: null }));
  const BENT = markup("freehand", { points: at([0, 0, 0], [10, 0, 0], [10, 0, 10]) });
  const sent = () => {
    let points: Vector[] = [];
    bench.room.isPending((command) => {
      if (command.type === "edit_markup") points = command.points!.map(({ point_mm }) => point_mm.map((mm) => Math.round(mm * 1e6) / 1e6 + 0) as Vector);
      return false;
    });
    return points;
  };
  const edits = async (one: MarkupRecord, steps: number) => {
    await over(one);
    bench.editPoints("k1");
    for (let i = 0; i < steps; i += 1) bench.tool.send("next");
  };

  test("are none of the menu's where no point is meant", async () => {
    await over(BENT);
    expect(offered()).not.toContain("insert");
    expect(offered()).not.toContain("take");
    expect(offered()).toContain("edit");
  });

  test("grow by one after the chosen one, which lies half way to the next", async () => {
    await edits(BENT, 2);
    choose("insert");
    expect(sent()).toEqual([[0, 0, 0], [10, 0, 0], [10, 0, 5], [10, 0, 10]]);
  });

  test("grow before the last one of an open line, by key too", async () => {
    await edits(BENT, 3);
    bench.tool.send("insert");
    expect(sent()).toEqual([[0, 0, 0], [10, 0, 0], [10, 0, 5], [10, 0, 10]]);
  });

  test("are one fewer without the chosen one, as long as enough are left", async () => {
    await edits(BENT, 2);
    choose("take");
    expect(sent()).toEqual([[0, 0, 0], [10, 0, 10]]);
    bench.close();
    await edits(markup("freehand", { points: at([0, 0, 0], [10, 0, 0]) }), 1);
    expect(offered()).not.toContain("take");
    expect(offered()).toContain("insert");
  });

  test("of what is no curve are as many as it needs", async () => {
    await edits(markup("angle", { points: at([0, 0, 0], [10, 0, 0], [10, 0, 10]) }), 1);
    expect(offered()).not.toContain("insert");
    expect(offered()).not.toContain("take");
  });
});

test("a markup is renamed, locked and taken away from its menu", async () => {
  await over(markup("line", { points: [{ point_mm: [0, 0, 0] }, { point_mm: [9, 0, 0] }] }));
  choose("rename");
  bench.menus.save("Rim");
  expect(asked({ type: "rename", name: "Rim" })).toBe(true);
  choose("lock");
  expect(asked({ type: "lock_record" })).toBe(true);
  choose("remove");
  expect(asked({ type: "remove_markup", markup_id: "k1" })).toBe(true);
  bench.room.state.view = { ...bench.room.state.view, ...planOf(markup("line"), "ana") };
  expect(offered()).toContain("unlock");
});

test("the menu of what is chosen opens by key, in the pane that had the hand", async () => {
  await over(markup("text", { text: "rim" }));
  expect(bench.menus.openChosen()).toBe(false);
  bench.select("k1");
  expect(bench.menus.openChosen()).toBe(true);
  expect(bench.menus.state.context?.subject.ref).toEqual({ kind: "markup", record_id: "k1" });
});
