import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "react";
import { settle } from "../page_commands/settled.ts";
import { click, find, render } from "../testing/render.tsx";
import { SubmitButton } from "./component.tsx";

test("a form is sent once until the server has answered", async () => {
  let sent = 0;
  const { place, remove } = await render(<form onSubmit={(event) => { event.preventDefault(); sent += 1; }}><SubmitButton>Send</SubmitButton></form>);
  const button = find<HTMLButtonElement>(place, "button");
  const submit = () => act(async () => find<HTMLFormElement>(place, "form").requestSubmit());
  await click(button);
  assert.equal(button.disabled, true);
  assert.equal(button.getAttribute("aria-busy"), "true");
  await submit();
  assert.equal(sent, 1);
  await act(async () => settle());
  assert.equal(button.disabled, false);
  await submit();
  assert.equal(sent, 2);
  await remove();
});
