import { describe, expect, test } from "vitest";
import { backToFront, cross, type Veil } from "../src/translucency";

const boxAt = (key: string, y: number, half: number, rest: Partial<Veil> = {}): Veil => ({
  key,
  bounds: [-half, half, y - half, y + half, -half, half],
  ...rest,
});

describe("veils", () => {
  test("are drawn from back to front", () => {
    const veils = [boxAt("near", -50, 10), boxAt("far", 50, 10)];
    expect(backToFront(veils, [0, 1, 0])).toEqual(["far", "near"]);
    expect(backToFront(veils, [0, -1, 0])).toEqual(["near", "far"]);
  });

  test("that lie in one another are drawn from inside out, from everywhere", () => {
    const veils = [boxAt("skin", 0, 40), boxAt("skull", 2, 30)];
    for (const direction of [[0, 1, 0], [0, -1, 0], [0.6, 0, 0.8]] as const) {
      expect(backToFront(veils, [...direction])).toEqual(["skull", "skin"]);
    }
  });

  test("have a cutting plane behind its ghost when one looks through the ghost", () => {
    const sheet = boxAt("sheet", 0, 60, { beside: { ghost: "ghost", normal: [0, 1, 0] } });
    expect(backToFront([boxAt("ghost", 0, 40), sheet], [0, 1, 0])).toEqual(["sheet", "ghost"]);
    expect(backToFront([boxAt("ghost", 0, 40), sheet], [0, -1, 0])).toEqual(["ghost", "sheet"]);
  });
});

describe("veils cross", () => {
  test("where they reach into one another", () => {
    expect(cross([boxAt("a", 0, 40), boxAt("b", 50, 40)])).toBe(true);
  });

  test("not where one lies in the other, beside it, or only touches it", () => {
    expect(cross([boxAt("skin", 0, 40), boxAt("skull", 2, 30)])).toBe(false);
    expect(cross([boxAt("a", 0, 40), boxAt("b", 100, 40)])).toBe(false);
    expect(cross([boxAt("a", 0, 40), boxAt("b", 79.5, 40)])).toBe(false);
  });

  test("not by the planes of the plan", () => {
    expect(cross([boxAt("a", 0, 40), boxAt("cut", 50, 40, { sheet: true })])).toBe(false);
  });
});
