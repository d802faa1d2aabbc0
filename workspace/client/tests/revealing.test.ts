import { describe, expect, test } from "vitest";
import { scrollFor } from "../src/panels/revealing";

const LIST = { top: 100, bottom: 400 };
const row = (top: number, height = 40) => ({ top, bottom: top + height });

describe("how far a list scrolls for the row of what was chosen", () => {
  test("is not at all where the row is in sight", () => {
    for (const top of [108, 200, 352]) expect(scrollFor(row(top), LIST)).toBe(0);
  });

  test("is as little as shows it, with a rim of the rows beside it", () => {
    expect(scrollFor(row(60), LIST)).toBe(-48);
    expect(scrollFor(row(102), LIST)).toBe(-6);
    expect(scrollFor(row(380), LIST)).toBe(28);
    expect(scrollFor(row(900), LIST)).toBe(548);
  });

  test("is to the top of a row that is taller than the list", () => {
    expect(scrollFor(row(200, 600), LIST)).toBe(92);
    expect(scrollFor(row(108, 600), LIST)).toBe(0);
  });

  test("brings it just into sight: scrolled so far, it need not scroll again", () => {
    for (let top = -300; top < 900; top += 7) {
      const by = scrollFor(row(top), LIST);
      expect(scrollFor(row(top - by), LIST)).toBe(0);
    }
  });
});
