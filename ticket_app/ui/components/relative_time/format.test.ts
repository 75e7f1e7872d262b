import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDueTime, formatTime, type TimeStyle } from "./format.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const before = (ms: number) => new Date(NOW - ms).toISOString();
const after = (ms: number) => new Date(NOW + ms).toISOString();
const shown = (ms: number, style: TimeStyle = "relative") => formatTime(before(ms), style, NOW).text;

test("a time is shown in the largest unit that it fills", () => {
  assert.deepEqual(
    [0, 59_000, MINUTE, 59 * MINUTE, HOUR, 23 * HOUR, DAY, 6 * DAY].map((ms) => shown(ms)),
    ["just now", "just now", "1m ago", "59m ago", "1h ago", "23h ago", "1d ago", "6d ago"],
  );
  assert.deepEqual([0, MINUTE, 5 * HOUR, 3 * DAY].map((ms) => shown(ms, "short")), ["now", "1m", "5h", "3d"]);
});

test("a time of another week is a date, of another year with the year", () => {
  assert.match(shown(8 * DAY), /Nov/);
  assert.doesNotMatch(shown(8 * DAY), /2026/);
  assert.match(shown(400 * DAY), /2025/);
  assert.match(shown(400 * DAY, "short"), /2025/);
});

test("a time in the future of a wrong clock is just now", () => assert.equal(shown(-HOUR), "just now"));

test("an empty or broken time shows nothing", () => {
  assert.deepEqual(formatTime("", "relative", NOW), { text: "", title: "" });
  assert.deepEqual(formatTime("soon", "exact", NOW), { text: "", title: "" });
  assert.deepEqual(formatDueTime({ due: "" }, NOW), { text: "", title: "", tone: "gray" });
});

test("the exact time is the tooltip of every time", () => {
  const { text, title } = formatTime(before(HOUR), "exact", NOW);
  assert.equal(text, title);
  assert.equal(formatTime(before(HOUR), "clock", NOW).title, title);
  assert.match(formatTime(before(HOUR), "clock", NOW).text, /^\d\d:\d\d$/);
});

test("a due time counts down and turns amber and red", () => {
  const due = (left: number, since: number) => formatDueTime({ due: after(left), since: before(since), state: "running" }, NOW);
  assert.deepEqual([due(3 * HOUR, HOUR).text, due(3 * HOUR, HOUR).tone], ["3h", "gray"]);
  assert.deepEqual([due(85 * MINUTE, 6 * HOUR).text, due(85 * MINUTE, 6 * HOUR).tone], ["1h 25m", "amber"]);
  assert.deepEqual([due(20 * MINUTE, 6 * HOUR).text, due(20 * MINUTE, 6 * HOUR).tone], ["20m", "red"]);
  assert.deepEqual([due(-2 * HOUR, DAY).text, due(-2 * HOUR, DAY).tone], ["2h over", "red"]);
});

test("a due time without a start is amber in its last hour", () => {
  assert.equal(formatDueTime({ due: after(30 * MINUTE) }, NOW).tone, "amber");
  assert.equal(formatDueTime({ due: after(2 * DAY) }, NOW).tone, "gray");
});

test("what became of a target is said by its state", () => {
  const state = (name: string) => formatDueTime({ due: after(HOUR), state: name, goal: "First reply" }, NOW);
  assert.deepEqual([state("met").text, state("met").tone], ["Met", "green"]);
  assert.deepEqual([state("paused").text, state("paused").tone], ["Paused", "blue"]);
  assert.deepEqual([state("breached").text, state("breached").tone], ["Missed", "red"]);
  assert.deepEqual([state("not_applicable").text, state("not_applicable").tone], ["Not applicable", "gray"]);
  assert.match(state("met").title, /^First reply: due /);
});
