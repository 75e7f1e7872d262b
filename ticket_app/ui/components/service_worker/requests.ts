/** Which requests the service worker answers, and how. All others never pass through it. */

export const OFFLINE_PAGE = "/offline";
const HASHED_FILES = "/assets/";
const CACHE_PREFIX = "help-desk-";
/** What a proxy answers that cannot reach the help desk; 503 is our own answer and is shown. */
const UNREACHABLE = new Set([502, 504]);

export const cacheName = (build: string): string => `${CACHE_PREFIX}${build}`;

export type Kind = "page" | "hashed-file" | "other";
type AskedFor = Pick<Request, "url" | "method" | "mode">;

/** Returns what is asked for. `pages` are the first parts of the pages' paths ("" is the home page). */
export function kindOf({ url, method, mode }: AskedFor, origin: string, pages: ReadonlySet<string>): Kind {
  const target = new URL(url);
  if (method !== "GET" || target.origin !== origin) return "other";
  if (mode === "navigate") return pages.has(target.pathname.split("/")[1] ?? "") ? "page" : "other";
  return target.pathname.startsWith(HASHED_FILES) ? "hashed-file" : "other";
}

/** The page from the network; if it cannot be loaded, the offline page. Pages are never stored. */
export async function loadPage(request: Request, cache: Cache, load = fetch): Promise<Response> {
  const offlinePage = async () => (await cache.match(OFFLINE_PAGE)) ?? Response.error();
  try {
    const response = await load(request);
    return UNREACHABLE.has(response.status) ? await offlinePage() : response;
  } catch {
    return offlinePage();
  }
}

const isForever = (response: Response): boolean =>
  response.status === 200 && /\bimmutable\b/.test(response.headers.get("Cache-Control") ?? "");

/** A file whose name contains the hash of its content: from the cache, or from the network into it.
 * `finish` keeps the worker alive until the file is stored. */
export async function loadHashedFile(
  request: Request, cache: Cache, finish: (work: Promise<unknown>) => void, load = fetch,
): Promise<Response> {
  const stored = await cache.match(request.url, { ignoreVary: true });
  if (stored) return stored;
  const response = await load(request);
  // A full disk must not keep the page from loading.
  if (isForever(response)) finish(cache.put(request.url, response.clone()).catch(() => undefined));
  return response;
}

/** Stores the offline page of this build, past the browser's HTTP cache. */
export async function storeOfflinePage(cache: Pick<Cache, "put">, load = fetch): Promise<void> {
  const response = await load(OFFLINE_PAGE, { cache: "reload" });
  if (response.status !== 200 || response.redirected) throw new Error(`${OFFLINE_PAGE} answered ${response.status}`);
  await cache.put(OFFLINE_PAGE, response);
}

/** Deletes what earlier builds have stored. */
export async function deleteOtherCaches(caches: Pick<CacheStorage, "keys" | "delete">, build: string): Promise<void> {
  const earlier = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX) && name !== cacheName(build));
  await Promise.all(earlier.map((name) => caches.delete(name)));
}
