/** Restores the focus when a dialog closes. Radix restores it only to a dialog's own trigger, but our
 * dialogs are opened by any button, row, key or menu. */
import { useEffect } from "react";

const OVERLAY = ".rt-BaseDialogOverlay";
const MAX_WAIT_MS = 1000;

let lastFocus: HTMLElement | null = null;
if (typeof document !== "undefined") {
  document.addEventListener("focusin", ({ target }) => {
    const element = target as HTMLElement;
    const menu = element.closest("[role=menu]");
    // A menu that was opened by the pointer has the focus, although its button never had it.
    if (menu) lastFocus = document.querySelector<HTMLElement>(`[aria-controls="${CSS.escape(menu.id)}"]`) ?? lastFocus;
    else if (!element.closest("[role=dialog],[role=alertdialog],[role=listbox]")) lastFocus = element;
  });
}

/** Waits until Radix has finished the closing animation; then no element has the focus. */
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
    return () => restoreFocus(lastFocus, performance.now() + MAX_WAIT_MS);
  }, [isOpen]);
  return null;
}
