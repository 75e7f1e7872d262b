import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, pathOf, readPush, showPush } from "./push.ts";
import type { OpenWindow } from "./types.ts";

const ORIGIN = "https://desk.example";
const MESSAGE = {
  title: "Reply to BUG-15", body: "Ada: It works again.", url: "/portal/tickets/BUG-15#entry-7", tag: "ticket-15", badge: 3,
};

test("a push is shown with its text, and a newer one of the same tag replaces it", async () => {
  const shown: [string, NotificationOptions][] = [];
  const registration = { showNotification: async (...what: [string, NotificationOptions]) => void shown.push(what) };
  const counts: number[] = [];
  Object.assign(navigator, { setAppBadge: async (count: number) => void counts.push(count) });
  const windows: OpenWindow[] = [{ url: `${ORIGIN}/portal/tickets/BUG-15`, focused: false, focus: async () => {} }];
  const clients = { matchAll: async () => windows, openWindow: async () => {}, claim: async () => {} };
  const worker = { registration, location: { origin: ORIGIN }, clients };
  await showPush(JSON.stringify(MESSAGE), worker);
  assert.deepEqual(shown, [["Reply to BUG-15", {
    body: "Ada: It works again.",
    tag: "ticket-15",
    renotify: true,
    data: { url: "/portal/tickets/BUG-15#entry-7" },
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
  }]]);
  assert.deepEqual(counts, [3]);
  windows.push({ url: `${ORIGIN}/portal/tickets/BUG-15#top`, focused: true, focus: async () => {} });
  await showPush(JSON.stringify(MESSAGE), worker);
  assert.equal(shown.length, 1, "nothing about the ticket that the person looks at");
});

test("an unreadable push still says that there is something new", () => {
  for (const text of ["", "no JSON", "null", "[]", "7", '{"title": {"a": 1}, "badge": -1, "url": 7}']) {
    const message = readPush(text, ORIGIN);
    assert.equal(message.title, "You have a new notification", text);
    assert.equal(message.badge, undefined, text);
    assert.equal(new URL(message.url, ORIGIN).origin, ORIGIN, text);
  }
  assert.equal(readPush('{"badge": 0}', ORIGIN).badge, 0);
});

test("a push leads to pages of this site only", () => {
  assert.equal(pathOf("/desk/tickets/BUG-15?tab=files#entry-7", ORIGIN), "/desk/tickets/BUG-15?tab=files#entry-7");
  assert.equal(pathOf(`${ORIGIN}/desk`, ORIGIN), "/desk");
  for (const url of ["https://other.example/desk", "//other.example/desk", "javascript:alert(1)", "data:text/html,x", "https://[", undefined, null]) {
    assert.equal(pathOf(url, ORIGIN), "/", String(url));
  }
});

test("a click focuses the window that shows the page, or opens one", async () => {
  const focused: string[] = [], opened: string[] = [];
  const open = (url: string): OpenWindow => ({ url, focused: false, focus: async () => void focused.push(url) });
  const windows = {
    matchAll: async () => [open(`${ORIGIN}/desk`), open(`${ORIGIN}/desk/tickets/BUG-15#top`)],
    openWindow: async (url: string) => void opened.push(url),
    claim: async () => {},
  };
  await openPage("/desk/tickets/BUG-15#entry-7", windows, ORIGIN);
  assert.deepEqual([focused, opened], [[`${ORIGIN}/desk/tickets/BUG-15#top`], []]);
  await openPage("/desk/tickets/BUG-16", windows, ORIGIN);
  await openPage("https://other.example/", windows, ORIGIN);
  assert.deepEqual([focused.length, opened], [1, [`${ORIGIN}/desk/tickets/BUG-16`, `${ORIGIN}/`]]);
});
