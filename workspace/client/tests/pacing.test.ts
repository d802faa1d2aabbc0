import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pacer } from "../src/pacer";

const BEAT_MS = 40;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Give a value every 7 ms for a while; return when values went, and which. */
function run(pacer: Pacer<number>, forMs: number): void {
  for (let at = 0; at < forMs; at += 7) {
    pacer.give(at);
    vi.advanceTimersByTime(7);
  }
}

describe("a pacer", () => {
  test("sends the first value at once, and then the newest at each beat", () => {
    const went: number[] = [];
    const pacer = new Pacer<number>(() => went.push(performance.now()), BEAT_MS);
    const start = performance.now();
    run(pacer, 200);
    expect(went[0]).toBe(start);
    for (let i = 1; i < went.length; i += 1) expect(went[i] - went[i - 1]).toBeGreaterThanOrEqual(BEAT_MS);
    expect(went.length).toBeGreaterThanOrEqual(5);
  });

  test("moves its beat by what the reader says, and stays there", () => {
    const went: number[] = [];
    const pacer = new Pacer<number>(() => went.push(performance.now()), BEAT_MS);
    run(pacer, 100);
    const before = went.at(-1) as number;
    pacer.shift(13);
    went.length = 0;
    run(pacer, 300);
    expect(went.length).toBeGreaterThanOrEqual(6);
    for (const at of went) expect((at - before - 13) % BEAT_MS).toBeCloseTo(0, 3);
  });

  test("never loses the last value", () => {
    const values: number[] = [];
    const pacer = new Pacer<number>((value) => values.push(value), BEAT_MS);
    pacer.give(1);
    vi.advanceTimersByTime(1);
    pacer.give(2);
    pacer.give(3);
    vi.advanceTimersByTime(BEAT_MS);
    expect(values).toEqual([1, 3]);
  });

  test("sends nothing after it was stopped, and takes no nonsense", () => {
    const values: number[] = [];
    const pacer = new Pacer<number>((value) => values.push(value), BEAT_MS);
    pacer.shift(Number.NaN);
    pacer.give(1);
    pacer.stop();
    vi.advanceTimersByTime(100);
    expect(values).toEqual([]);
  });
});
