import { shallowReactive } from "vue";

export interface Toast {
  key: number;
  text: string;
  /** Who did it, in their colour; empty for the page itself. */
  name: string;
  colour: string;
  kind: "said" | "refused" | "conflict";
  /** What can be done about it. */
  offer: { label: string; act: () => void } | null;
}

/** Whoever wants to take up an offer needs longer than whoever reads. */
const OFFERED_MS = 9000;
const SHOWN_MS: Record<Toast["kind"], number> = { said: 4500, refused: 8000, conflict: 15_000 };
const MOST = 4;
const PLAIN = { key: 0, name: "", colour: "", offer: null };

/** Short messages that go away by themselves. */
export class Toasts {
  readonly list = shallowReactive<Toast[]>([]);
  private count = 0;

  say(text: string, name = "", colour = "", offer: Toast["offer"] = null): void {
    this.put({ ...PLAIN, text, name, colour, kind: "said", offer });
  }

  refuse(text: string): void {
    this.put({ ...PLAIN, text, kind: "refused" });
  }

  /** Tell of a change that replaced another one; stays longer, and can offer something. */
  conflict(text: string, name: string, colour: string, offer: Toast["offer"] = null): void {
    this.put({ ...PLAIN, text, name, colour, kind: "conflict", offer });
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
    const shownMs = Math.max(SHOWN_MS[toast.kind], toast.offer ? OFFERED_MS : 0);
    setTimeout(() => this.dismiss(key), shownMs);
  }
}
