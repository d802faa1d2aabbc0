import { shallowReactive } from "vue";

export interface Toast {
  key: number;
  text: string;
  /** Who did it, in their colour; empty for the page itself. */
  name: string;
  colour: string;
  kind: "said" | "refused";
}

const SHOWN_MS = 4500;
const REFUSED_MS = 8000;
const MOST = 4;

/** Short messages that go away by themselves. */
export class Toasts {
  readonly list = shallowReactive<Toast[]>([]);
  private count = 0;

  say(text: string, name = "", colour = ""): void {
    this.put({ key: 0, text, name, colour, kind: "said" });
  }

  refuse(text: string): void {
    this.put({ key: 0, text, name: "", colour: "", kind: "refused" });
  }

  dismiss(key: number): void {
    const place = this.list.findIndex((toast) => toast.key === key);
    if (place >= 0) this.list.splice(place, 1);
  }

  private put(toast: Toast): void {
    this.count += 1;
    const key = this.count;
    this.list.push({ ...toast, key });
    if (this.list.length > MOST) this.list.shift();
    setTimeout(() => this.dismiss(key), toast.kind === "refused" ? REFUSED_MS : SHOWN_MS);
  }
}
