import assert from "node:assert/strict";
import { test } from "node:test";
import { asShortcutEvent, keyOf, modifiersOf, type KeyPress } from "./keyboard.ts";

const pressed = (given: Partial<KeyPress> & { altGraph?: boolean }): KeyPress => ({
  key: "", code: "", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, keyCode: 0,
  getModifierState: (name: string) => name === "AltGraph" && Boolean(given.altGraph), ...given,
});
const key = (given: Parameters<typeof pressed>[0]) => keyOf(pressed(given));

test("a Latin letter counts as it is typed, whatever its position", () => {
  assert.equal(key({ key: "j", code: "KeyC" }), "j");
  assert.equal(key({ key: "J", code: "KeyJ" }), "j");
  assert.equal(key({ key: "ö", code: "KeyC" }), "ö");
});

test("on a layout of another script the position decides, for signs too", () => {
  assert.deepEqual([["о", "KeyJ"], ["ξ", "KeyJ"], ["ח", "KeyJ"], ["ت", "KeyJ"]].map(([typed, code]) => key({ key: typed, code })), ["j", "j", "j", "j"]);
  assert.equal(key({ key: ".", code: "Slash" }), "/");
  assert.equal(key({ key: ",", code: "Slash", shiftKey: true }), "?");
  assert.equal(key({ key: "a", code: "KeyA" }), "a");
  assert.equal(key({ key: ".", code: "Slash" }), ".");
});

test("keys that only compose a character are none", () => {
  assert.equal(key({ key: "c", code: "KeyC", isComposing: true }), "");
  assert.equal(key({ key: "Process", code: "KeyC", keyCode: 229 }), "");
  assert.equal(key({ key: "Dead", code: "BracketLeft" }), "");
  assert.equal(key({ key: "c", code: "KeyC", altGraph: true }), "");
});

test("AltGr only chooses a sign, Cmd is Ctrl", () => {
  assert.equal(key({ key: "[", code: "Digit8", altGraph: true, ctrlKey: true, altKey: true }), "[");
  assert.deepEqual(modifiersOf(pressed({ key: "[", altGraph: true, ctrlKey: true, altKey: true })), { ctrl: false, alt: false });
  assert.deepEqual(modifiersOf(pressed({ key: "k", metaKey: true })), { ctrl: true, alt: false });
});

test("Shift counts for letters and named keys, not for signs", () => {
  const shift = (given: Partial<KeyPress>) => asShortcutEvent(pressed({ ...given, shiftKey: true })).shiftKey;
  assert.equal(shift({ key: "A", code: "KeyA" }), true);
  assert.equal(shift({ key: "Enter", code: "Enter" }), true);
  assert.equal(shift({ key: "?", code: "Slash" }), false);
});
