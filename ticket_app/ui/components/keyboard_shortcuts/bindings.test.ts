import assert from "node:assert/strict";
import { test } from "node:test";
import { bySequence, createBindings } from "./bindings.ts";

/** A page with these shortcuts: [what was activated, what a press means]. */
function page(...shortcuts: string[]) {
  const activated: string[] = [];
  const elements = new Map(shortcuts.map((shortcut) => [shortcut, { shortcut } as unknown as HTMLElement]));
  const press = createBindings((shortcut) => elements.get(shortcut), (element) => activated.push((element as unknown as { shortcut: string }).shortcut));
  const type = (key: string, shiftKey = false) => press(new KeyboardEvent("keydown", { key, code: key, shiftKey }), elements.keys());
  return { activated, type, elements };
}

test("sequences come before single keys", () => assert.deepEqual(bySequence(["n", "g n", "u", "n"]), ["g n", "n", "u"]));

test("a single key, a sign and a letter with Shift each mean their own element", () => {
  const { activated, type } = page("u", "?", "Shift+A", "a", "[", ".", "<", "Escape");
  assert.deepEqual([type("u"), type("?"), type("A", true), type("a"), type("["), type("."), type("<"), type("Escape"), type("q")],
    [true, true, true, true, true, true, true, true, false]);
  assert.deepEqual(activated, ["u", "?", "Shift+A", "a", "[", ".", "<", "Escape"]);
});

test("a sequence wins over its last key alone", () => {
  const { activated, type } = page("n", "g n", "g s");
  assert.deepEqual([type("g"), type("n"), type("n"), type("g"), type("s")], [false, true, true, false, true]);
  assert.deepEqual(activated, ["g n", "n", "g s"]);
});

test("a key that ends no sequence means what it means alone", () => {
  const { activated, type } = page("n", "g s", "u");
  type("g");
  type("u");
  type("n");
  assert.deepEqual(activated, ["u", "n"]);
});

test("shortcuts follow what is on the page", () => {
  const { activated, type, elements } = page("u");
  elements.set("z", { shortcut: "z" } as unknown as HTMLElement);
  assert.equal(type("z"), true);
  elements.delete("u");
  assert.equal(type("u"), false);
  assert.deepEqual(activated, ["z"]);
});
