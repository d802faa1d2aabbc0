// Whether anybody sits at this page: no input for a minute, or a page behind others, is nobody.

const IDLE_AFTER_MS = 60_000;
const INPUTS = ["pointermove", "pointerdown", "wheel", "keydown", "touchstart"] as const;

export function watchIdle(changed: (idle: boolean) => void): () => void {
  let idle = document.hidden;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const set = (value: boolean) => {
    if (value === idle) return;
    idle = value;
    changed(value);
  };
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(() => set(true), IDLE_AFTER_MS);
    set(false);
  };
  const hidden = () => (document.hidden ? set(true) : touched());
  for (const input of INPUTS) window.addEventListener(input, touched, { passive: true, capture: true });
  document.addEventListener("visibilitychange", hidden);
  hidden();
  return () => {
    clearTimeout(timer);
    for (const input of INPUTS) window.removeEventListener(input, touched, { capture: true });
    document.removeEventListener("visibilitychange", hidden);
  };
}
