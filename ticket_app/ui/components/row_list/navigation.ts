/** Keyboard navigation in lists: j, k and arrows move, x selects, Space opens the preview. */
import { keyOf, type KeyPress } from "../dom/keyboard.ts";

const LIST = "[data-row-list]";
const rowsOf = (list: Element): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-row]")];

export function focusRow(row: Element | undefined): void {
  const link = row?.querySelector<HTMLElement>("a");
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

/** Returns the row to move to, or undefined if the key does not move. `at` is -1 outside of the list. */
export function rowAfter(key: string, at: number, count: number): number | undefined {
  const isInside = at >= 0;
  const last = count - 1;
  const target = {
    j: at + 1, k: at - 1,
    ...(isInside && { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }),
  }[key];
  return target === undefined ? undefined : Math.min(Math.max(target, 0), last);
}

function press(row: Element | undefined, selector: string): boolean {
  const element = row?.querySelector<HTMLElement>(selector);
  element?.click();
  return Boolean(element);
}

/** Handles a key press in the list around its target, or in the page's list; returns whether it did something. */
export function moveInList(event: KeyPress & { target: EventTarget | null }): boolean {
  const key = keyOf(event);
  const list = (event.target as Element).closest(LIST) ?? document.querySelector(LIST);
  const rows = list ? rowsOf(list) : [];
  if (!rows.length || (event.shiftKey && /^[a-z]$/.test(key))) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rowAfter(key, at, rows.length);
  if (next !== undefined) {
    focusRow(rows[next]);
    return true;
  }
  if (key === "x") return press(rows[at], "[data-row-checkbox]");
  return key === " " && press(rows[at], "[data-preview-button]");
}
