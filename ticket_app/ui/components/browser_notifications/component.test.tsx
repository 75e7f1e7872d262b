import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { click, find, render, wait } from "../testing/render.tsx";
import { bytesOf } from "./push_subscription.ts";
import { showOnce, type Alert } from "./alerts.ts";
import { BrowserNotifications, BrowserNotificationSettings } from "./component.tsx";

let shown: { title: string; options: NotificationOptions }[] = [];
let asked = 0;
let hasFocus = true;

class FakeNotification {
  static permission: NotificationPermission = "granted";
  static async requestPermission() {
    asked += 1;
    FakeNotification.permission = "granted";
    return "granted" as const;
  }
  onclick: (() => void) | null = null;
  constructor(title: string, options: NotificationOptions) { shown.push({ title, options }); }
  close() {}
}

function useWorker(pushManager: unknown): void {
  const registration = { showNotification: async (title: string, options: NotificationOptions) => void shown.push({ title, options }), pushManager };
  Object.defineProperty(navigator, "serviceWorker", { value: { getRegistration: async () => registration }, configurable: true });
}

beforeEach(() => {
  shown = [];
  asked = 0;
  hasFocus = true;
  localStorage.clear();
  FakeNotification.permission = "granted";
  Object.assign(globalThis, { Notification: FakeNotification });
  Object.assign(document, { hasFocus: () => hasFocus });
  Reflect.deleteProperty(navigator, "serviceWorker");
});
afterEach(() => { Reflect.deleteProperty(navigator, "serviceWorker"); });

const alert = (id: number, url = "/desk/tickets/BUG-15#entry-7"): Alert =>
  ({ id, title: "BUG-15 It does not start", body: "Olive replied to BUG-15", url, tag: "ticket-15" });

test("a notification is shown once, whichever tab it reaches first", async () => {
  const results = await Promise.all([showOnce(alert(1)), showOnce(alert(1))]);
  assert.deepEqual(results.filter(Boolean).length, 1);
  assert.deepEqual(shown.map(({ title, options }) => [title, options.body, options.tag]), [
    ["BUG-15 It does not start", "Olive replied to BUG-15", "ticket-15"],
  ]);
  assert.equal(await showOnce(alert(1)), false);
  assert.equal(await showOnce(alert(2)), true);
});

test("nothing is shown about the page that the person looks at, in no tab", async () => {
  const here = alert(3, `${location.pathname}#entry-7`);
  const otherTab = { ...here };
  hasFocus = false;
  const other = showOnce(otherTab);
  hasFocus = true;
  assert.equal(await showOnce(here), false);
  assert.equal(await other, false);
  assert.deepEqual(shown, []);
});

test("nothing is shown without permission, which only a click asks for", async () => {
  FakeNotification.permission = "default";
  const { redraw, remove } = await render(<BrowserNotifications alerts={[]} />);
  await redraw(<BrowserNotifications alerts={[alert(4)]} />);
  await wait(500);
  assert.deepEqual([shown, asked], [[], 0]);
  await remove();
});

test("each alert of the page is shown once, however often it is drawn", async () => {
  const { redraw, remove } = await render(<BrowserNotifications alerts={[alert(5)]} />);
  await redraw(<BrowserNotifications alerts={[alert(5), alert(6)]} />);
  await wait(600);
  assert.equal(shown.length, 2);
  await remove();
});

test("what the push service delivers is not shown a second time by the tab", async () => {
  useWorker({ getSubscription: async () => ({ endpoint: "https://push.example/1" }) });
  assert.equal(await showOnce(alert(7)), false);
  assert.deepEqual(shown, []);
});

test("permission is asked for by a click, then a test can be sent", async () => {
  FakeNotification.permission = "default";
  const { place, remove } = await render(<BrowserNotificationSettings />);
  assert.equal(asked, 0);
  await click(find(place, "button"));
  assert.equal(asked, 1);
  await click(find(place, "button"));
  assert.equal(shown.length, 1);
  assert.match(find(place, "[role=status]").textContent ?? "", /test/i);
  await remove();
});

test("a browser that blocks notifications says where to allow them", async () => {
  FakeNotification.permission = "denied";
  const { place, remove } = await render(<BrowserNotificationSettings />);
  assert.equal(place.querySelector("button"), null);
  assert.match(place.textContent ?? "", /blocked/i);
  await remove();
});

test("notifications without a tab are turned on and off, on the server too", async () => {
  const calls: [string, string][] = [];
  const key = "BPYWK7zZ2S4vJ0mOd0ZQpVZ3y1nO9o";
  let subscription: unknown = null;
  useWorker({
    getSubscription: async () => subscription,
    subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
      assert.deepEqual(applicationServerKey, bytesOf(key));
      subscription = {
        endpoint: "https://push.example/1",
        options: { applicationServerKey: applicationServerKey.buffer },
        unsubscribe: async () => { subscription = null; return true; },
      };
      return subscription;
    },
  });
  Object.assign(globalThis, {
    fetch: async (path: string, options?: RequestInit) => {
      calls.push([options?.method ?? "GET", path]);
      return new Response(JSON.stringify({ key }));
    },
  });
  const { place, remove } = await render(<BrowserNotificationSettings />);
  await click(find(place, "input"));
  await wait(20);
  assert.ok(find<HTMLInputElement>(place, "input").checked);
  await click(find(place, "input"));
  await wait(20);
  assert.equal(find<HTMLInputElement>(place, "input").checked, false);
  assert.deepEqual(calls, [["GET", "/session/push"], ["POST", "/session/push"], ["POST", "/session/push/remove"]]);
  await remove();
});
