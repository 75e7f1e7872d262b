/** The server says when it has done what a form asked for. */

const listeners = new Set<() => void>();

export function onSettled(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function settle(): void {
  for (const listener of listeners) listener();
}
