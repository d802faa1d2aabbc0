// Runs first of all: surfaces are fetched and decoded while the page's own scripts still come.

import { SurfaceLoader } from "./surface_loading";

const script = document.currentScript as HTMLScriptElement | null;
const { surfaces, names } = script?.dataset ?? {};
if (script && surfaces && names) {
  const loader = new SurfaceLoader(new URL(".", script.src).href, surfaces);
  // One that fails here is asked for again by the view, and told of there.
  for (const sha256 of names.split(" ")) loader.load(sha256).catch(() => undefined);
  window.commissureEarly = loader;
  // The first slice waits for this; where it fails, the view asks again.
  const listing = fetch(surfaces.replace(/surfaces\/?$/, "volumes"), { credentials: "same-origin" });
  window.commissureListing = listing.catch(() => null);
}
