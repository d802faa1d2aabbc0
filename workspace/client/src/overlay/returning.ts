// A field or menu over the view gives the focus back to where the keyboard was.

import { onUnmounted } from "vue";

/** Call in the setup of what takes the focus for a while. */
export function returnFocus(): void {
  const before = document.activeElement as HTMLElement | null;
  onUnmounted(() => {
    // Where it has gone on to something else, it stays there.
    const nowhere = document.activeElement === null || document.activeElement === document.body;
    if (nowhere && before?.isConnected) before.focus({ preventScroll: true });
  });
}
