import assert from "node:assert/strict";
import { test } from "node:test";
import { find, render, type } from "../testing/render.tsx";
import { DateTimeInput } from "./component.tsx";
import { toLocal, toUtc } from "./local_time.ts";

test("local times and UTC lead to each other", () => {
  assert.equal(toUtc(toLocal("2027-03-15T13:30:00Z")), "2027-03-15T13:30:00.000Z");
  assert.equal(toLocal("soon"), "");
  assert.equal(toUtc(""), "");
});

test("what is not touched is submitted as it came, to the second", async () => {
  const drawn = await render(<DateTimeInput name="due_at" value="2027-03-15T13:30:27Z" />);
  const hidden = find<HTMLInputElement>(drawn.place, "[name=due_at]");
  assert.equal(hidden.value, "2027-03-15T13:30:27Z");
  await type(find<HTMLInputElement>(drawn.place, "[type=datetime-local]"), toLocal("2027-04-01T08:00:00Z"));
  assert.equal(hidden.value, "2027-04-01T08:00:00.000Z");
  await drawn.remove();
});
