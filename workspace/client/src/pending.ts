// Commands that the server has not answered yet. They outlive a lost connection and a reload.

import type { Command } from "./protocol";
import { MAIN } from "./records";

export interface PendingCommand {
  operation_id: string;
  command: Command;
  branch_id: string;
  /** The revision that was on screen when it was given; null: none. */
  seen: number | null;
}

export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class PendingCommands {
  private readonly waiting = new Map<string, PendingCommand>();

  constructor(
    private readonly storage: TextStorage | null,
    private readonly key: string,
  ) {
    for (const one of this.stored()) {
      const { operation_id, command, branch_id = MAIN, seen = null } = one;
      this.waiting.set(operation_id, { operation_id, command, branch_id, seen });
    }
  }

  get size(): number {
    return this.waiting.size;
  }

  add(pending: PendingCommand): void {
    this.waiting.set(pending.operation_id, pending);
    this.keep();
  }

  /** Forget an answered command; return it, or undefined where it was not ours. */
  settle(operationId: string): Command | undefined {
    const pending = this.waiting.get(operationId);
    if (this.waiting.delete(operationId)) this.keep();
    return pending?.command;
  }

  /** In the order in which they were given. */
  all(): PendingCommand[] {
    return [...this.waiting.values()];
  }

  private stored(): (Partial<PendingCommand> & Pick<PendingCommand, "operation_id" | "command">)[] {
    try {
      const value: unknown = JSON.parse(this.storage?.getItem(this.key) ?? "[]");
      return Array.isArray(value) ? value : [];
    } catch {
      return [];
    }
  }

  private keep(): void {
    try {
      this.storage?.setItem(this.key, JSON.stringify(this.all()));
    } catch {
      // Storage is full or forbidden: the command is still sent again, only not after a reload.
    }
  }
}
