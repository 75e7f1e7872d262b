import assert from "node:assert/strict";
import { test } from "node:test";
import { find, render, wait } from "../testing/render.tsx";
import { DialogFocus } from "./component.tsx";

const page = (isOpen: boolean) => (
  <>
    <button type="button" id="row" />
    <button type="button" id="more" aria-controls="menu" />
    <div id="menu" role="menu"><button type="button" role="menuitem" /></div>
    {isOpen && <div role="dialog"><input /></div>}
    <DialogFocus isOpen={isOpen} />
  </>
);

async function closeDialog(opener: string): Promise<string> {
  const { place, redraw, remove } = await render(page(false));
  find(place, opener).focus();
  await redraw(page(true));
  find(place, "input").focus();
  await redraw(page(false));
  await wait(50);
  const focused = document.activeElement?.id ?? "";
  await remove();
  return focused;
}

test("what opened a dialog has the focus again when it closes", async () => {
  assert.equal(await closeDialog("#row"), "row");
});

test("a dialog opened from a menu gives the focus to the menu's button", async () => {
  assert.equal(await closeDialog("[role=menuitem]"), "more");
});
