/** Opens the dialog to sign in again when the server reports that the session has ended. */
import { showUnreadCount } from "../installed_app/badge.ts";

let open: (() => void) | null = null;
/** Whether the person has used the page. If not, nothing can be lost, and the sign-in page is enough. */
let isUsed = false;
if (typeof document !== "undefined") {
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { isUsed = true; }, { capture: true, once: true });
  }
}

export function signInPage(): string {
  const here = location.pathname + location.search;
  return here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`;
}

export function signInAgain(): void {
  void showUnreadCount(0);
  if (open && isUsed) open();
  else location.assign(signInPage());
}

/** Registers the dialog of this page; returns a function that removes it. */
export function setDialog(opener: () => void): () => void {
  open = opener;
  return () => { if (open === opener) open = null; };
}
