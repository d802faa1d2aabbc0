import { describe, expect, test } from "vitest";
import { newId } from "../src/ids";
import { PendingCommands } from "../src/pending";
import { parseFrame, type Change, type Command } from "../src/protocol";
import { waitMs } from "../src/socket";
import { advancedBy, digestOf, emptyView, leavesOf } from "../src/store";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}
const UNDO: Command = { type: "undo" };
const pending = (operation_id: string, command: Command, branch_id = "main") => ({
  operation_id, command, branch_id, seen: 7,
});
const REMOVE: Command = { type: "remove_note", note_id: "n1" };

describe("pending commands", () => {
  test("come back after a reload, in their order and under their ids", () => {
    const texts = storage();
    const before = new PendingCommands(texts, "k");
    before.add(pending("op-1", UNDO));
    before.add(pending("op-2", REMOVE, "b1"));
    expect(new PendingCommands(texts, "k").all()).toEqual([
      pending("op-1", UNDO),
      pending("op-2", REMOVE, "b1"),
    ]);
  });

  test("are forgotten once answered, and only then", () => {
    const texts = storage();
    const waiting = new PendingCommands(texts, "k");
    waiting.add(pending("op-1", UNDO));
    expect(waiting.settle("of somebody else")).toBeUndefined();
    expect(waiting.size).toBe(1);
    expect(waiting.settle("op-1")).toEqual(UNDO);
    expect(new PendingCommands(texts, "k").size).toBe(0);
  });

  test("work without storage, and with a storage that holds nonsense", () => {
    expect(new PendingCommands(null, "k").size).toBe(0);
    const texts = storage();
    texts.setItem("k", "{not json");
    expect(new PendingCommands(texts, "k").size).toBe(0);
  });
});

describe("the plan view", () => {
  const note = (text: string): Change => ({ kind: "notes", id: "n1", value: { note_id: "n1", text } });

  test("takes a record, its next version and its end", () => {
    const one = advancedBy(emptyView(), [note("one")]);
    const two = advancedBy(one, [note("two"), note("three")]);
    expect([one.notes.n1.text, two.notes.n1.text]).toEqual(["one", "three"]);
    expect(advancedBy(two, [{ kind: "notes", id: "n1", value: null }]).notes).toEqual({});
  });

  test("lets kinds pass that this client does not know", () => {
    const view = advancedBy(emptyView(), [{ kind: "stages" as "notes", id: "x", value: {} }]);
    expect(view).toEqual(emptyView());
  });

  test("draws leaves only", () => {
    const view = advancedBy(emptyView(), [
      { kind: "segments", id: "s1", value: { leaf: false } },
      { kind: "fragments", id: "f1", value: { leaf: true } },
    ]);
    expect(leavesOf(view).map(([id]) => id)).toEqual(["f1"]);
  });

  test("has one digest whatever the order in which records came", () => {
    const second: Change = { kind: "notes", id: "n2", value: { text: "b", note_id: "n2" } };
    const a = advancedBy(emptyView(), [note("one"), second]);
    const b = advancedBy(emptyView(), [{ ...second, value: { note_id: "n2", text: "b" } }, note("one")]);
    expect(digestOf(a)).toBe(digestOf(b));
    expect(digestOf(a)).not.toBe(digestOf(advancedBy(b, [note("two")])));
  });
});

describe("messages", () => {
  test.each(["", "nonsense", "null", "[null]", '{"type":"pong","sent_ms":3}', '[{"type":"surprise"}]', '[{"type":"pong"}]', '[{"type":"pong","sent_ms":3},{"type":"welcome"}]'])(
    "that cannot be read are none: %s",
    (text) => expect(parseFrame(text)).toBeNull(),
  );

  test("that are whole are read", () => {
    const pong = { type: "pong", sent_ms: 3 };
    expect(parseFrame(JSON.stringify([pong, pong]))).toEqual([pong, pong]);
  });
});

describe("trying again", () => {
  test("waits longer each time, from half a second to half a minute", () => {
    expect([0, 1, 2, 3, 9].map((attempt) => waitMs(attempt, 1))).toEqual([500, 1000, 2000, 4000, 30_000]);
  });

  test("spreads a crowd over half the wait", () => {
    expect(waitMs(9, 0)).toBe(15_000);
  });
});

test("an id is a UUID of version 4", () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
