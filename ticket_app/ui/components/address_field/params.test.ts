import assert from "node:assert/strict";
import { test } from "node:test";
import { readParam, writeParam } from "./params.ts";

test("a parameter is read and written, and others are kept or reset", () => {
  assert.equal(readParam("?q=lamp&sort=due", "q", ""), "lamp");
  assert.equal(writeParam("?q=lamp&sort=due&page=3", "q", "", "hall", ["page"]), "?q=hall&sort=due");
  assert.equal(writeParam("?q=lamp", "q", "", "", []), "");
});

test("the sides of a range are read and written one by one", () => {
  assert.deepEqual([readParam("?created=a..b", "created", "first"), readParam("?created=a..b", "created", "last")], ["a", "b"]);
  assert.equal(readParam("?created=a", "created", "first"), "");
  assert.equal(writeParam("?created=a..", "created", "last", "b", []), "?created=a..b");
  assert.equal(writeParam("?created=a..", "created", "first", "", []), "");
});
