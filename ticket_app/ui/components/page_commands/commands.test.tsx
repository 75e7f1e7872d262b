import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "react";
import { click, find, render, wait } from "../testing/render.tsx";
import { preference, storedPreference } from "../layout_panels/preferences.ts";
import { runCommands } from "./commands.ts";
import { PageCommands } from "./component.tsx";
import { onSettled } from "./settled.ts";

const themes: string[] = [];
const run = (words: object | string) =>
  act(async () => runCommands(typeof words === "string" ? words : JSON.stringify(words), { setTheme: (theme) => themes.push(theme) }));

test("a message is shown for a while, and three at most", async () => {
  const { place, remove } = await render(<PageCommands />);
  const texts = () => [...place.querySelectorAll(".toast .toast-text")].map((one) => one.textContent);
  for (const text of ["one", "two", "three", "four"]) await run({ toast: text, tone: "green", seconds: 0.05 });
  assert.deepEqual(texts(), ["two", "three", "four"]);
  assert.equal(find(place, ".toast").dataset.tone, "green");
  await wait(80);
  assert.deepEqual(texts(), []);
  await remove();
});

test("Undo presses its button, or says that it is gone", async () => {
  let undone = 0;
  const { place, remove } = await render(<><PageCommands /><button id="undo-1" type="button" onClick={() => { undone += 1; }} /></>);
  await run({ toast: "BUG-15 resolved", undo: "undo-1" });
  await click(find(place, ".toast button"));
  assert.equal(undone, 1);
  assert.equal(place.querySelector(".toast"), null);
  await run({ toast: "BUG-16 resolved", undo: "undo-2" });
  await click(find(place, ".toast button"));
  assert.equal(find(place, ".toast .toast-text").textContent, "This can no longer be undone.");
  await click(find(place, "[aria-label=Dismiss]"));
  await remove();
});

test("a reply that is held can be undone by its key, for as long as it is held", async () => {
  let undone = 0;
  const { place, remove } = await render(<><PageCommands /><button id="undo-3" type="button" onClick={() => { undone += 1; }} /></>);
  await run({ toast: "Reply sent.", undo: "undo-3", seconds: 1.2, hasCountdown: true });
  assert.equal(find(place, ".toast-countdown").textContent, "2 s");
  const button = find<HTMLButtonElement>(place, ".toast button");
  assert.equal(button.textContent, "Undo (z)");
  await act(async () => { find(place, ".toast").dispatchEvent(new MouseEvent("pointerover", { bubbles: true })); });
  await wait(500);
  assert.equal(find(place, ".toast-countdown").textContent, "1 s");
  await wait(900);
  assert.equal(place.querySelector(".toast"), null, "it also ends under the pointer");
  await run({ toast: "Reply sent.", undo: "undo-3", seconds: 9, hasCountdown: true });
  await run({ dismiss: "undo-3" });
  assert.equal(place.querySelector(".toast"), null, "it was undone by the key");
  await run({ toast: "Reply sent.", undo: "undo-3", seconds: 9, hasCountdown: true });
  await click(find(place, ".toast button"));
  assert.equal(undone, 1);
  await remove();
});

test("commands act on elements of the page, also on those that appear a moment later", async () => {
  const { redraw, place, remove } = await render(<></>);
  await run({ focus: "title" });
  await redraw(<input id="title" defaultValue="Lamp" />);
  await wait(80);
  assert.equal(document.activeElement, find(place, "input"));
  await run({ clear: "title" });
  assert.equal(find<HTMLInputElement>(place, "input").value, "");
  await remove();
});

test("a form hears that the server is done with it", async () => {
  let settled = 0;
  const stop = onSettled(() => { settled += 1; });
  await run({ settled: true });
  stop();
  await run({ settled: true });
  assert.equal(settled, 1);
});

test("preferences of the account are remembered; its theme reaches a browser once", async () => {
  await run({ remember: ["keys", "off"] });
  assert.equal(preference("keys"), "off");
  assert.equal(storedPreference("keys"), "off");
  await run({ remember: ["theme", "dark"] });
  await run({ remember: ["theme", "dark"] });
  assert.deepEqual(themes, ["dark"]);
});

test("what is no command, or no JSON, does nothing", async () => {
  await run("alert(1)");
  await run({ constructor: "x", toString: "y", unknown: 1 });
});
