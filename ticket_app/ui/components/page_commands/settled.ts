/** Notifies forms that the server has handled their submission. */

const listeners = new Set<() => void>();

export function onSettled(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function settle(): void {
  for (const listener of listeners) listener();
}
