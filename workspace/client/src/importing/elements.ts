// Building the page: text is only ever set as text.

type Child = Node | string | null;
type Attributes = Record<string, string | boolean | ((event: never) => void)>;

/** Make an element; functions are listeners, `true` is an attribute without a value. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value as (event: Event) => void);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function button(text: string, look: string, click: () => void): HTMLButtonElement {
  return element("button", { type: "button", class: `ci-btn ${look}`, click }, text);
}

const SVG = "http://www.w3.org/2000/svg";

/** Draw an icon of 24 x 24 from a path. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}
