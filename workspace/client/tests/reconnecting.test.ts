import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Room, type RoomEvents } from "../src/room";
import { emptyView } from "../src/store";

const GREETING = {
  boot_id: "boot-1", branch_id: "main", revision: 7, role: "surgeon", may: ["undo", "redo"],
  present: ["m1"], presenting: { presenter_id: null, asked: [] }, can_undo: false, can_redo: false,
};

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
  say(message: object | object[]): void {
    this.onmessage?.({ data: JSON.stringify([message].flat()) });
  }
  welcome(bootId = "boot-1"): void {
    this.accept();
    this.say({
      ...GREETING, type: "welcome", protocol: 3, boot_id: bootId, room_id: "r", member_id: "m1",
      state_hash: "h", view: emptyView(), activity: [],
    });
  }
  submitted(): unknown[] {
    return this.sent.filter(({ type }) => type === "submit").map(({ operation_id }) => operation_id);
  }
}

const advanced = (revision: number, text: string, operation_id = "o") => ({
  type: "advanced", revision, operation_id, branch_id: "main", overwrote: [],
  activity: { revision, member_id: "m2", at: "", summary: "pinned a note", branch_id: "main" },
  changes: [{ kind: "notes", id: "n1", value: { text } }], can_undo: true, can_redo: false,
});
const latest = () => FakeSocket.all[FakeSocket.all.length - 1];
const events = {
  welcome: vi.fn(),
  asked: vi.fn(),
  resumed: vi.fn(),
  advanced: vi.fn(),
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
    expect(latest().sent[0]).toEqual({ type: "hello", protocol: 3, branch_id: "main", seen: null });
  });

  test("sends an unanswered command again, under the same id", () => {
    const room = enter();
    const id = room.submit({ type: "undo" });
    latest().onclose?.();
    expect(room.state.connection).toBe("lost");
    vi.advanceTimersByTime(600);
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
    vi.advanceTimersByTime(600);
    latest().welcome();
    expect(latest().submitted()).toEqual([id]);
  });

  test("connects anew after a message that cannot be read", () => {
    const room = enter();
    latest().onmessage?.({ data: "{broken" });
    expect(room.state.connection).toBe("lost");
    vi.advanceTimersByTime(600);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("notices silence", () => {
    const room = enter();
    vi.advanceTimersByTime(10_000);
    expect(room.state.connection).not.toBe("live");
  });

  test("takes its own frozen page for no silence", () => {
    const room = enter();
    const asleep = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
    vi.advanceTimersByTime(2000);
    asleep.mockRestore();
    expect(room.state.connection).toBe("live");
  });

  test("tells of a server that was started again", () => {
    enter();
    latest().onclose?.();
    vi.advanceTimersByTime(600);
    latest().welcome("boot-2");
    expect(events.welcome.mock.calls.map(([, restarted]) => restarted)).toEqual([false, true]);
  });

  test("takes over the records that an entry changed", () => {
    const room = enter();
    latest().say(advanced(8, "x"));
    expect(room.state.view.notes.n1.text).toBe("x");
    expect(room.state.revision).toBe(8);
    expect(room.state.canUndo).toBe(true);
  });

  test("says what it has seen when it comes back, and goes on from there", () => {
    const room = enter();
    latest().say(advanced(8, "x"));
    const id = room.submit({ type: "undo" });
    latest().onclose?.();
    vi.advanceTimersByTime(600);
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ branch_id: "main", seen: { boot_id: "boot-1", revision: 8 } });
    latest().say([{ ...GREETING, type: "resumed", revision: 10 }, advanced(9, "y", id), advanced(10, "z")]);
    expect(room.state.connection).toBe("live");
    expect(room.state.view.notes.n1.text).toBe("z");
    expect(room.state.revision).toBe(10);
    expect(latest().submitted()).toEqual([]); // it was recorded; the frame said so
    expect(events.welcome).toHaveBeenCalledTimes(1);
    expect(events.resumed).toHaveBeenCalledTimes(1);
  });

  test("asks again for the branch, under the branch and the revision it was asked on", () => {
    const room = enter();
    room.visit("b1");
    expect(latest().sent.at(-1)).toEqual({ type: "visit", branch_id: "b1" });
    latest().say({ ...GREETING, type: "welcome", branch_id: "b1", room_id: "r", member_id: "m1", state_hash: "h", view: emptyView(), activity: [] });
    const id = room.submit({ type: "undo" });
    latest().onclose?.();
    vi.advanceTimersByTime(600);
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ branch_id: "b1" });
    latest().say({ ...GREETING, type: "resumed", branch_id: "b1", revision: 9 });
    expect(latest().sent.at(-1)).toEqual({ type: "submit", operation_id: id, command: { type: "undo" }, branch_id: "b1", seen: 7 });
  });

  test("keeps the present plan up to date while the past is shown, and takes no command", () => {
    const room = enter();
    room.showPast(3, emptyView());
    latest().say(advanced(8, "x"));
    expect(room.state.view.notes).toEqual({});
    expect(room.may("undo")).toBe(false);
    room.showNow();
    expect(room.state.view.notes.n1.text).toBe("x");
    expect(room.may("undo")).toBe(true);
  });

  test("tries at once when asked to", () => {
    const room = enter();
    latest().onclose?.();
    room.hurry();
    expect(FakeSocket.all).toHaveLength(2);
    room.hurry();
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("gives the reason of a refusal together with the command", () => {
    const room = enter();
    const id = room.submit({ type: "undo" });
    latest().say({ type: "refused", operation_id: id, reason: "nothing to undo" });
    expect(events.refused).toHaveBeenCalledWith("nothing to undo", { type: "undo" }, id);
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
