import assert from "node:assert/strict";
import { test } from "node:test";
import { DropdownMenu, Theme } from "@radix-ui/themes";
import { act } from "react";
import { toLocal } from "../date_time_input/local_time.ts";
import { MarkdownTextarea } from "../markdown_editor/component.tsx";
import { click, find, press, render, type } from "../testing/render.tsx";
import { Composer } from "./component.tsx";
import { laterToday, tomorrowMorning } from "./schedule.ts";
import { Schedule, ScheduleFields, ScheduleItems } from "./scheduling.tsx";

test("a reply is sent at a time of one's choice, and the next one at once again", async () => {
  const sent: Record<string, string>[] = [];
  const { place, remove } = await render(
    <Theme>
      <Composer id="scheduled" onSubmit={(event) => { event.preventDefault(); sent.push(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>); }}>
        <Schedule>
          <MarkdownTextarea name="body" /><ScheduleFields /><button type="submit">Reply</button>
          <DropdownMenu.Root open modal={false}>
            <DropdownMenu.Trigger><button type="button">When</button></DropdownMenu.Trigger>
            <DropdownMenu.Content><ScheduleItems /></DropdownMenu.Content>
          </DropdownMenu.Root>
        </Schedule>
      </Composer>
    </Theme>,
  );
  const item = (text: string) => {
    const found = [...document.querySelectorAll<HTMLElement>("[role^=menuitem]")].find((one) => one.textContent?.startsWith(text));
    assert.ok(found, text);
    return found;
  };
  await type(find<HTMLTextAreaElement>(place, "textarea"), "Lit");
  await click(item("Tomorrow"));
  await click(item("Cancel if"));
  await click(item("Choose"));
  const field = find<HTMLInputElement>(place, "[type=datetime-local]");
  await type(field, "");
  await click(find(place, ".schedule-fields .primary"));
  assert.equal(sent.length, 1, "without a time nothing is sent");
  await type(field, toLocal("2040-05-06T07:08:00Z"));
  await press(field, "Enter");
  await act(async () => find<HTMLButtonElement>(place, "[type=submit]").click());
  assert.deepEqual(sent.map((values) => [values.send_at, values.cancel_on_reply]), [
    [tomorrowMorning(new Date()).toISOString(), ""], ["2040-05-06T07:08:00.000Z", "on"], ["", "on"],
  ]);
  await remove();
});

test("times to send at are full hours, and not in the night", () => {
  const at = (hours: number, minutes: number) => laterToday(new Date(2030, 0, 1, hours, minutes))?.getHours();
  assert.deepEqual([at(9, 0), at(9, 1), at(20, 0), at(20, 1), at(23, 30)], [11, 12, 22, undefined, undefined]);
  assert.equal(tomorrowMorning(new Date(2030, 11, 31, 23, 59)).getTime(), new Date(2031, 0, 1, 9).getTime());
});
