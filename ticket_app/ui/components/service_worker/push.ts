/** Notifications that the server pushes while no page is open. */
import { showUnreadCount } from "../installed_app/badge.ts";
import { TEXTS } from "../texts/texts.ts";
import type { OpenWindows, WorkerScope } from "./types.ts";

const ICON = "/icons/icon-192.png";
/** Android draws only its shape, in the status bar. */
const BADGE_ICON = "/icons/badge-96.png";

/** What a push says. `badge` is the number of unread notifications; without it the app's icon keeps its number. */
export interface PushMessage { title: string; body: string; url: string; tag: string; badge: number | undefined }

/** Returns an address of this site, as a path; the home page for anything else. */
export function pathOf(url: unknown, origin: string): string {
  try {
    const target = new URL(String(url ?? "/"), origin);
    return target.origin === origin ? target.pathname + target.search + target.hash : "/";
  } catch {
    return "/";
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads {title, body, url, tag, badge}. A browser must show something for each push, so that an empty
 * or unreadable message has a title, too. */
export function readPush(text: string, origin: string): PushMessage {
  let values: Record<string, unknown> = {};
  try { values = Object(JSON.parse(text)) as Record<string, unknown>; } catch { /* shown with the title below */ }
  const { title, body, url, tag, badge } = values;
  return {
    title: textOf(title) || TEXTS.push.title,
    body: textOf(body),
    url: pathOf(url, origin),
    tag: textOf(tag),
    badge: Number.isInteger(badge) && (badge as number) >= 0 ? (badge as number) : undefined,
  };
}

/** Whether the person looks at the page that a notification leads to. */
async function isLookedAt(url: string, clients: OpenWindows, origin: string): Promise<boolean> {
  const { pathname } = new URL(url, origin);
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  return open.some((one) => one.focused && new URL(one.url).pathname === pathname);
}

/** Shows the notification; one with the same tag replaces it and is noticed again. */
export async function showPush(text: string, { registration, location, clients }: Pick<WorkerScope, "registration" | "location" | "clients">): Promise<void> {
  const { title, body, url, tag, badge } = readPush(text, location.origin);
  if (await isLookedAt(url, clients, location.origin)) return;
  const options: NotificationOptions & { renotify: boolean } = {
    body, tag, renotify: tag !== "", data: { url }, icon: ICON, badge: BADGE_ICON,
  };
  await registration.showNotification(title, options);
  if (badge !== undefined) await showUnreadCount(badge);
}

/** Focuses the window that shows `url`, or opens one. Only addresses of this site are opened. */
export async function openPage(url: unknown, windows: OpenWindows, origin: string): Promise<void> {
  const target = new URL(pathOf(url, origin), origin);
  const open = await windows.matchAll({ type: "window", includeUncontrolled: true });
  const shown = open.find((one) => {
    const at = new URL(one.url);
    return at.origin === origin && at.pathname + at.search === target.pathname + target.search;
  });
  await (shown ? shown.focus() : windows.openWindow(target.href));
}
