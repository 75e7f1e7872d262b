import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT_FOR_MS, UnsentText } from "./storage.ts";

class Memory {
  readonly items = new Map<string, string>();
  get length() { return this.items.size; }
  key(index: number) { return [...this.items.keys()][index] ?? null; }
  getItem(key: string) { return this.items.get(key) ?? null; }
  setItem(key: string, value: string) { this.items.set(key, value); }
  removeItem(key: string) { this.items.delete(key); }
}
const WORDS = { body: "It flickers." };

test("text is kept for its account and its place, also in a new tab", () => {
  const memory = new Memory();
  assert.equal(new UnsentText(() => memory).save("ada", "BUG-1", WORDS), true);
  const newTab = new UnsentText(() => memory);
  assert.deepEqual(newTab.read("ada", "BUG-1"), WORDS);
  assert.equal(newTab.read("mia", "BUG-1"), undefined);
  assert.equal(newTab.read("ada", "BUG-2"), undefined);
});

test("text is forgotten after thirty days", () => {
  const memory = new Memory();
  new UnsentText(() => memory).save("ada", "BUG-1", WORDS, 0);
  assert.deepEqual(new UnsentText(() => memory).read("ada", "BUG-1", KEPT_FOR_MS - 1), WORDS);
  assert.equal(new UnsentText(() => memory).read("ada", "BUG-1", KEPT_FOR_MS), undefined);
});

test("nothing is stored before the account is known, but this tab has it", () => {
  const memory = new Memory();
  const text = new UnsentText(() => memory);
  assert.equal(text.save("", "BUG-1", WORDS), false);
  assert.equal(memory.length, 0);
  assert.deepEqual(text.read("", "BUG-1"), WORDS);
  assert.equal(text.wasTypedInThisTab("BUG-1"), true);
});

test("a browser without storage is no error", () => {
  const text = new UnsentText(() => { throw new Error("private mode"); });
  assert.equal(text.save("ada", "BUG-1", WORDS), false);
  assert.deepEqual(text.read("ada", "BUG-1"), WORDS);
  text.discard("ada", "BUG-1");
  text.discardAccount("ada");
  assert.equal(text.read("ada", "BUG-1"), undefined);
});

test("signing out forgets the account's text only", () => {
  const memory = new Memory();
  const text = new UnsentText(() => memory);
  text.save("ada", "BUG-1", WORDS);
  text.save("ada", "BUG-2", WORDS);
  text.save("adam", "BUG-1", WORDS);
  memory.setItem("desk.rail", "small");
  text.discardAccount("ada");
  assert.deepEqual([...memory.items.keys()], ["desk.unsent.adam.BUG-1", "desk.rail"]);
});
