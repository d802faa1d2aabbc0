import { describe, expect, test } from "vitest";
import { newId } from "../src/ids";
import { PendingCommands } from "../src/pending";
import { parseMessage, type Change, type Command } from "../src/protocol";
import { waitMs } from "../src/socket";
import { digestOf, emptyView, leavesOf, upsert } from "../src/store";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}
const UNDO: Command = { type: "undo" };
const REMOVE: Command = { type: "remove_note", note_id: "n1" };

describe("pending commands", () => {
  test("come back after a reload, in their order and under their ids", () => {
    const texts = storage();
    const before = new PendingCommands(texts, "k");
    before.add("op-1", UNDO);
    before.add("op-2", REMOVE);
    expect(new PendingCommands(texts, "k").all()).toEqual([
      { operation_id: "op-1", command: UNDO },
      { operation_id: "op-2", command: REMOVE },
    ]);
  });

  test("are forgotten once answered, and only then", () => {
    const texts = storage();
    const pending = new PendingCommands(texts, "k");
    pending.add("op-1", UNDO);
    expect(pending.settle("of somebody else")).toBeUndefined();
    expect(pending.size).toBe(1);
    expect(pending.settle("op-1")).toEqual(UNDO);
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
    const view = emptyView();
    upsert(view, [note("one")]);
    upsert(view, [note("two")]);
    expect(view.notes.n1.text).toBe("two");
    upsert(view, [{ kind: "notes", id: "n1", value: null }]);
    expect(view.notes).toEqual({});
  });

  test("lets kinds pass that this client does not know", () => {
    const view = emptyView();
    upsert(view, [{ kind: "stages" as "notes", id: "x", value: {} }]);
    expect(view).toEqual(emptyView());
  });

  test("draws leaves only", () => {
    const view = emptyView();
    upsert(view, [
      { kind: "segments", id: "s1", value: { leaf: false } },
      { kind: "fragments", id: "f1", value: { leaf: true } },
    ]);
    expect(leavesOf(view).map(([id]) => id)).toEqual(["f1"]);
  });

  test("has one digest whatever the order in which records came", () => {
    const [a, b] = [emptyView(), emptyView()];
    const second: Change = { kind: "notes", id: "n2", value: { text: "b", note_id: "n2" } };
    upsert(a, [note("one"), second]);
    upsert(b, [{ ...second, value: { note_id: "n2", text: "b" } }, note("one")]);
    expect(digestOf(a)).toBe(digestOf(b));
    upsert(b, [note("two")]);
    expect(digestOf(a)).not.toBe(digestOf(b));
  });
});

describe("messages", () => {
  test.each(["", "nonsense", "null", "[]", '{"type":"surprise"}', '{"type":"pong"}', '{"type":"welcome"}'])(
    "that cannot be read are none: %s",
    (text) => expect(parseMessage(text)).toBeNull(),
  );

  test("that are whole are read", () => {
    expect(parseMessage('{"type":"pong","sent_ms":3}')).toEqual({ type: "pong", sent_ms: 3 });
  });
});

describe("trying again", () => {
  test("waits longer each time, from a quarter of a second to five seconds", () => {
    expect([0, 1, 2, 3, 9].map((attempt) => waitMs(attempt, 1))).toEqual([250, 500, 1000, 2000, 5000]);
  });

  test("spreads a crowd over half the wait", () => {
    expect(waitMs(9, 0)).toBe(2500);
  });
});

test("an id is a UUID of version 4", () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
