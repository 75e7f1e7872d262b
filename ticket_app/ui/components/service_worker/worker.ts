/** The service worker, bundled to /service-worker.js by ui/installed_app/service_worker.py.
 *
 * It shows the offline page when a page cannot be loaded, keeps files that never change, and shows
 * pushed notifications. It stores no page, no answer of the APIs and nothing of a signed-in person. */
import { openPage, showPush } from "./push.ts";
import { cacheName, deleteOtherCaches, kindOf, loadHashedFile, loadPage, storeOfflinePage } from "./requests.ts";
import type { WorkerScope } from "./types.ts";

/** The build that this worker belongs to, and the first parts of the pages' paths: set by the bundler. */
declare const BUILD: string;
declare const PAGES: readonly string[];

const worker = globalThis as unknown as WorkerScope;
const { origin } = worker.location;
const pages = new Set(PAGES);
const openCache = () => worker.caches.open(cacheName(BUILD));

// A new worker takes over at once. That is safe, because pages always come from the network.
worker.addEventListener("install", (event) => {
  event.waitUntil(openCache().then((cache) => storeOfflinePage(cache)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(deleteOtherCaches(worker.caches, BUILD).then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const kind = kindOf(event.request, origin, pages);
  const finish = (work: Promise<unknown>) => event.waitUntil(work);
  if (kind === "page") event.respondWith(openCache().then((cache) => loadPage(event.request, cache)));
  else if (kind === "hashed-file") {
    event.respondWith(openCache().then((cache) => loadHashedFile(event.request, cache, finish)));
  }
});

worker.addEventListener("push", (event) => {
  event.waitUntil(showPush(event.data?.text() ?? "", worker));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage((event.notification.data as { url?: unknown } | null)?.url, worker.clients, origin));
});
