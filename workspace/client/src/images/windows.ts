// Each member's own windows, by volume; a reload keeps them.

import type { Volume, Window } from "./listing";
import { allowed, startOf } from "./windowing";

const KEY = "commissure:windows";
const USUAL: Window = { center: 40, width: 400 };

export class Windows {
  private readonly own = new Map<string, Window>();

  constructor(private readonly storage: Storage | null) {
    try {
      const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? "{}");
      for (const [key, window] of Object.entries((kept ?? {}) as Record<string, Window>)) {
        if (Number.isFinite(window?.center) && window?.width > 0) this.own.set(key, window);
      }
    } catch {
      // Storage is forbidden or holds something else: windows then begin as the server proposes.
    }
  }

  of(volume: Volume | undefined): Window {
    return (volume && (this.own.get(volume.key) ?? startOf(volume))) ?? USUAL;
  }

  set(volume: Volume, window: Window): void {
    // A Hounsfield window of less than 1 shows noise only; other units may be tiny.
    const [low, high] = volume.range;
    this.own.set(volume.key, allowed(window, volume.hu ? 1 : Math.max(1e-6, (high - low) / 4096)));
    try {
      this.storage?.setItem(KEY, JSON.stringify(Object.fromEntries(this.own)));
    } catch {
      // Full or forbidden: the window counts until the page is left.
    }
  }
}
