import { afterEach, describe, expect, it } from "vitest";
import { compare, matches, type Row } from "../src/home/list";
import { KEYS, keySheet } from "../src/keyboard";
import { key, languageOf, LANGUAGES, speak, t } from "../src/words";

afterEach(() => speak("en"));

describe("a text", () => {
  it("is said as it is in English", () => {
    expect(t("Sign in")).toBe("Sign in");
  });

  it("is said in the language of the page", () => {
    speak("pt");
    expect(t("Undo")).toBe("Desfazer");
    speak("es");
    expect(t("Undo")).toBe("Deshacer");
  });

  it("takes what is put into it, in every language", () => {
    for (const language of Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]) {
      speak(language);
      expect(t("{n} of {all} rooms are shown", { n: 2, all: 7 })).toMatch(/2.*7/);
    }
  });

  it("takes markup as text, and leaves what nobody gave", () => {
    expect(t("Delete {title}", { title: "<b>{n}</b>" })).toBe("Delete <b>{n}</b>");
    expect(t("{n} mm")).toBe("{n} mm");
  });

  it("is said in English where there are no words for it", () => {
    speak("pt");
    expect(t("No catalogue holds this.")).toBe("No catalogue holds this.");
    expect(key("Undo")).toBe("Undo");
  });
});

describe("the language of a page", () => {
  it.each([
    ["pt-BR", "pt"],
    ["es-419", "es"],
    ["EN", "en"],
    ["fr", "en"],
    ["", "en"],
    ["constructor", "en"],
  ])("that says %s is %s", (tag, code) => {
    expect(languageOf(tag)).toBe(code);
  });
});

describe("the sheet of keys", () => {
  it("lists every key once in its group", () => {
    const rows = keySheet().flatMap(({ keys }) => keys);
    expect(rows.length).toBe(KEYS.length);
    expect(rows.every(({ shown, text }) => shown !== "" && text !== "")).toBe(true);
  });

  it("holds what users of Slicer and OHIF reach for", () => {
    const chords = KEYS.flatMap((one) => one.chords ?? []);
    for (const chord of ["Ctrl+z", "Ctrl+y", "ArrowUp", "ArrowDown", "?", "q", "w", "Space"]) {
      expect(chords).toContain(chord);
    }
  });
});

describe("the list of rooms", () => {
  const row = (title: string, opened: string, changed: string, search = title.toLowerCase()): Row => ({ title, opened, changed, search });
  const rows = [row("Room 10", "2026-01-02", "2026-03-01"), row("Room 9", "", "2026-04-01"), row("Ábaco", "2026-02-01", "2026-01-01")];

  it("is found by parts of words in any order, whatever their accents", () => {
    const one = row("Ressecção hepática", "", "", "ressecção hepática ct ana reis");
    expect(matches(one, "HEPATICA ana")).toBe(true);
    expect(matches(one, "hepatica ben")).toBe(false);
    expect(matches(one, "  ")).toBe(true);
  });

  it("is sorted by what was opened or changed last, or by title as people sort", () => {
    expect([...rows].sort(compare("opened")).map(({ title }) => title)).toEqual(["Ábaco", "Room 10", "Room 9"]);
    expect([...rows].sort(compare("changed")).map(({ title }) => title)).toEqual(["Room 9", "Room 10", "Ábaco"]);
    expect([...rows].sort(compare("title")).map(({ title }) => title)).toEqual(["Ábaco", "Room 9", "Room 10"]);
  });
});
