/** The username of the signed-in person; empty until the server has sent it. */
import { useSyncExternalStore } from "react";

let account = "";
const listeners = new Set<() => void>();

export function setAccount(name: string): void {
  account = name;
  for (const listener of listeners) listener();
}

export const currentAccount = (): string => account;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useAccount = (): string => useSyncExternalStore(subscribe, currentAccount, () => "");
