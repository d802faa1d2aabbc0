// The panels around the view stay when their own line is lost.

export interface TrameClient {
  state: {
    get(key: string): unknown;
    set(key: string, value: unknown): unknown;
    /** Called at once, and whenever one of them has changed, until the answer is called. */
    watch(keys: string[], changed: (...values: unknown[]) => void): () => void;
  };
}

declare global {
  interface Window {
    /** What the panels are laid out from: a script of its own, that browsers keep. */
    commissureTemplate?: string;
  }
}

/** Give trame's client the page, which its state does not carry; before it is mounted. */
export function layPanelsOut(trame: TrameClient | null): void {
  const template = window.commissureTemplate;
  if (template !== undefined) trame?.state.set("trame__template_main", template);
}

/**
 * When trame's own socket closes, its client puts another template in the page's place. Told here
 * that this is the page's own, it leaves everything as it is; and the page need not travel twice.
 */
export function keepPanels(trame: TrameClient | null): void {
  trame?.state.set("trame__template_error_reconnect", trame.state.get("trame__template_main"));
}
