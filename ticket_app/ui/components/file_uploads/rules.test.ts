import assert from "node:assert/strict";
import { test } from "node:test";
import { extensionOf, findProblem, formatSize, isFilePaste, nameScreenshot } from "./rules.ts";
import { readAnswer } from "./transfer.ts";

test("sizes are written for people", () => {
  assert.deepEqual([0, 1023, 2048, 1536 * 1024].map(formatSize), ["0 B", "1023 B", "2 KB", "1.5 MB"]);
});

test("an extension begins with the last dot", () => {
  assert.deepEqual(["Picture.PNG", "archive.tar.gz", ".env", "readme"].map(extensionOf), [".png", ".gz", "", ""]);
});

test("files that the server would refuse are not sent", () => {
  const problem = (name: string, size: number) => findProblem({ name, size }, 1024, ".png, .pdf");
  assert.equal(problem("a.png", 10), "");
  assert.match(problem("a.png", 2000), /2 KB.*up to 1 KB/);
  assert.match(problem("a.png", 0), /empty/);
  assert.match(problem("a.exe", 10), /\.exe/);
  assert.match(problem("readme", 10), /unknown/);
  assert.equal(findProblem({ name: "a.exe", size: 10 }, 1024, ""), "");
});

test("a paste is of files unless it has text of its own", () => {
  const picture = [{ name: "image.png", size: 10 }];
  assert.equal(isFilePaste(picture, ""), true);
  assert.equal(isFilePaste(picture, "a\t1\nb\t2"), false);
  assert.equal(isFilePaste(picture, "/home/ada/image.png"), true);
  assert.equal(isFilePaste([], "a"), false);
});

test("a screenshot is named by its time, other files keep their names", () => {
  const at = new Date("2026-11-29T12:34:56Z");
  const named = (name: string, kind = "image/png") => nameScreenshot(new File(["x"], name, { type: kind }), at).name;
  assert.equal(named("image.png"), "screenshot-2026-11-29-12-34-56.png");
  assert.equal(named("lamp.png"), "lamp.png");
  assert.equal(named("image.png", "image/jpeg"), "image.png");
});

test("an answer says whether another try makes sense", () => {
  assert.deepEqual(readAnswer(200, '{"success":true,"attachment":{"id":1}}'), { isDone: true });
  assert.deepEqual(readAnswer(422, '{"success":false,"error":"A virus"}'), { isDone: false, problem: "A virus", canRetry: false });
  for (const status of [429, 500, 503]) assert.equal((readAnswer(status, "oops") as { canRetry: boolean }).canRetry, true);
  assert.match((readAnswer(413, "<html>") as { problem: string }).problem, /413/);
});
