import assert from "node:assert/strict";
import { test } from "node:test";
import { setServerTime } from "../relative_time/clock.ts";
import { find, render, wait } from "../testing/render.tsx";
import { SendingIn } from "./component.tsx";
import { secondsLeft } from "./seconds.ts";

test("seconds are whole, and end at nothing", () => {
  assert.deepEqual([10_000, 9_001, 9_000, 1, 0, -5_000].map((left) => secondsLeft(left, 0)), [10, 10, 9, 1, 0, 0]);
});

test("a held reply counts down by the server's clock until it is sent", async () => {
  setServerTime(new Date(Date.parse("2030-01-01T12:00:00Z")).toISOString());
  const { place, remove } = await render(<SendingIn at="2030-01-01T12:00:01.300Z" />);
  const text = () => find(place, "[role=timer]").textContent;
  assert.equal(text(), "Sending in 2 s");
  await wait(700);
  assert.equal(text(), "Sending in 1 s");
  await wait(900);
  assert.equal(text(), "Sending…");
  await remove();
  setServerTime(new Date().toISOString());
});
