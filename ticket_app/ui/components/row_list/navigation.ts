/** Moving in lists by keys: j, k and arrows move, x selects, space peeks. */
import { keyOf, type KeyPress } from "../dom/keyboard.ts";

const LIST = "[data-row-list]";
const rowsOf = (list: Element): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-row]")];

export function focusRow(row: Element | undefined): void {
  const link = row?.querySelector<HTMLElement>("a");
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

/** The row to move to; -1 for `at` is outside of the list. Undefined for keys that do not move. */
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

/** Do what a press means in the list around its target, or in the page's; returns whether it meant something. */
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
