import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "react";
import { render } from "../testing/render.tsx";
import { ReadWhenVisible } from "./component.tsx";

function setHidden(hidden: boolean): void {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}

test("a visible page is read as soon as something on it is unread", async () => {
  const reads: boolean[] = [];
  const page = (unread: number) => <ReadWhenVisible unread={unread} onRead={(wasHidden) => reads.push(wasHidden)} />;
  const { redraw, remove } = await render(page(0));
  assert.deepEqual(reads, []);
  await redraw(page(2));
  await redraw(page(2));
  await redraw(page(0));
  await redraw(page(1));
  assert.deepEqual(reads, [false, false]);
  await remove();
});

test("a page in the background is read when the person looks at it, once", async () => {
  const reads: boolean[] = [];
  setHidden(true);
  const { remove } = await render(<ReadWhenVisible unread={1} onRead={(wasHidden) => reads.push(wasHidden)} />);
  await act(async () => setHidden(true));
  assert.deepEqual(reads, []);
  await act(async () => setHidden(false));
  await act(async () => setHidden(false));
  assert.deepEqual(reads, [true]);
  await remove();
});

test("a page that is left before it was seen stays unread", async () => {
  const reads: boolean[] = [];
  setHidden(true);
  const { remove } = await render(<ReadWhenVisible unread={1} onRead={(wasHidden) => reads.push(wasHidden)} />);
  await remove();
  setHidden(false);
  assert.deepEqual(reads, []);
});
