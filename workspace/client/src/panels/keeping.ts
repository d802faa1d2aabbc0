// The panels around the view stay when their own line is lost.

export interface TrameClient {
  state: {
    get(key: string): unknown;
    set(key: string, value: unknown): unknown;
    /** Called at once, and whenever one of them has changed, until the answer is called. */
    watch(keys: string[], changed: (...values: unknown[]) => void): () => void;
  };
}

/**
 * When trame's own socket closes, its client puts another template in the page's place. Told here
 * that this is the page's own, it leaves everything as it is; and the page need not travel twice.
 */
export function keepPanels(trame: TrameClient | null): void {
  trame?.state.set("trame__template_error_reconnect", trame.state.get("trame__template_main"));
}
