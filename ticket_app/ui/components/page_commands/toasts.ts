/** Short messages. They stay when the page changes, because "BUG-15 resolved" is shown on the next
 * ticket. */
import { useSyncExternalStore } from "react";
import { debugFailure } from "../failure_reports/reports.ts";

export interface Toast { id: number; text: string; tone: string; detail: string; undo: string; seconds: number; hasCountdown: boolean }
export type NewToast = Pick<Toast, "text"> & Partial<Toast>;

const MAX_TOASTS = 3;
let toasts: readonly Toast[] = [];
let lastId = 0;
const NONE: readonly Toast[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function showToast({ tone = "gray", detail = "", undo = "", seconds = 6, hasCountdown = false, ...toast }: NewToast): void {
  if (tone === "red") debugFailure("failed:", toast.text);
  set([...toasts, { ...toast, tone, detail, undo, seconds, hasCountdown, id: ++lastId }].slice(-MAX_TOASTS));
}

export const dismissToast = (id: number): void => set(toasts.filter((toast) => toast.id !== id));

/** Removes the toasts whose Undo presses a button, once that was done in another way. */
export const dismissToastsOf = (undo: string): void => set(toasts.filter((toast) => !undo || toast.undo !== undo));

export const currentToasts = (): readonly Toast[] => toasts;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useToasts = (): readonly Toast[] => useSyncExternalStore(subscribe, currentToasts, () => NONE);
