/** Shows notifications of the browser: each once, in one of the open tabs. */
import { currentSubscription, workerRegistration } from "./push_subscription.ts";

export interface Alert { id: number; title: string; body: string; url: string; tag: string }

const STORE = "shown-notifications";
const LOCK = "browser-notifications";
const MAX_REMEMBERED = 100;
/** A tab that shows what a notification is about comes first, and keeps the others from showing it. */
const OTHER_TABS_WAIT_MS = 400;
const ICON = "/icons/icon-192.png";

export const permission = (): NotificationPermission | "unsupported" =>
  typeof Notification === "undefined" ? "unsupported" : Notification.permission;

/** Whether the person looks at the page that a notification leads to. */
export function isLookedAt(url: string): boolean {
  const target = new URL(url, location.origin);
  return !document.hidden && document.hasFocus() && target.pathname === location.pathname;
}

function remember(id: number): boolean {
  try {
    const shown: number[] = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    if (shown.includes(id)) return false;
    localStorage.setItem(STORE, JSON.stringify([...shown, id].slice(-MAX_REMEMBERED)));
  } catch { /* without storage, every tab shows it */ }
  return true;
}

/** Whether this tab is the first one to claim a notification. */
export async function claim(id: number): Promise<boolean> {
  const { locks } = navigator;
  return locks ? locks.request(LOCK, () => remember(id)) : remember(id);
}

/** Shows a notification; the service worker opens its page, or this tab does where there is no worker. */
export async function display({ title, body, url, tag }: Omit<Alert, "id">): Promise<void> {
  const registration = await workerRegistration();
  const options = { body, tag, renotify: tag !== "", data: { url }, icon: ICON };
  if (registration) {
    await registration.showNotification(title, options);
    return;
  }
  const shown = new Notification(title, options);
  shown.onclick = () => {
    shown.close();
    window.focus();
    location.assign(url);
  };
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Shows a notification unless the person looks at its page, another tab has shown it, or it is pushed. */
export async function showOnce(alert: Alert): Promise<boolean> {
  if (permission() !== "granted") return false;
  const isHere = isLookedAt(alert.url);
  if (!isHere) await pause(OTHER_TABS_WAIT_MS);
  const isFirst = await claim(alert.id);
  if (isHere || !isFirst || (await currentSubscription())) return false;
  await display(alert);
  return true;
}
