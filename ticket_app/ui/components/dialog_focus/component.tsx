/** Restores the focus when a dialog closes. Radix leads it to a dialog's own trigger only; ours are
 * opened by any button, row, key or menu. */
import { useEffect } from "react";

const OVERLAY = ".rt-BaseDialogOverlay";
const PATIENCE_MS = 1000;

let lastFocus: HTMLElement | null = null;
if (typeof document !== "undefined") {
  document.addEventListener("focusin", ({ target }) => {
    const element = target as HTMLElement;
    const menu = element.closest("[role=menu]");
    // A menu opened by the pointer has taken the focus without its button having had it.
    if (menu) lastFocus = document.querySelector<HTMLElement>(`[aria-controls="${CSS.escape(menu.id)}"]`) ?? lastFocus;
    else if (!element.closest("[role=dialog],[role=alertdialog],[role=listbox]")) lastFocus = element;
  });
}

/** Radix ends its animation first, and leaves the focus to nothing. */
function restoreFocus(opener: HTMLElement | null, until: number): void {
  if (document.querySelector(OVERLAY)) {
    if (performance.now() < until) requestAnimationFrame(() => restoreFocus(opener, until));
    return;
  }
  setTimeout(() => {
    if (document.activeElement === document.body && opener?.isConnected) opener.focus({ preventScroll: true });
  });
}

export function DialogFocus({ isOpen }: { isOpen: boolean }) {
  useEffect(() => {
    if (!isOpen) return undefined;
    return () => restoreFocus(lastFocus, performance.now() + PATIENCE_MS);
  }, [isOpen]);
  return null;
}
