// When something was: how long ago, and the moment itself.

import { ref } from "vue";
import { t } from "../words";

const TICK_MS = 20_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const now = ref(Date.now());

/** Let the page's times go on; once for a page. */
export function startClock(): void {
  window.setInterval(() => {
    now.value = Date.now();
  }, TICK_MS);
}

/** Return how long ago a time was; clocks of two machines differ, so the future is now. */
export function ago(at: string, from: number = now.value): string {
  const passed = from - Date.parse(at);
  if (!(passed >= MINUTE_MS)) return t("just now");
  if (passed < HOUR_MS) return t("{n} min ago", { n: Math.floor(passed / MINUTE_MS) });
  if (passed < DAY_MS) return t("{n} h ago", { n: Math.floor(passed / HOUR_MS) });
  return t("{n} d ago", { n: Math.floor(passed / DAY_MS) });
}

/** Return a time to the minute; members sit in different time zones. */
export function exact(at: string): string {
  return at.length >= 16 ? `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` : at;
}
