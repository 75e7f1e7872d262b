import assert from "node:assert/strict";
import { test } from "node:test";
import { click, find, press, render } from "../testing/render.tsx";
import { TagInput } from "./component.tsx";
import { addTags, joinTags, parseTags } from "./tags.ts";

test("tags are one text, separated by commas", () => {
  assert.deepEqual(parseTags(" lamp, ,hall "), ["lamp", "hall"]);
  assert.equal(joinTags(["lamp", "hall"]), "lamp,hall");
});

test("typed tags are normalised, each once, up to the limit", () => {
  assert.deepEqual(addTags(["lamp"], "Lamp, Big Hall ,x", 20), ["lamp", "big-hall", "x"]);
  assert.deepEqual(addTags(["a", "b"], "c,d", 3), ["a", "b", "c"]);
});

async function drawnInput(changes: string[] = []) {
  const drawn = await render(
    <form><TagInput name="tags" value="lamp" suggestions={["hall", "lamp"]} outside="none" onChange={(event) => changes.push(event.target.value)} /></form>,
  );
  const entry = find<HTMLInputElement>(drawn.place, ".tag-entry");
  const value = () => find<HTMLInputElement>(drawn.place, "[name=tags]").value;
  const add = async (text: string, key: string) => { entry.value = text; await press(entry, key); };
  return { ...drawn, entry, value, add };
}

test("Enter and a comma add what is typed and tell the form", async () => {
  const changes: string[] = [];
  const { add, value, entry, remove } = await drawnInput(changes);
  await add("Big Hall", "Enter");
  await add("roof", ",");
  assert.equal(value(), "lamp,big-hall,roof");
  assert.deepEqual(changes, ["lamp,big-hall", "lamp,big-hall,roof"]);
  assert.equal(entry.value, "");
  await remove();
});

test("Backspace removes the last tag only when nothing is typed", async () => {
  const { add, value, remove } = await drawnInput();
  await add("x", "Backspace");
  assert.equal(value(), "lamp");
  await add("", "Backspace");
  assert.equal(value(), "");
  await remove();
});

test("a tag has its button, a suggestion goes when it is taken", async () => {
  const { place, value, remove } = await drawnInput();
  const offers = () => [...place.querySelectorAll(".tag-suggestions button")].map((button) => button.textContent);
  assert.deepEqual(offers(), ["hall"]);
  await click(find(place, ".tag-suggestions button"));
  assert.equal(value(), "lamp,hall");
  assert.deepEqual(offers(), []);
  await click(find(place, "[aria-label='Remove lamp']"));
  assert.equal(value(), "hall");
  assert.deepEqual(offers(), ["lamp"]);
  await remove();
});

test("in a dialog, the entry has the focus and not the button of a tag", async () => {
  const { place, remove } = await render(<div role="dialog"><TagInput name="tags" value="lamp" outside="none" /></div>);
  assert.equal(document.activeElement, find(place, ".tag-entry"));
  await remove();
});
