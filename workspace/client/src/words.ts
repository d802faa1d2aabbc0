// The words on the page, in the member's language. English is the key; a page keeps its language
// for life, so texts may also be made while modules load.

import es from "../../words/es.json";
import pt from "../../words/pt.json";

export type Language = "en" | "pt" | "es";

/** Each language by its own name for itself. */
export const LANGUAGES: Record<Language, string> = { en: "English", pt: "Português", es: "Español" };

const CATALOGUES: Record<Language, Record<string, string>> = { en: {}, pt, es };

/** The language that a `lang` attribute names, of those that there are. */
export function languageOf(tag: string): Language {
  const code = tag.split("-")[0].toLowerCase();
  return Object.hasOwn(CATALOGUES, code) ? (code as Language) : "en";
}

let language: Language = typeof document === "undefined" ? "en" : languageOf(document.documentElement.lang);

/** The language of the page. */
export function languageNow(): Language {
  return language;
}

/** For tests: a page gets its language from the server, and keeps it. */
export function speak(code: Language): void {
  language = code;
}

/** Return a text in the page's language, with `{name}` replaced by the value of that name. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  const words = CATALOGUES[language][text] ?? text;
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Mark a text of a table that is handed to `t` later. */
export function key(text: string): string {
  return text;
}

/** Choose a language for this and later pages: the server keeps it in a cookie and leads back here. */
export function choose(code: Language): void {
  const prefix = location.pathname.replace(/rooms\/.*$/, ""); // of a room's page
  location.assign(`${prefix}language/${code}?next=${encodeURIComponent(location.pathname)}`);
}
