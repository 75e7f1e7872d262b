import assert from "node:assert/strict";
import { test } from "node:test";
import { find, render } from "../testing/render.tsx";
import { DueTime, RelativeTime, ServerClock } from "./component.tsx";

test("times follow the server's clock", async () => {
  const at = "2030-01-01T12:00:00Z";
  const drawn = await render(<><ServerClock now="2030-01-01T15:00:00Z" /><RelativeTime at={at} /><DueTime due="2030-01-01T17:30:00Z" /></>);
  const time = find<HTMLTimeElement>(drawn.place, "time");
  assert.equal(time.textContent, "3h ago");
  assert.equal(time.dateTime, at);
  assert.equal(find(drawn.place, ".sla-chip").textContent, "2h");
  await drawn.redraw(<><ServerClock now="2030-01-01T16:00:00Z" /><RelativeTime at={at} format="short" /></>);
  assert.equal(find(drawn.place, "time").textContent, "4h");
  await drawn.remove();
});

test("no due time shows nothing", async () => {
  const drawn = await render(<DueTime due="" />);
  assert.equal(find(drawn.place, ".sla-chip").outerHTML, '<span class="sla-chip"></span>');
  await drawn.remove();
});
