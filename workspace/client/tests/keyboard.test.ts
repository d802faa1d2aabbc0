import { describe, expect, test } from "vitest";
import { chordOf, KEYS, keySheet } from "../src/keyboard";

const pressed = (key: string, code: string, rest: Partial<KeyboardEvent> = {}) =>
  chordOf({ key, code, shiftKey: false, ctrlKey: false, metaKey: false, ...rest });

describe("keys", () => {
  test("are named alike on every keyboard", () => {
    expect(pressed("v", "KeyV")).toBe("v");
    expect(pressed("C", "KeyC", { shiftKey: true })).toBe("Shift+c");
    expect(pressed("Z", "KeyZ", { shiftKey: true, metaKey: true })).toBe("Ctrl+Shift+z");
    expect(pressed(" ", "Space")).toBe("Space");
    expect(pressed("PageUp", "PageUp")).toBe("PageUp");
    expect(pressed("?", "Slash", { shiftKey: true })).toBe("?");
  });

  test("with Shift and a digit are told from the digit, whatever sign that writes", () => {
    expect(pressed("1", "Digit1")).toBe("1");
    expect(pressed("!", "Digit1", { shiftKey: true })).toBe("Shift+1");
    expect(pressed('"', "Digit2", { shiftKey: true })).toBe("Shift+2");
    // A French keyboard writes its digits with Shift: they stay digits.
    expect(pressed("1", "Digit1", { shiftKey: true })).toBe("1");
  });

  test("mean one thing each, unless the first may pass it on", () => {
    const once = KEYS.filter(({ group }) => group !== "History" && group !== "Markups").flatMap(({ chords }) => chords ?? []);
    expect(new Set(once).size).toBe(once.length);
  });

  test("are all on the sheet", () => {
    const shown = keySheet().flatMap(({ keys }) => keys);
    expect(shown.length).toBe(KEYS.length);
    expect(shown.every(({ shown, text }) => shown && text)).toBe(true);
  });
});
