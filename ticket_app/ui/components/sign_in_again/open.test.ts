import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setDialog, signInAgain } from "./open.ts";

test("the dialog takes the focus only once typing has paused", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const opened = mock.fn();
  const remove = setDialog(opened);
  const type = () => document.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
  type();
  signInAgain();
  t.mock.timers.tick(400);
  type();
  t.mock.timers.tick(400);
  assert.equal(opened.mock.callCount(), 0);
  t.mock.timers.tick(200);
  assert.equal(opened.mock.callCount(), 1);
  signInAgain();
  assert.equal(opened.mock.callCount(), 2);
  remove();
});
