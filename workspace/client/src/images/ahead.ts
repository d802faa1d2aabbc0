// What can begin before the page's own scripts have come: which images there are, how the levels
// of the first to be shown lie, and the coarsest of these.

import { volumesOf } from "./listing";
import { addressOf, WorkerSource } from "./brick_source";

export interface ImagesAhead {
  /** The server's answer; null where it could not be had. */
  listing: Promise<unknown>;
  /** Null where the browser has no workers. */
  source: WorkerSource | null;
}

declare global {
  interface Window {
    commissureImages?: ImagesAhead;
  }
}

/** `base` is the member's page, `assets` the folder of the built client; both end with a slash. */
export function beginImages(base: string, assets: string): ImagesAhead {
  const source = typeof Worker === "undefined" ? null : new WorkerSource(assets);
  const listing = askForVolumes(base).catch(() => null);
  void listing.then((answer) => {
    const volumes = volumesOf(answer);
    const first = volumes.find(({ primary }) => primary) ?? volumes[0];
    if (first) source?.begin(addressOf(base, first), first.levels);
  });
  return { listing, source };
}

/** Return what the page's first script has begun, once. */
export function takeImagesAhead(): ImagesAhead | null {
  const ahead = window.commissureImages ?? null;
  delete window.commissureImages;
  return ahead;
}

/** Ask which images there are. */
export async function askForVolumes(base: string): Promise<unknown> {
  const response = await fetch(`${base}volumes`, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}
