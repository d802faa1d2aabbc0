// The scene on the page, and a new one after the browser has taken its context away: drivers that
// restart, tablets that slept and browsers with too many pages do that.

import { graphicsOf, type Graphics } from "./graphics";
import { Scene } from "./scene";

/** After so long each a new context is asked for; drivers need a while to come back. */
const TRY_AFTER_MS = [300, 1_000, 3_000, 10_000];

export class Scenes {
  now: Scene;
  onLost: () => void = () => undefined;
  onBack: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly container: HTMLElement,
    private readonly graphics: Graphics,
  ) {
    this.now = this.open();
  }

  close(): void {
    clearTimeout(this.timer);
    this.now.close();
  }

  private open(): Scene {
    const scene = new Scene(this.container, this.graphics);
    scene.canvas?.addEventListener("webglcontextlost", (event) => {
      event.preventDefault(); // else some browsers give no new context either
      this.onLost();
      this.tryAgain(0);
    });
    return scene;
  }

  private tryAgain(tries: number): void {
    if (tries >= TRY_AFTER_MS.length) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (graphicsOf() === "none") this.tryAgain(tries + 1);
      else {
        this.now.close();
        this.now = this.open();
        this.onBack();
      }
    }, TRY_AFTER_MS[tries]);
  }
}
