/** The clock of all times on the page: the server's time, updated every 20 seconds while the page is visible. */
import { useSyncExternalStore } from "react";

const INTERVAL_MS = 20_000;

/** The difference between the server's clock and this computer's, which may be wrong. */
let offset = 0;
let current = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  if (document.hidden) return;
  current = Date.now() + offset;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    current = Date.now() + offset;
    timer = setInterval(tick, INTERVAL_MS);
    document.addEventListener("visibilitychange", tick);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

/** The server's time in milliseconds; 0 until the page runs in a browser. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => current, () => 0);

/** The server's time now, in milliseconds. */
export const serverNow = (): number => Date.now() + offset;

/** Sets the server's current time (ISO 8601). */
export function setServerTime(now: string): void {
  const at = Date.parse(now);
  if (Number.isNaN(at)) return;
  offset = at - Date.now();
  tick();
}
