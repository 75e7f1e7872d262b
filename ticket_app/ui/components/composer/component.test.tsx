import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "react";
import { MarkdownTextarea } from "../markdown_editor/component.tsx";
import { click, find, press, render, type } from "../testing/render.tsx";
import { Composer, ComposerWarning, SavedRepliesButton, SaveTextButton } from "./component.tsx";

async function drawn() {
  const sent: Record<string, string>[] = [];
  const composer = await render(
    <Composer
      id="composer" firstStatus="resolved"
      onSubmit={(event) => {
        event.preventDefault();
        sent.push(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
      }}
    >
      <input type="radio" name="audience" value="reply" defaultChecked /><input type="radio" name="audience" value="note" />
      <MarkdownTextarea name="body" /><ComposerWarning /><button type="submit">Reply</button>
    </Composer>,
  );
  const { place } = composer;
  const field = find<HTMLTextAreaElement>(place, "textarea");
  return { ...composer, sent, field, warning: () => find(place, ".composer-warning").textContent, note: () => click(find(place, "[value=note]")) };
}

test("a text without words is not sent", async () => {
  const { place, sent, field, warning, note, remove } = await drawn();
  await type(field, "  ");
  await click(find(place, "button"));
  assert.equal(warning(), "Write a reply first.");
  assert.equal(field.getAttribute("aria-invalid"), "true");
  assert.equal(document.activeElement, field);
  await type(field, "Lit");
  assert.equal(warning(), "");
  assert.equal(field.hasAttribute("aria-invalid"), false);
  await type(field, "");
  await note();
  await click(find(place, "button"));
  assert.equal(warning(), "Write a note first.");
  assert.deepEqual(sent, []);
  await remove();
});

test("keys send, with Shift the first status goes with a public reply only", async () => {
  const { place, sent, field, note, remove } = await drawn();
  await type(field, "Lit again");
  await press(field, "Enter", { ctrlKey: true });
  await press(field, "Enter", { ctrlKey: true, shiftKey: true });
  await act(async () => find(place, "button").click());
  await note();
  await press(field, "Enter", { ctrlKey: true, shiftKey: true });
  assert.deepEqual(sent.map(({ audience, then }) => [audience, then]), [["reply", ""], ["reply", "resolved"], ["reply", ""], ["note", ""]]);
  await remove();
});

test("a public reply that mentions a colleague is questioned, a note is not", async () => {
  const { field, warning, note, remove } = await drawn();
  await type(field, "Ask @sam.lee about it");
  assert.match(warning() ?? "", /@sam\.lee/);
  await note();
  assert.equal(warning(), "");
  await type(field, "write to sam@example.com");
  assert.equal(warning(), "");
  await remove();
});

test("a variable that is still to be filled in is named, and shown in the text", async () => {
  const { place, field, warning, remove } = await drawn();
  await type(field, "Until {{ticket.due}}, yours");
  assert.match(warning() ?? "", /^\{\{ticket\.due\}\} has not been filled in/);
  await click(find(place, ".composer-warning button"));
  assert.equal(field.value.slice(field.selectionStart, field.selectionEnd), "{{ticket.due}}");
  await type(field, "Until Monday");
  assert.equal(warning(), "");
  await remove();
});

test("the buttons of saved replies type a / as a word of its own, and give the text as it is now", async () => {
  const saved: string[] = [];
  const { place, remove } = await render(
    <Composer id="composer"><MarkdownTextarea name="body" /><SavedRepliesButton className="open" /><SaveTextButton className="save" onSave={(text) => saved.push(text)} /></Composer>,
  );
  const field = find<HTMLTextAreaElement>(place, "textarea");
  await type(field, "Lit");
  await click(find(place, ".save"));
  assert.deepEqual(saved, ["Lit"]);
  field.setSelectionRange(3, 3);
  await click(find(place, ".open"));
  assert.equal(field.value, "Lit /");
  assert.equal(document.activeElement, field);
  await remove();
});
