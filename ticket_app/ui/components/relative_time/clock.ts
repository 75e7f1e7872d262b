/** One clock for every time on the page: the server's, read again every 20 seconds while the page is seen. */
import { useSyncExternalStore } from "react";

const EVERY_MS = 20_000;

/** Added to this machine's clock, which may be wrong. */
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
    timer = setInterval(tick, EVERY_MS);
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

/** Tell the clock what time it is at the server (ISO). */
export function setServerTime(now: string): void {
  const at = Date.parse(now);
  if (Number.isNaN(at)) return;
  offset = at - Date.now();
  tick();
}
