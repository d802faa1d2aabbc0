// Tools are tables: state -> event -> where to go and what to do.

export interface Step<S extends string, A extends string> {
  to: S;
  act?: A;
}

export type Table<S extends string, E extends string, A extends string> = Record<
  S,
  Partial<Record<E, Step<S, A>>>
>;

/** Runs a table. Acts are looked up by name, so that the table itself needs no window. */
export class Machine<S extends string, E extends string, A extends string, D> {
  constructor(
    private readonly table: Table<S, E, A>,
    public state: S,
    private readonly acts: Record<A, (data: D) => void>,
  ) {}

  /** Whether the event means anything now. */
  takes(event: E): boolean {
    return this.table[this.state][event] !== undefined;
  }

  send(event: E, data: D): boolean {
    const step = this.table[this.state][event];
    if (!step) return false;
    this.state = step.to;
    if (step.act) this.acts[step.act](data);
    return true;
  }
}
