import assert from "node:assert/strict";
import { test } from "node:test";
import { format } from "./formatting.ts";

/** Apply a format to the text between [ and ]; what is selected afterwards stands between them. */
function formatted(marked: string, before: string, after: string): string {
  const start = marked.indexOf("["), end = marked.indexOf("]") - 1;
  const value = marked.replace("[", "").replace("]", "");
  const { from, to, text, selectFrom, selectTo } = format({ value, start, end }, before, after);
  const result = value.slice(0, from) + text + value.slice(to);
  return `${result.slice(0, selectFrom)}[${result.slice(selectFrom, selectTo)}]${result.slice(selectTo)}`;
}

test("a format goes around the selection, which stays selected", () => {
  assert.equal(formatted("a [lamp] b", "**", "**"), "a **[lamp]** b");
  assert.equal(formatted("a []", "_", "_"), "a _[]_");
});

test("several lines of code become a block", () => {
  assert.equal(formatted("[one]", "`", "`"), "`[one]`");
  assert.equal(formatted("[one\ntwo]", "`", "`"), "```\n[one\ntwo]\n```");
});

test("a list or quote begins each line that is touched", () => {
  assert.equal(formatted("first\nse[cond\nthi]rd", "- ", ""), "first\n- second\n- thi[]rd");
  assert.equal(formatted("[]", "> ", ""), "> []");
});
