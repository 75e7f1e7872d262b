/** Runs the shortcuts of the page: tinykeys recognises them, and the element of a shortcut is clicked or focused. */
import { createKeybindingsHandler } from "tinykeys";
import { isTypedInto, isUsable } from "../dom/fields.ts";

const SEQUENCE_TIMEOUT_MS = 1200;

const elements = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-shortcut]")].filter((element) => element.dataset.shortcut);

const findElement = (shortcut: string): HTMLElement | undefined =>
  elements().find((element) => element.dataset.shortcut === shortcut && isUsable(element));

/** Sorts sequences ("g n") before single keys ("n"), because the first match wins. */
export const bySequence = (shortcuts: Iterable<string>): string[] =>
  [...new Set(shortcuts)].sort((a, b) => b.split(" ").length - a.split(" ").length);

/** Returns a function that handles a key press and returns whether it was a shortcut. */
export function createBindings(find: (shortcut: string) => HTMLElement | undefined, activate: (element: HTMLElement) => void) {
  let bound = "";
  let handle: EventListener = () => {};
  let isHandled = false;
  const bind = (shortcut: string) => () => {
    const element = find(shortcut) ?? find(shortcut.split(" ").at(-1) ?? "");
    isHandled = element !== undefined;
    if (element) activate(element);
  };
  return (event: KeyboardEvent, shortcuts: Iterable<string>): boolean => {
    const ordered = bySequence(shortcuts);
    if (ordered.join("\n") !== bound) {
      bound = ordered.join("\n");
      handle = createKeybindingsHandler(
        Object.fromEntries(ordered.map((shortcut) => [shortcut, bind(shortcut)])),
        { timeout: SEQUENCE_TIMEOUT_MS, ignore: () => false },
      );
    }
    isHandled = false;
    handle(event);
    return isHandled;
  };
}

const press = createBindings(findElement, activate);

/** Runs the shortcut of a key press on this page; returns whether there is one. */
export const runShortcut = (event: KeyboardEvent): boolean =>
  press(event, elements().map((element) => element.dataset.shortcut ?? ""));

export function activate(element: HTMLElement): void {
  if (isTypedInto(element)) {
    element.focus();
    if ("select" in element) element.select();
  } else if (element instanceof HTMLInputElement && element.type === "radio") {
    // After a choice between reply and note, the person goes on writing.
    if (!element.checked) element.click();
    element.form?.querySelector("textarea")?.focus();
  } else if (element.getAttribute("aria-haspopup") === "menu") {
    // Radix opens its menus on pointerdown or Enter, not on a click made by a script.
    element.focus();
    element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  } else element.click();
}
