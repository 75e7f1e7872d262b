/** The browser's offer to install the app: kept until the person asks for it in the account menu. */

/** Chromium's event; other browsers have no such offer, and a menu of their own. */
export interface InstallOffer extends Event { prompt(): Promise<unknown> }

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

function set(next: InstallOffer | null): void {
  offer = next;
  for (const listener of listeners) listener();
}

if (typeof window !== "undefined") {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // no banner over the page: the menu has an entry instead
    set(event as InstallOffer);
  });
  addEventListener("appinstalled", () => set(null));
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const canInstall = (): boolean => offer !== null;

/** Shows the browser's own question. An offer can be used once; the browser makes another one later. */
export async function askToInstall(): Promise<void> {
  const asked = offer;
  set(null);
  await asked?.prompt();
}
