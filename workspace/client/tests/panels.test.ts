import { describe, expect, test } from "vitest";
import { personOf } from "../src/company/people";
import { colourTable, legend, NO_CODE, rgbOf, swatch } from "../src/panels/colouring";
import { editor, isFree, mayChange, threadsOn } from "../src/panels/holding";
import type { Me, MeasureRow, SolidRow } from "../src/panels/rows";
import { allHidden, allShown, faded, hidden, isAlone, isSeen, only, solo, toggled } from "../src/panels/seen";
import { groupsOf, markOf, measuresByForm, treeOf } from "../src/panels/tree";
import { ago, exact } from "../src/panels/when";
import { shadeOf, type Solid } from "../src/store";

function solid(id: string, rest: Partial<SolidRow> = {}): SolidRow {
  return {
    id, name: id, kind: "segment", parent_id: "", leaf: true, fragment: false,
    colour: "#f1d590", owner: "shared", group: "", code: "", ...rest,
  }; // prettier-ignore
}

const piece = (id: string, parent_id: string, leaf = true): SolidRow =>
  solid(id, { parent_id, leaf, fragment: true, kind: "fragment" });

/** A skull in two pieces, of which one was cut again; a skin. */
const SOLIDS = [
  solid("skull", { leaf: false }),
  piece("s+", "skull"),
  piece("s-", "skull", false),
  piece("s-+", "s-"),
  piece("s--", "s-"),
  solid("skin"),
];

describe("what is seen", () => {
  test("a solid that was cut is seen as its pieces, and goes with them", () => {
    expect(isSeen(SOLIDS, {}, "skull")).toBe(true);
    const without = toggled(SOLIDS, {}, "skull");
    expect(hidden(SOLIDS, without)).toEqual(["s+", "s-+", "s--"]);
    expect(isSeen(SOLIDS, without, "skull")).toBe(false);
    expect(hidden(SOLIDS, toggled(SOLIDS, without, "skull"))).toEqual([]);
  });

  test("alone is what alone is seen; asked again, all are back", () => {
    const alone = solo(SOLIDS, { skin: { opacity: 0.3 } }, "s-");
    expect(hidden(SOLIDS, alone)).toEqual(["s+", "skin"]);
    expect(isAlone(SOLIDS, alone, "s-")).toBe(true);
    expect(isAlone(SOLIDS, alone, "s+")).toBe(false);
    expect(hidden(SOLIDS, solo(SOLIDS, alone, "s-"))).toEqual([]);
    expect(alone.skin).toEqual({ opacity: 0.3, visible: false });
  });

  test("of one solid none is alone: there is nothing to hide", () => {
    expect(isAlone([solid("skin")], {}, "skin")).toBe(false);
  });

  test("all are hidden and shown at once, opacities stay", () => {
    const thin = faded({}, "skin", "25");
    const none = allHidden(SOLIDS, thin);
    expect(hidden(SOLIDS, none)).toHaveLength(4);
    expect(allShown(SOLIDS, none).skin).toEqual({ opacity: 0.25, visible: true });
    expect(hidden(SOLIDS, only(SOLIDS, none, ["skin"]))).toEqual(["s+", "s-+", "s--"]);
  });
});

describe("the tree", () => {
  const twins = [
    solid("shared"), solid("of b", { owner: "B", group: "Vessels" }),
    solid("of a", { owner: "A" }), solid("whose", { owner: "undecided", group: "Bone" }),
  ]; // prettier-ignore

  test("by owner begins with the twins and ends with what is undecided", () => {
    const groups = treeOf(twins, "owner");
    expect(groups.map(({ heading }) => heading)).toEqual(["Twin A", "Twin B", "Shared", "Undecided"]);
    expect(groups.map(({ rows }) => rows[0].id)).toEqual(["of a", "of b", "shared", "whose"]);
  });

  test("by group goes by the alphabet, with what is in none at the end", () => {
    expect(treeOf(twins, "group").map(({ heading }) => heading)).toEqual(["Bone", "Vessels", "No group"]);
    expect(groupsOf(twins)).toEqual(["Bone", "Vessels"]);
  });

  test("flat has no heading and every row in its place", () => {
    expect(treeOf(twins, "flat")).toEqual([{ key: "all", heading: "", rows: twins }]);
    expect(treeOf([], "flat")).toEqual([]);
  });

  test("owners are told by a letter", () => {
    expect(["A", "B", "shared", "undecided"].map(markOf)).toEqual(["A", "B", "S", "?"]);
  });

  test("measurements stand with their kind, and none is left out", () => {
    const rows: MeasureRow[] = ["gap", "line", "roi_box", "roi_ellipse", "from the future"].map((form, n) => ({
      id: `m${n}`,
      form,
    }));
    const groups = measuresByForm(rows);
    expect(groups.map(({ key, rows: found }) => [key, found.length])).toEqual([
      ["line", 1], ["gap", 1], ["roi_ellipse", 2], ["other", 1],
    ]); // prettier-ignore
  });
});

describe("who holds what", () => {
  const ana: Me = { id: "ana", owner: false, may: ["edit_segment"] };
  const locks = { "solid:skull": { member_id: "ben", who: "Ben" } };

  test("a lock keeps others out, not its holder and not an owner", () => {
    expect(isFree(locks, ana, "segment", "skull")).toBe(false);
    expect(isFree(locks, ana, "fragment", "skull")).toBe(false);
    expect(isFree(locks, { ...ana, id: "ben" }, "segment", "skull")).toBe(true);
    expect(isFree(locks, { ...ana, owner: true }, "segment", "skull")).toBe(true);
    expect(isFree(locks, ana, "cut", "skull")).toBe(true);
  });

  test("what a role does not allow, no free record does", () => {
    const skin = { kind: "segment", id: "skin" };
    expect(mayChange({}, ana, skin, "edit_segment")).toBe(true);
    expect(mayChange({}, ana, skin, "apply_cut")).toBe(false);
  });

  test("whoever else has it in hand is named, never oneself", () => {
    const editing = { kind: "segment" as const, record_id: "skull" };
    const people = { ana: personOf({ editing }), ben: personOf({ editing }), eve: personOf({}) };
    const members = ["ana", "ben", "eve"].map((id) => ({ id, name: id, colour: "#fff" }));
    expect(editor(people, members, ana, "skull")?.id).toBe("ben");
    expect(editor({ ana: people.ana }, members, ana, "skull")).toBeNull();
    expect(editor(people, members, ana, "skin")).toBeNull();
  });

  test("threads are found by what they are about", () => {
    const threads = [{ on: ["skull", "s+"], resolved: false }, { on: [], resolved: false }];
    expect(threadsOn(threads, "s+")).toEqual([threads[0]]);
  });
});

describe("colours", () => {
  const VEIN = { code: "29092000", name: "Vein", colour: "#0097ce" };

  test("by code are those of the table, and grey where there is none", () => {
    expect(swatch(solid("sinus", { code: VEIN.code }), true, [VEIN])).toBe(VEIN.colour);
    expect(swatch(solid("sinus", { code: VEIN.code }), false, [VEIN])).toBe("#f1d590");
    expect(swatch(solid("thing"), true, [VEIN])).toBe(NO_CODE);
  });

  test("on screen are the same as in the list", () => {
    const sinus = { colour: [1, 2, 3], code: VEIN.code } as unknown as Solid;
    expect(shadeOf(sinus, colourTable([VEIN])).map((part) => Math.round(part * 255))).toEqual(rgbOf(VEIN.colour));
    expect(shadeOf(sinus, {}).map((part) => Math.round(part * 255))).toEqual(rgbOf(NO_CODE));
    expect(shadeOf(sinus).map((part) => Math.round(part * 255))).toEqual([1, 2, 3]);
  });

  test("the legend counts segments, not their pieces, and ends with what has no meaning", () => {
    const rows = [solid("x"), solid("v", { code: VEIN.code }), { ...piece("v+", "v"), code: VEIN.code }];
    expect(legend(rows, [VEIN]).map(({ name, count }) => [name, count])).toEqual([["Vein", 1], ["", 1]]);
  });
});

describe("when", () => {
  const at = "2026-01-02T03:04:05.678Z";
  const after = (ms: number) => ago(at, Date.parse(at) + ms);

  test("is told in the largest unit that has passed", () => {
    expect([after(59_000), after(60_000), after(3_599_000), after(3_600_000), after(172_800_000)]).toEqual([
      "just now", "1 min ago", "59 min ago", "1 h ago", "2 d ago",
    ]); // prettier-ignore
  });

  test("is now for a clock that is behind", () => {
    expect(after(-90_000)).toBe("just now");
  });

  test("is also there to the minute, in one time zone for all", () => {
    expect(exact(at)).toBe("2026-01-02 03:04 UTC");
  });
});
