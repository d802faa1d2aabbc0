// The words on the page, in the member's language. English is the key.

/** Return a text in the page's language, with `{name}` replaced by the value of that name. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
