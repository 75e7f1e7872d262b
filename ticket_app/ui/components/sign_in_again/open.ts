/** Opening the dialog to sign in again, from wherever the server says that the session has ended. */

let open: (() => void) | null = null;
/** Nobody has done anything here yet: there is nothing to lose, so the sign-in page will do. */
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
  if (open && isUsed) open();
  else location.assign(signInPage());
}

/** The dialog of this page. Returns a function for when it goes. */
export function setDialog(opener: () => void): () => void {
  open = opener;
  return () => { if (open === opener) open = null; };
}
