import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Memory } from "../src/memory";
import type { TrameClient } from "../src/panels/keeping";
import { rememberLists, soundLists } from "../src/panels/remembering";
import { benchOver } from "./benches";

/** The storage of a tab. */
function storage(): Storage {
  const kept = new Map<string, string>();
  const getItem = (key: string) => kept.get(key) ?? null;
  return { getItem, setItem: (key: string, value: string) => void kept.set(key, value) } as unknown as Storage;
}

/** What trame's client has of a page. */
class PageState {
  private readonly watchers: [string[], (...values: unknown[]) => void][] = [];

  constructor(readonly values: Record<string, unknown>) {}

  get = (key: string): unknown => this.values[key];

  set = (key: string, value: unknown): void => {
    this.values[key] = value;
    for (const [keys, changed] of this.watchers) if (keys.includes(key)) changed(...keys.map(this.get));
  };

  watch = (keys: string[], changed: (...values: unknown[]) => void): (() => void) => {
    this.watchers.push([keys, changed]);
    changed(...keys.map(this.get));
    return () => this.watchers.splice(0);
  };
}

const AT_FIRST = { tree_mode: "owner", colour_mode: "own", plan_tab: "segments", tool: "select" };
const page = (): PageState & TrameClient["state"] => new PageState({ ...AT_FIRST });

beforeEach(() => vi.stubGlobal("sessionStorage", storage()));
afterEach(() => vi.stubGlobal("sessionStorage", undefined));

describe("how lists look", () => {
  test("is the same after a reload", () => {
    const before = page();
    rememberLists({ state: before }, new Memory("room/ana"));
    before.set("tree_mode", "group");
    before.set("plan_tab", "measures");
    const after = page();
    rememberLists({ state: after }, new Memory("room/ana"));
    expect(after.values).toEqual({ ...AT_FIRST, tree_mode: "group", plan_tab: "measures" });
  });

  test("is one member's own, in one room", () => {
    const mine = page();
    rememberLists({ state: mine }, new Memory("room/ana"));
    mine.set("colour_mode", "code");
    const theirs = page();
    rememberLists({ state: theirs }, new Memory("room/ben"));
    expect(theirs.values).toEqual(AT_FIRST);
  });

  test("is no longer noted once the view is gone", () => {
    const memory = new Memory("room/ana");
    const state = page();
    const stop = rememberLists({ state }, memory);
    stop();
    state.set("plan_tab", "steps");
    expect(memory.get().lists?.plan_tab).toBe("segments");
  });

  test("is read only where a list can look so", () => {
    expect(soundLists({ plan_tab: "gone", tree_mode: "flat", colour_mode: 7, base: "elsewhere" })).toEqual({ tree_mode: "flat" });
    for (const bad of [null, undefined, "text", 3]) expect(soundLists(bad)).toEqual({});
  });
});

describe("what was measured and drawn last", () => {
  test("is in the tools after a reload", async () => {
    const before = await benchOver({});
    before.takeKind("angle");
    before.takeKind("text");
    before.close();
    const after = await benchOver({});
    expect([after.tools.measure.state.kind, after.tools.annotate.state.kind]).toEqual(["angle", "text"]);
    after.close();
  });

  test("is forgotten where there is no such kind", async () => {
    const before = await benchOver({});
    before.memory.put({ kinds: { measure: "sextant" as never } });
    before.close();
    const after = await benchOver({});
    expect(after.tools.measure.state.kind).toBe("line");
    expect(after.tools.annotate.state.kind).toBe("arrow");
    after.close();
  });
});
