/** Keyboard shortcuts. An element has its shortcut in `data-shortcut="g n"`; lists have their own keys. */
import { useEffect } from "react";
import { isTypedInto } from "../dom/fields.ts";
import { asShortcutEvent, keyOf, modifiersOf } from "../dom/keyboard.ts";
import { closePanels } from "../layout_panels/panels.ts";
import { preference } from "../layout_panels/preferences.ts";
import { moveInList } from "../row_list/navigation.ts";
import { runShortcut } from "./bindings.ts";

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta"]);
const LEAVING_KEYS = new Set(["Escape", "Enter", "Tab"]);
/** If a field is removed while a person types into it, their letters are not shortcuts for this long. */
const STILL_TYPING_MS = 1500;

/** Listens for shortcuts; rendered once in the app. `html[data-keys="off"]` turns them off. */
export function KeyboardShortcuts() {
  useEffect(() => {
    let typed: { field: Element | null; at: number } = { field: null, at: 0 };
    const onInput = ({ target }: Event) => { if (isTypedInto(target)) typed = { field: target, at: Date.now() }; };
    // A person who leaves a field by a key or a click knows that they are no longer in it.
    const onLeavingKey = ({ key }: KeyboardEvent) => { if (LEAVING_KEYS.has(key)) typed.field = null; };
    const onPointerDown = () => { typed.field = null; };
    const isStillTyping = () => typed.field !== null && !typed.field.isConnected && Date.now() - typed.at < STILL_TYPING_MS;

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && closePanels()) {
        event.preventDefault();
        return;
      }
      const { ctrl, alt } = modifiersOf(event);
      if (event.defaultPrevented || ctrl || alt || MODIFIERS.has(event.key) || !keyOf(event)) return;
      if (isStillTyping()) {
        typed.at = Date.now();
        return;
      }
      const target = event.target as Element;
      if (isTypedInto(target) || preference("keys") === "off" || target.closest("[role=menu],[role=dialog],[role=listbox]")) return;
      if (moveInList(event) || runShortcut(asShortcutEvent(event))) event.preventDefault();
    };
    document.addEventListener("input", onInput, true);
    document.addEventListener("keydown", onLeavingKey, true);
    document.addEventListener("pointerdown", onPointerDown, true);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("input", onInput, true);
      document.removeEventListener("keydown", onLeavingKey, true);
      document.removeEventListener("pointerdown", onPointerDown, true);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);
  return null;
}
