import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheName, deleteOtherCaches, kindOf, loadHashedFile, loadPage, OFFLINE_PAGE, storeOfflinePage } from "./requests.ts";

const ORIGIN = "https://desk.example";
const PAGES = new Set(["", "login", "desk", "portal"]);
const ask = (path: string, { method = "GET", mode = "navigate" as RequestMode, origin = ORIGIN } = {}) =>
  kindOf({ url: origin + path, method, mode }, ORIGIN, PAGES);
const request = (path: string) => new Request(ORIGIN + path);
const offline: typeof fetch = async () => { throw new TypeError("Failed to fetch"); };
const answering = (response: Response): typeof fetch => async () => response;

/** A cache in memory; what it holds is `stored`. */
function memory(): { cache: Cache; stored: Map<string, Response> } {
  const stored = new Map<string, Response>();
  const key = (of: RequestInfo | URL) => (of instanceof Request ? of.url : String(of));
  const cache = {
    match: async (of: RequestInfo | URL) => stored.get(key(of))?.clone(),
    put: async (of: RequestInfo | URL, response: Response) => void stored.set(key(of), response),
  };
  return { cache: cache as unknown as Cache, stored };
}

test("only pages and files with a hash in their name are answered by the worker", () => {
  for (const path of ["/", "/?open=inbox", "/login", "/desk", "/desk/tickets/BUG-15", "/portal/new"]) {
    assert.equal(ask(path), "page", path);
  }
  for (const path of ["/api/tickets/", "/attachments/7/download", "/tickets/15", "/status", "/healthz", "/offline"]) {
    assert.equal(ask(path), "other", path);
  }
  assert.equal(ask("/desk", { method: "POST" }), "other");
  assert.equal(ask("/desk", { origin: "https://other.example" }), "other");
  assert.equal(ask("/assets/root-Bx3.css", { mode: "no-cors" }), "hashed-file");
  assert.equal(ask("/assets/root-Bx3.css", { mode: "no-cors", origin: "https://other.example" }), "other");
  for (const path of ["/api/tickets/", "/session/drafts", "/_event/", "/desk", "/fonts/inter.woff2", "/service-worker.js"]) {
    assert.equal(ask(path, { mode: "cors" }), "other", path);
  }
});

test("a page comes from the network and is never stored", async () => {
  const { cache, stored } = memory();
  const response = await loadPage(request("/desk"), cache, answering(new Response("<html>signed in</html>")));
  assert.equal(await response.text(), "<html>signed in</html>");
  assert.equal(stored.size, 0);
});

test("the offline page is shown when a page cannot be loaded, also by the proxy in front", async () => {
  const { cache, stored } = memory();
  stored.set(OFFLINE_PAGE, new Response("You are offline"));
  assert.equal(await (await loadPage(request("/desk"), cache, offline)).text(), "You are offline");
  for (const status of [502, 504]) {
    const answer = await loadPage(request("/desk"), cache, answering(new Response("Bad gateway", { status })));
    assert.equal(await answer.text(), "You are offline");
  }
});

test("answers of the help desk itself are shown as they are, errors too", async () => {
  const { cache, stored } = memory();
  stored.set(OFFLINE_PAGE, new Response("You are offline"));
  for (const status of [404, 500, 503]) {
    const answer = await loadPage(request("/desk"), cache, answering(new Response("own page", { status })));
    assert.equal(answer.status, status);
    assert.equal(await answer.text(), "own page");
  }
});

test("without a stored offline page the browser shows its own", async () => {
  assert.equal((await loadPage(request("/desk"), memory().cache, offline)).type, "error");
});

test("a file that never changes is loaded once", async () => {
  const { cache } = memory();
  const work: Promise<unknown>[] = [];
  const headers = { "Cache-Control": "public, max-age=31536000, immutable" };
  const first = await loadHashedFile(request("/assets/a-1.js"), cache, (one) => work.push(one), answering(new Response("code", { headers })));
  assert.equal(await first.text(), "code");
  await Promise.all(work);
  assert.equal(await (await loadHashedFile(request("/assets/a-1.js"), cache, () => {}, offline)).text(), "code");
});

test("what may change and what is missing is not stored", async () => {
  const { cache, stored } = memory();
  const immutable = { "Cache-Control": "public, max-age=31536000, immutable" };
  for (const response of [
    new Response("code", { headers: { "Cache-Control": "no-cache" } }),
    new Response("code"),
    new Response("gone", { status: 404, headers: immutable }),
  ]) {
    const work: Promise<unknown>[] = [];
    await loadHashedFile(request("/assets/a-1.js"), cache, (one) => work.push(one), answering(response));
    await Promise.all(work);
  }
  assert.equal(stored.size, 0);
});

test("a full disk does not keep a file from loading", async () => {
  const { cache } = memory();
  cache.put = async () => { throw new Error("QuotaExceededError"); };
  const work: Promise<unknown>[] = [];
  const immutable = { headers: { "Cache-Control": "immutable" } };
  const answer = await loadHashedFile(request("/assets/a-1.js"), cache, (one) => work.push(one), answering(new Response("code", immutable)));
  assert.equal(await answer.text(), "code");
  await Promise.all(work);
});

test("a worker is installed only with its offline page", async () => {
  const { cache, stored } = memory();
  await assert.rejects(storeOfflinePage(cache, answering(new Response("sign in", { status: 401 }))));
  const redirected = Object.defineProperty(new Response("another site's sign-in page"), "redirected", { value: true });
  await assert.rejects(storeOfflinePage(cache, answering(redirected)));
  assert.equal(stored.size, 0);
  let options: RequestInit | undefined;
  await storeOfflinePage(cache, async (_, init) => { options = init; return new Response("You are offline"); });
  assert.equal(options?.cache, "reload");
  assert.equal(await stored.get(OFFLINE_PAGE)?.text(), "You are offline");
});

test("a new build deletes what earlier builds have stored, and nothing else", async () => {
  const names = new Set([cacheName("new"), cacheName("old"), cacheName("older"), "of-another-program"]);
  const caches = { keys: async () => [...names], delete: async (name: string) => names.delete(name) };
  await deleteOtherCaches(caches, "new");
  assert.deepEqual([...names], [cacheName("new"), "of-another-program"]);
});
