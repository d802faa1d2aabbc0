import { describe, expect, test } from "vitest";
import { backToFront, type Veil } from "../src/translucency";

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
