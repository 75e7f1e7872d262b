import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { act } from "react";
import { clearField } from "../dom/fields.ts";
import { find, render, type } from "../testing/render.tsx";
import { IDLE_MS, WRITING_MS } from "./activity.ts";
import { PresenceReporter } from "./component.tsx";

async function drawn() {
  const reports: string[] = [];
  const page = (visit: number) => (
    <>
      <PresenceReporter ticketId={7} visit={visit} onActivity={(ticketId, activity) => reports.push(`${ticketId} ${activity}`)} />
      <form id="composer">
        <input type="radio" name="audience" value="reply" defaultChecked /><input type="radio" name="audience" value="note" />
        <textarea name="body" />
      </form>
      <form id="other"><input name="value" /></form>
      <input type="search" />
    </>
  );
  const { place, redraw, remove } = await render(page(1));
  return { place, reports, remove, load: () => redraw(page(2)) };
}

const tick = (ms: number) => act(async () => mock.timers.tick(ms));

test("writing is reported by what is written, once, and ends after a pause or when it is sent", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const { place, reports, remove } = await drawn();
  const text = find<HTMLTextAreaElement>(place, "textarea");
  await type(text, "L");
  await type(text, "Lit");
  await tick(WRITING_MS);
  find<HTMLInputElement>(place, "[value=note]").checked = true;
  await type(text, "Lit, I think");
  await act(async () => clearField(text));
  await type(find<HTMLInputElement>(place, "#other input"), "High");
  assert.deepEqual(reports, ["7 viewing", "7 reply", "7 viewing", "7 note", "7 viewing", "7 editing"]);
  await remove();
  mock.timers.reset();
});

test("a page without any input is open but not viewed, until the person comes back", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const { place, reports, remove, load } = await drawn();
  await type(find<HTMLInputElement>(place, "[type=search]"), "lamp");
  await tick(IDLE_MS);
  await act(async () => document.dispatchEvent(new Event("pointermove")));
  await load();
  assert.deepEqual(reports, ["7 viewing", "7 away", "7 viewing", "7 viewing"]);
  await remove();
  mock.timers.reset();
});

test("a tab in the background is reported as such at once", async () => {
  const { reports, remove } = await drawn();
  const hide = async (hidden: boolean) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    await act(async () => document.dispatchEvent(new Event("visibilitychange")));
  };
  await hide(true);
  await hide(false);
  assert.deepEqual(reports, ["7 viewing", "7 away", "7 viewing"]);
  await remove();
});
