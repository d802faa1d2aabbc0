/** Call `action` at most every `everyMs`, with the latest value; the last value is never lost. */
export function throttled<T>(action: (value: T) => void, everyMs: number) {
  let latest: { value: T } | null = null;
  let lastMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const fire = () => {
    timer = undefined;
    if (latest === null) return;
    lastMs = performance.now();
    const { value } = latest;
    latest = null;
    action(value);
  };
  return {
    give(value: T): void {
      latest = { value };
      if (timer === undefined) {
        timer = setTimeout(fire, Math.max(0, lastMs + everyMs - performance.now()));
      }
    },
    stop(): void {
      clearTimeout(timer);
      timer = undefined;
      latest = null;
    },
  };
}
