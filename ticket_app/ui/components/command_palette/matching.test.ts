import assert from "node:assert/strict";
import { test } from "node:test";
import { matchLabel } from "./matching.ts";

const marked = (query: string, label: string): string | null => {
  const found = matchLabel(query, label);
  return found && [...label].map((letter, n) => (found.at.includes(n) ? letter.toUpperCase() : letter.toLowerCase())).join("");
};

test("word starts, initials and letters inside match, and the matched letters are marked", () => {
  assert.equal(marked("new", "New ticket"), "NEW ticket");
  assert.equal(marked("tick", "New ticket"), "new TICKet");
  assert.equal(marked("nt", "New ticket"), "New Ticket");
  assert.equal(marked("icke", "New ticket"), "new tICKEt");
  assert.equal(marked("tick new", "New ticket"), "NEW TICKet");
  assert.equal(marked("cafe", "Café"), "CAFÉ");
});

test("one typo in a word of four letters or more is forgiven", () => {
  for (const typed of ["assgn", "asign", "asisgn", "assiign", "assitn"]) assert.notEqual(matchLabel(typed, "Assign to me"), null, typed);
  assert.equal(matchLabel("xyz", "Assign to me"), null);
  assert.equal(matchLabel("asx", "Assign to me"), null);
});

test("a better match has a higher score", () => {
  const score = (query: string, label: string) => matchLabel(query, label)?.score ?? 0;
  assert.ok(score("set", "Settings") > score("set", "Open settings"));
  assert.ok(score("set", "Open settings") > score("set", "Reset"));
  assert.ok(score("assign", "Assign") > score("assign", "Assign to me"));
});
