import assert from "node:assert/strict";
import { test } from "node:test";
import { find, press, render, type } from "../testing/render.tsx";
import { OptionList } from "./component.tsx";

const list = (chosen: string[], found: string[], answeredFor?: string) => (
  <OptionList answeredFor={answeredFor}>
    <input />
    <button type="button" onClick={() => chosen.push("nobody")} />
    {found.map((name) => <button key={name} type="button" data-search-result="true" onClick={() => chosen.push(name)} />)}
  </OptionList>
);

test("Enter waits for the answer to what is typed and takes the first that was found", async () => {
  const chosen: string[] = [];
  const { place, redraw, remove } = await render(list(chosen, ["ada", "bob"], ""));
  await type(find<HTMLInputElement>(place, "input"), "bo");
  await press(find(place, "input"), "Enter");
  assert.deepEqual(chosen, []);
  await redraw(list(chosen, ["bob"], "bo"));
  assert.deepEqual(chosen, ["bob"]);
  await redraw(list(chosen, ["ada"], "bo"));
  assert.deepEqual(chosen, ["bob"], "once only");
  await remove();
});

test("Enter takes nothing where nothing was found, and the first option where nothing is typed", async () => {
  const chosen: string[] = [];
  const { place, redraw, remove } = await render(list(chosen, [], "x"));
  await type(find<HTMLInputElement>(place, "input"), "x");
  await press(find(place, "input"), "Enter");
  assert.deepEqual(chosen, []);
  await type(find<HTMLInputElement>(place, "input"), "");
  await redraw(list(chosen, [], ""));
  await press(find(place, "input"), "Enter");
  assert.deepEqual(chosen, ["nobody"]);
  await remove();
});

test("arrows move between the field and the options", async () => {
  const { place, remove } = await render(list([], ["ada"], ""));
  const field = find(place, "input"), buttons = [...place.querySelectorAll("button")];
  field.focus();
  for (const [key, expected] of [["ArrowDown", buttons[0]], ["ArrowDown", buttons[1]], ["ArrowDown", buttons[1]], ["ArrowUp", buttons[0]], ["ArrowUp", field]] as const) {
    await press(document.activeElement as HTMLElement, key);
    assert.equal(document.activeElement, expected);
  }
  await remove();
});
