import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Room, type RoomEvents } from "../src/room";
import { emptyView } from "../src/store";

/** A server's end of the connection, in memory. */
class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (event: { data: string }) => void;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  welcome(bootId = "boot-1"): void {
    this.accept();
    this.say({
      type: "welcome", protocol: 1, boot_id: bootId, room_id: "r", member_id: "m1", role: "surgeon",
      revision: 7, state_hash: "h", view: emptyView(), present: ["m1"], activity: [],
      can_undo: false, can_redo: false,
    });
  }
  submitted(): unknown[] {
    return this.sent.filter(({ type }) => type === "submit").map(({ operation_id }) => operation_id);
  }
}

const latest = () => FakeSocket.all[FakeSocket.all.length - 1];
const events = {
  welcome: vi.fn(),
  activity: vi.fn(),
  refused: vi.fn(),
  settled: vi.fn(),
  failed: vi.fn(),
} satisfies RoomEvents;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  vi.clearAllMocks();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function enter(): Room {
  const room = new Room("ws://x/socket", "m1", null, events);
  room.open();
  latest().welcome();
  return room;
}

describe("a room over a connection that breaks", () => {
  test("says hello first", () => {
    enter();
    expect(latest().sent[0]).toEqual({ type: "hello", protocol: 1 });
  });

  test("sends an unanswered command again, under the same id", () => {
    const room = enter();
    const id = room.submit({ type: "undo" });
    latest().onclose?.();
    expect(room.state.connection).toBe("lost");
    vi.advanceTimersByTime(300);
    latest().welcome();
    expect(FakeSocket.all).toHaveLength(2);
    expect(latest().submitted()).toEqual([id]);
    latest().say({ type: "acknowledged", operation_id: id, revision: 8 });
    expect(room.state.pending).toBe(0);
  });

  test("keeps what is asked while there is no connection", () => {
    const room = enter();
    latest().onclose?.();
    const id = room.submit({ type: "redo" });
    expect(room.state.pending).toBe(1);
    vi.advanceTimersByTime(300);
    latest().welcome();
    expect(latest().submitted()).toEqual([id]);
  });

  test("connects anew after a message that cannot be read", () => {
    const room = enter();
    latest().onmessage?.({ data: "{broken" });
    expect(room.state.connection).toBe("lost");
    vi.advanceTimersByTime(300);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("notices silence", () => {
    const room = enter();
    vi.advanceTimersByTime(10_000);
    expect(room.state.connection).not.toBe("live");
  });

  test("tells of a server that was started again", () => {
    enter();
    latest().onclose?.();
    vi.advanceTimersByTime(300);
    latest().welcome("boot-2");
    expect(events.welcome.mock.calls.map(([, restarted]) => restarted)).toEqual([false, true]);
  });

  test("takes over the records that an entry changed", () => {
    const room = enter();
    const activity = { revision: 8, member_id: "m2", at: "", summary: "pinned a note" };
    const changes = [{ kind: "notes", id: "n1", value: { text: "x" } }];
    latest().say({ type: "advanced", revision: 8, operation_id: "o", activity, changes, can_undo: true, can_redo: false });
    expect(room.state.view.notes.n1.text).toBe("x");
    expect(room.state.revision).toBe(8);
    expect(room.state.canUndo).toBe(true);
  });

  test("gives the reason of a refusal together with the command", () => {
    const room = enter();
    const id = room.submit({ type: "undo" });
    latest().say({ type: "refused", operation_id: id, reason: "nothing to undo" });
    expect(events.refused).toHaveBeenCalledWith("nothing to undo", { type: "undo" });
    expect(room.state.pending).toBe(0);
  });

  test("sends presence at most 25 times a second, and only when it changed", () => {
    const room = enter();
    for (let i = 0; i < 100; i += 1) {
      room.tell({ cursor: { solid_id: "s", point_mm: [i, 0, 0] }, tool: "select" });
      vi.advanceTimersByTime(10);
    }
    const count = () => latest().sent.filter(({ type }) => type === "presence").length;
    const sent = count();
    expect(sent).toBeGreaterThan(20);
    expect(sent).toBeLessThanOrEqual(26);
    room.tell({ cursor: { solid_id: "s", point_mm: [99, 0, 0] }, tool: "select" });
    vi.advanceTimersByTime(100);
    expect(count()).toBeLessThanOrEqual(sent + 1);
  });
});
