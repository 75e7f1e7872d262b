import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "react";
import { MarkdownTextarea } from "../markdown_editor/component.tsx";
import { TagInput } from "../tag_input/component.tsx";
import { click, find, press, render, type } from "../testing/render.tsx";
import { mentionAt } from "./mentions.ts";
import { firstVariable, savedReplyAt } from "./saved_replies.ts";

test("a mention begins with an @ that no word precedes", () => {
  assert.deepEqual(mentionAt("Hi @ma", 6), { query: "ma", start: 3 });
  assert.deepEqual(mentionAt("@", 1), { query: "", start: 0 });
  assert.deepEqual(mentionAt("(@Ürs", 5), { query: "Ürs", start: 1 });
  assert.equal(mentionAt("mail@example", 12), null);
  assert.equal(mentionAt("@mia hello", 10), null);
});

const PEOPLE = [
  { value: "mia", label: "Mia Hale", detail: "@mia" },
  { value: "max", label: "Max Gere", detail: "@max" },
];

/** Answers requests for suggestions; returns the addresses that were asked for. */
function answerWith(suggestions: unknown) {
  const asked: string[] = [];
  globalThis.fetch = (async (url: string) => {
    asked.push(url);
    return { ok: true, json: async () => ({ suggestions }) };
  }) as unknown as typeof fetch;
  return asked;
}

async function until(isDone: () => boolean) {
  for (let tries = 0; tries < 100 && !isDone(); tries += 1) await act(() => new Promise<void>((done) => { setTimeout(done, 10); }));
  assert.ok(isDone());
}

test("typing @ offers people, and the chosen one is written", async () => {
  const asked = answerWith(PEOPLE);
  const { place, remove } = await render(
    <form><input type="hidden" name="audience" value="note" /><MarkdownTextarea name="body" mentionsUrl="/session/mentions?ticket=5" /></form>,
  );
  const field = find<HTMLTextAreaElement>(place, "textarea");
  await type(field, "Ask @m");
  await until(() => place.querySelectorAll("[role=option]").length === 2);
  assert.deepEqual(asked, ["/session/mentions?ticket=5&q=m&note=true"]);
  assert.equal(field.getAttribute("aria-activedescendant"), find(place, "[aria-selected=true]").id);
  await press(field, "ArrowDown");
  assert.equal(find(place, "[aria-selected=true] .truncate").textContent, "Max Gere");
  await press(field, "Enter");
  assert.equal(field.value, "Ask @max ");
  assert.equal(place.querySelector("[role=listbox]"), null);
  await remove();
});

test("Escape closes the list and leaves the text", async () => {
  answerWith(PEOPLE);
  const { place, remove } = await render(<form><MarkdownTextarea name="body" mentionsUrl="/session/mentions?ticket=5" /></form>);
  const field = find<HTMLTextAreaElement>(place, "textarea");
  await type(field, "@m");
  await until(() => place.querySelector("[role=listbox]") !== null);
  await press(field, "Escape");
  assert.equal(place.querySelector("[role=listbox]"), null);
  assert.equal(field.value, "@m");
  await remove();
});

test("a tag field offers known tags, and Enter adds what is typed until one is chosen", async () => {
  answerWith([{ value: "hardware", label: "hardware" }, { value: "hall", label: "hall" }]);
  const { place, remove } = await render(<form><TagInput name="tags" outside="none" searchUrl="/session/tags?" suggestions={["harbour"]} /></form>);
  const entry = find<HTMLInputElement>(place, ".tag-entry");
  const offered = () => [...place.querySelectorAll("[role=option]")].map((option) => option.textContent);
  await type(entry, "ha");
  await until(() => offered().length === 3);
  assert.deepEqual(offered(), ["harbour", "hardware", "hall"]);
  assert.equal(entry.getAttribute("aria-expanded"), "true");
  await press(entry, "Enter");
  assert.equal(find<HTMLInputElement>(place, "[name=tags]").value, "ha");
  await type(entry, "ha");
  await until(() => offered().length === 3);
  await press(entry, "ArrowDown");
  await press(entry, "ArrowDown");
  await press(entry, "Enter");
  assert.equal(find<HTMLInputElement>(place, "[name=tags]").value, "ha,hardware");
  await type(entry, "ha");
  await until(() => offered().length === 2);
  await click(find(place, "[role=option]"));
  assert.equal(find<HTMLInputElement>(place, "[name=tags]").value, "ha,hardware,harbour");
  await remove();
});

test("a saved reply begins with a / at the start of a word", () => {
  assert.deepEqual(savedReplyAt("Hi /re", 6), { query: "re", start: 3 });
  assert.deepEqual(savedReplyAt("/", 1), { query: "", start: 0 });
  assert.equal(savedReplyAt("and/or", 6), null);
  assert.equal(savedReplyAt("/usr/bin", 8), null);
  assert.equal(savedReplyAt("/re sent", 8), null);
});

test("a variable is one of a ticket, and no other text in braces", () => {
  assert.deepEqual(firstVariable("Until {{ ticket.due }}"), { variable: "{{ ticket.due }}", start: 6 });
  assert.equal(firstVariable("{{ x }} {ticket.due}"), null);
});

const REPLIES = [
  { value: "4", label: "Greeting", detail: "/hi", text: "Hello Uma, until {{ticket.due}}" },
  { value: "7", label: "Restart", text: "Restart it." },
];

test("Enter inserts the saved reply whose preview is shown, and selects what is still to be filled in", async () => {
  const asked = answerWith(REPLIES), inserted: string[] = [];
  const { place, remove } = await render(
    <form><MarkdownTextarea name="body" savedRepliesUrl="/session/saved-replies?ticket=5" onInsertReply={(id) => inserted.push(id)} /></form>,
  );
  const field = find<HTMLTextAreaElement>(place, "textarea");
  await type(field, "Hm. /g");
  await until(() => place.querySelectorAll("[role=option]").length === 2);
  assert.deepEqual(asked, ["/session/saved-replies?ticket=5&q=g"]);
  assert.equal(find(place, ".suggestion-preview").textContent, "Hello Uma, until {{ticket.due}}");
  await press(field, "ArrowDown");
  assert.equal(find(place, ".suggestion-preview").textContent, "Restart it.");
  await press(field, "ArrowUp");
  await press(field, "Enter");
  assert.equal(field.value, "Hm. Hello Uma, until {{ticket.due}}");
  assert.equal(field.value.slice(field.selectionStart, field.selectionEnd), "{{ticket.due}}");
  assert.deepEqual(inserted, ["4"]);
  assert.equal(place.querySelector("[role=listbox]"), null);
  await remove();
});

test("Escape closes the saved replies and leaves the text; without any the field says so", async () => {
  answerWith(REPLIES);
  const { place, remove } = await render(<form><MarkdownTextarea name="body" savedRepliesUrl="/session/saved-replies?ticket=5" /></form>);
  const field = find<HTMLTextAreaElement>(place, "textarea");
  await type(field, "/gr");
  await until(() => place.querySelector("[role=listbox]") !== null);
  await press(field, "Escape");
  assert.equal(place.querySelector("[role=listbox]"), null);
  assert.equal(field.value, "/gr");
  answerWith([]);
  await type(field, "/");
  await until(() => place.querySelector(".no-saved-replies") !== null);
  await remove();
});
