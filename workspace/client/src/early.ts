// Runs first of all: surfaces are fetched and decoded while the page's own scripts still come.

import { beginImages } from "./images/ahead";
import { SurfaceLoader } from "./surface_loading";

const script = document.currentScript as HTMLScriptElement | null;
const { surfaces, names } = script?.dataset ?? {};
if (script && surfaces) {
  const assets = new URL(".", script.src).href;
  // The first slice waits for these; where it fails, the view asks again.
  window.commissureImages = beginImages(surfaces.replace(/surfaces\/?$/, ""), assets);
  const loader = new SurfaceLoader(assets, surfaces);
  // One that fails here is asked for again by the view, and told of there.
  for (const sha256 of (names ? names.split(" ") : [])) loader.load(sha256).catch(() => undefined);
  window.commissureEarly = loader;
}
