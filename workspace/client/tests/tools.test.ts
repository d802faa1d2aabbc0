import { describe, expect, test } from "vitest";
import { Machine, type Table } from "../src/tools/machine";
import { CUT, MOVE, PIN, TABLES, type ToolEvent } from "../src/tools/tables";

type AnyTable = Table<string, ToolEvent, string>;
const ALL = Object.entries(TABLES as unknown as Record<string, AnyTable>);

/** Run events through a table; return where it ends and what was done. */
function run(table: AnyTable, events: ToolEvent[], start = "idle") {
  const done: string[] = [];
  const acts = new Proxy({}, { get: (_, name) => () => void done.push(String(name)) });
  const machine = new Machine<string, ToolEvent, string, null>(table, start, acts);
  for (const event of events) machine.send(event, null);
  return { state: machine.state, done };
}

describe.each(ALL)("the table of the tool %s", (_, table) => {
  test("leads only to states that it has", () => {
    for (const steps of Object.values(table)) {
      for (const step of Object.values(steps)) expect(Object.keys(table)).toContain(step.to);
    }
  });

  test("reaches every state from idle", () => {
    const reached = new Set(["idle"]);
    for (const state of reached) {
      for (const step of Object.values(table[state])) reached.add(step.to);
    }
    expect([...reached].sort()).toEqual(Object.keys(table).sort());
  });

  test("comes back to idle by Escape, except while the server works", () => {
    for (const state of Object.keys(table)) {
      if (state === "cutting") continue;
      expect(run(table, ["cancel", "cancel"], state).state).toBe("idle");
    }
  });
});

describe("tools", () => {
  test("pin a note only when it is saved", () => {
    expect(run(PIN as AnyTable, ["click", "cancel"]).done).toEqual(["open", "discard"]);
    expect(run(PIN as AnyTable, ["click", "save"]).done).toEqual(["open", "pin"]);
    expect(run(PIN as AnyTable, ["save"]).done).toEqual([]);
  });

  test("put a text elsewhere as long as it is not pinned", () => {
    expect(run(PIN as AnyTable, ["click", "click", "save"]).done).toEqual(["open", "open", "pin"]);
    expect(run(PIN as AnyTable, ["click", "miss"]).done).toEqual(["open", "discard"]);
  });

  test("decide a drag of a plane on letting go, once", () => {
    const { state, done } = run(CUT as AnyTable, ["click", "grab", "drag", "drag", "release"]);
    expect(state).toBe("adjusting");
    expect(done).toEqual(["place", "hold", "preview", "preview", "commit"]);
  });

  test("put a plane back where it was on Escape", () => {
    expect(run(CUT as AnyTable, ["chosen", "grab", "drag", "cancel"]).done.at(-1)).toBe("revert");
  });

  test("neither drag nor cut again while the server cuts", () => {
    const { state, done } = run(CUT as AnyTable, ["chosen", "apply", "apply", "grab", "click"]);
    expect(state).toBe("cutting");
    expect(done).toEqual(["apply"]);
  });

  test("move nothing that was not taken hold of", () => {
    expect(run(MOVE as AnyTable, ["drag", "release", "chosen", "drag", "release"]).done).toEqual([]);
  });
});
