import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gathering } from "../src/gathering";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what comes one by one is answered together, and so is what comes after that", () => {
  const answer = vi.fn();
  const gathering = new Gathering(answer, 400);
  for (let turn = 1; turn < 4; turn += 1) {
    gathering.soon();
    vi.advanceTimersByTime(399);
    gathering.soon();
    expect(answer).toHaveBeenCalledTimes(turn - 1);
    vi.advanceTimersByTime(1);
    expect(answer).toHaveBeenCalledTimes(turn);
  }
});

test("the last is answered at once, and nothing is answered twice", () => {
  const answer = vi.fn();
  const gathering = new Gathering(answer, 400);
  gathering.soon();
  gathering.now();
  expect(answer).toHaveBeenCalledTimes(1);
  gathering.soon();
  gathering.close();
  vi.advanceTimersByTime(1000);
  expect(answer).toHaveBeenCalledTimes(1);
});
