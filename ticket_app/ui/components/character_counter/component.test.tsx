import assert from "node:assert/strict";
import { test } from "node:test";
import { clearField } from "../dom/fields.ts";
import { find, render, type } from "../testing/render.tsx";
import { CharacterCounter } from "./component.tsx";
import { act } from "react";

test("the counter shows when little is left, and counts characters, not code units", async () => {
  const drawn = await render(<><input id="title" /><CharacterCounter field="title" limit={10} /></>);
  const field = find<HTMLInputElement>(drawn.place, "input"), counter = find(drawn.place, ".character-counter");
  await type(field, "12345678");
  assert.equal(counter.textContent, "");
  await type(field, "12345678💡");
  assert.equal(counter.textContent, "9 / 10");
  assert.equal(counter.dataset.overLimit, "false");
  await type(field, "12345678901");
  assert.equal(counter.dataset.overLimit, "true");
  await act(async () => clearField(field));
  assert.equal(counter.textContent, "");
  await drawn.remove();
});
