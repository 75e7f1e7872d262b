/** Shortcuts of the page: tinykeys tells which one was pressed, its element is clicked or focused. */
import { createKeybindingsHandler } from "tinykeys";
import { isTypedInto, isUsable } from "../dom/fields.ts";

const SEQUENCE_MS = 1200;

const elements = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-shortcut]")].filter((element) => element.dataset.shortcut);

const findElement = (shortcut: string): HTMLElement | undefined =>
  elements().find((element) => element.dataset.shortcut === shortcut && isUsable(element));

/** Sequences ("g n") come before single keys ("n"): the first that matches wins. */
export const bySequence = (shortcuts: Iterable<string>): string[] =>
  [...new Set(shortcuts)].sort((a, b) => b.split(" ").length - a.split(" ").length);

/** Returns a function that handles a press and says whether it meant something. */
export function createBindings(find: (shortcut: string) => HTMLElement | undefined, activate: (element: HTMLElement) => void) {
  let known = "";
  let handle: EventListener = () => {};
  let isHandled = false;
  const bind = (shortcut: string) => () => {
    const element = find(shortcut) ?? find(shortcut.split(" ").at(-1) ?? "");
    isHandled = element !== undefined;
    if (element) activate(element);
  };
  return (event: KeyboardEvent, shortcuts: Iterable<string>): boolean => {
    const ordered = bySequence(shortcuts);
    if (ordered.join("\n") !== known) {
      known = ordered.join("\n");
      handle = createKeybindingsHandler(
        Object.fromEntries(ordered.map((shortcut) => [shortcut, bind(shortcut)])),
        { timeout: SEQUENCE_MS, ignore: () => false },
      );
    }
    isHandled = false;
    handle(event);
    return isHandled;
  };
}

const press = createBindings(findElement, activate);

/** Do what a press means on this page; returns whether it meant something. */
export const runShortcut = (event: KeyboardEvent): boolean =>
  press(event, elements().map((element) => element.dataset.shortcut ?? ""));

function activate(element: HTMLElement): void {
  if (isTypedInto(element)) {
    element.focus();
    if ("select" in element) element.select();
  } else if (element instanceof HTMLInputElement && element.type === "radio") {
    // Choosing who reads a text puts the cursor back into it.
    if (!element.checked) element.click();
    element.form?.querySelector("textarea")?.focus();
  } else if (element.getAttribute("aria-haspopup") === "menu") {
    // Radix opens its menus on pointerdown or Enter, not on a click made by a script.
    element.focus();
    element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  } else element.click();
}
