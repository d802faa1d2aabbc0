// Commands that the server has not answered yet. They outlive a lost connection and a reload.

import type { Command } from "./protocol";

export interface PendingCommand {
  operation_id: string;
  command: Command;
}

export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export class PendingCommands {
  private readonly waiting = new Map<string, Command>();

  constructor(
    private readonly storage: TextStorage | null,
    private readonly key: string,
  ) {
    for (const { operation_id, command } of this.stored()) this.waiting.set(operation_id, command);
  }

  get size(): number {
    return this.waiting.size;
  }

  add(operationId: string, command: Command): void {
    this.waiting.set(operationId, command);
    this.keep();
  }

  /** Forget an answered command; return it, or undefined where it was not ours. */
  settle(operationId: string): Command | undefined {
    const command = this.waiting.get(operationId);
    if (this.waiting.delete(operationId)) this.keep();
    return command;
  }

  /** In the order in which they were given. */
  all(): PendingCommand[] {
    return Array.from(this.waiting, ([operation_id, command]) => ({ operation_id, command }));
  }

  private stored(): PendingCommand[] {
    try {
      const value: unknown = JSON.parse(this.storage?.getItem(this.key) ?? "[]");
      return Array.isArray(value) ? (value as PendingCommand[]) : [];
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
