import { describe, expect, test } from "vitest";
import { facing, FROM_ANTERIOR, mmPerPixel } from "../src/camera";
import { legendOf, type Facts } from "../src/capture/legend";
import { layOut, wrapped } from "../src/capture/legend_layout";
import { AS_SCANNED, frameFrom, type Frame } from "../src/frames";
import { barOf, cubeFaces, sidesOf, viewFrom } from "../src/marks";
import type { Vector } from "../src/vector";

const FACTS: Facts = {
  title: "Craniopagus 01",
  frame: "",
  planLabel: "v3 (posterior approach), approved",
  approved: true,
  revision: 1284,
  branch: "",
  past: false,
  signatures: [{ name: "Ana Reis", role: "surgeon", at: "2026-03-02T14:05:59Z" }],
  source: {
    modality: "CT",
    description: "Head 0.5",
    acquired_on: "2026-02-27",
    spacing_mm: [0.41, 0.41, 1.5],
    slice_thickness_mm: 1.5,
  },
  registrations: [{ name: "MR T1", error_mm: 0.62 }],
  segments: [{ name: "Bone", author: "Ben Okoye", how: "threshold 365 HU" }],
  hidden: ["Skin"],
  clipped: null,
  present: ["Ana Reis", "Ben Okoye"],
  presenter: "Ben Okoye",
  takenBy: "Ana Reis",
  at: "2026-03-02T15:01:02.345Z",
  lagMs: 38.4,
};
const textOf = (facts: Partial<Facts>): string =>
  legendOf({ ...FACTS, ...facts })
    .map(({ text }) => text)
    .join("\n");

/** Every one of the domain's "Always on screen, and in every screenshot and export". */
describe("below every picture stands", () => {
  test.each([
    ["the pseudonym of the case", "Craniopagus 01"],
    ["whose frame it is, and the units", "Frame: as scanned · LPS, mm"],
    ["the source series", "CT Head 0.5"],
    ["its date", "2026-02-27"],
    ["its slice thickness", "slices 1.5 mm thick"],
    ["its voxels", "0.41 × 0.41 × 1.5 mm"],
    ["the registration error of what is laid over", "MR T1, registration error 0.6 mm"],
    ["who segmented it and how", "Bone: threshold 365 HU, by Ben Okoye"],
    ["the version and state of the plan", "v3 (posterior approach), approved · revision 1284"],
    ["who signed it, as what and when", "Signed by Ana Reis, surgeon, 2026-03-02 14:05 UTC"],
    ["that it is not for diagnosis", "Not for diagnostic use"],
    ["that nothing is simulated", "No tissue mechanics"],
    ["who is present", "Present: Ana Reis, Ben Okoye"],
    ["who presents", "Ben Okoye presents"],
    ["who took it, and when", "Picture by Ana Reis, 2026-03-02 15:01 UTC"],
    ["the lag of the connection", "lag 38 ms"],
    ["what is hidden", "Hidden: Skin"],
  ])("%s", (_, text) => expect(textOf({})).toContain(text));

  test("that it is not the agreed plan, where it is not", () => {
    const warning = "Rehearsal, not the agreed plan";
    expect(textOf({})).not.toContain(warning);
    expect(textOf({ approved: false, planLabel: "Draft" })).toContain(warning);
    expect(textOf({ past: true })).toContain(warning);
    expect(textOf({ past: true })).toContain("as it was then");
  });

  test("whose left is left", () => expect(textOf({ frame: "B" })).toContain("Frame: twin B"));

  test("which branch it is, where it is not the main one", () => {
    expect(textOf({ branch: "Posterior" })).toContain("branch Posterior");
  });

  test("what is clipped away, and by whom", () => {
    const clipped = { planes: 2, box: true, by: "Ben Okoye" };
    expect(textOf({ clipped })).toContain("Clipped by 2 planes and a box; nothing is cut · shared by Ben Okoye");
  });

  test("what is not known, in words", () => {
    const source = { ...FACTS.source!, description: "", acquired_on: "", slice_thickness_mm: null };
    const text = textOf({ source, registrations: [{ name: "MR", error_mm: null }], lagMs: null });
    expect(text).toContain("no description · date not given");
    expect(text).toContain("slice thickness not given");
    expect(text).toContain("registration error not known");
    expect(text).toContain("not connected");
    expect(textOf({ source: null })).toContain("Source: no images");
  });

  test("the warnings first, and nothing twice or empty", () => {
    const lines = legendOf({ ...FACTS, approved: false });
    expect(lines.slice(0, 2).map(({ weight }) => weight)).toEqual(["warning", "warning"]);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
    expect(lines.every(({ text }) => text.trim().length > 0)).toBe(true);
  });
});

const TWIN_B: Frame = frameFrom("B", {
  axes: [
    [-1, 0, 0],
    [0, 1, 0],
    [0, 0, -1],
  ],
})!;

describe("letters of a view", () => {
  test("are the images' own as scanned", () => {
    expect(sidesOf(facing(FROM_ANTERIOR, "A"), AS_SCANNED)).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
  });

  test("are turned for the other twin, who lies head to head", () => {
    expect(sidesOf(facing(FROM_ANTERIOR, "A"), TWIN_B)).toEqual({ left: "L", right: "R", top: "I", bottom: "S" });
  });

  test("are where a view from that side has them, for either twin", () => {
    for (const frame of [AS_SCANNED, TWIN_B]) {
      const from = (letter: "A" | "L" | "S") => sidesOf({ ...FROM_ANTERIOR, ...viewFrom(frame, letter) }, frame);
      expect(from("A")).toEqual({ left: "R", right: "L", top: "S", bottom: "I" });
      expect(from("L")).toEqual({ left: "A", right: "P", top: "S", bottom: "I" });
      expect(from("S")).toEqual({ left: "L", right: "R", top: "A", bottom: "P" });
    }
  });

  test("stand on the faces of the cube that look at the eye", () => {
    const camera = { ...FROM_ANTERIOR, ...viewFrom(TWIN_B, "L") };
    const [face, ...others] = cubeFaces(camera, TWIN_B);
    expect([face.letter, others.length]).toEqual(["L", 0]);
    face.matrix.forEach((value, i) => expect(value).toBeCloseTo([1, 0, 0, 1, 0, 0][i], 12));
  });
});

test("the scale bar is as long as it says", () => {
  const size = { width: 800, height: 600 };
  const bar = barOf(FROM_ANTERIOR, size, 150);
  const up: Vector = [0, 0, 1];
  expect(up).toEqual(FROM_ANTERIOR.up);
  expect(bar.px * mmPerPixel(FROM_ANTERIOR, size)).toBeCloseTo(bar.mm, 12);
  expect(bar.label).toBe("50 mm");
  expect(bar.px).toBeLessThanOrEqual(150);
});

describe("the band below a picture", () => {
  const WIDE = (text: string) => 6.5 * text.length;
  const lines = legendOf({ ...FACTS, approved: false, hidden: ["Skin", "Dura mater", "W".repeat(300)] });

  test.each([300, 640, 1280, 1920])("holds every word at %d pixels, and none outside", (width) => {
    const { placed, height } = layOut(lines, width, WIDE);
    const squeeze = (text: string) => text.replace(/\s+/g, "");
    expect(squeeze(placed.map(({ text }) => text).join(""))).toBe(squeeze(lines.map(({ text }) => text).join("")));
    for (const { text, x, y } of placed) {
      expect(x + WIDE(text)).toBeLessThanOrEqual(width);
      expect(y).toBeLessThan(height);
    }
  });

  test("covers none of its own lines", () => {
    const { placed } = layOut(lines, 1280, WIDE);
    const places = placed.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });

  test("breaks a text between words", () => {
    expect(wrapped("one two three", 7, (text) => text.length)).toEqual(["one two", "three"]);
    expect(wrapped("abcdefgh i", 3, (text) => text.length)).toEqual(["abc", "def", "gh", "i"]);
  });
});
