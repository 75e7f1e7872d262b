/** Opens the dialog to sign in again when the server reports that the session has ended. */
import { showUnreadCount } from "../installed_app/badge.ts";

/** The dialog takes the focus: it waits for a pause, so that no letter of a text goes into its password. */
const TYPING_PAUSE_MS = 600;

let open: (() => void) | null = null;
let typedAt = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;
/** Whether the person has used the page. If not, nothing can be lost, and the sign-in page is enough. */
let isUsed = false;
if (typeof document !== "undefined") {
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { isUsed = true; }, { capture: true, once: true });
  }
  document.addEventListener("keydown", () => { typedAt = Date.now(); }, { capture: true, passive: true });
}

export function signInPage(): string {
  const here = location.pathname + location.search;
  return here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`;
}

export function signInAgain(): void {
  void showUnreadCount(0);
  if (open && isUsed) openAfterTyping();
  else location.assign(signInPage());
}

function openAfterTyping(): void {
  clearTimeout(waiting);
  const pause = typedAt + TYPING_PAUSE_MS - Date.now();
  if (pause > 0) waiting = setTimeout(openAfterTyping, pause);
  else open?.();
}

/** Registers the dialog of this page; returns a function that removes it. */
export function setDialog(opener: () => void): () => void {
  open = opener;
  return () => { if (open === opener) open = null; };
}
