/** Actions that failed in the browser. The console shows them at debug level; the server logs those
 * that it did not notice itself, without any content. */
export type FailedAction = "upload" | "sign_in" | "connection";
export interface Failure { action: FailedAction; page: string; at: string }

const URL_PATH = "/session/failures";
const MAX_WAITING = 10, MAX_PER_PAGE = 30;
let waiting: Failure[] = [];
let reported = 0;

/** The area of a page, such as /desk/tickets: never the number of a ticket or a search. */
const area = (): string => (/^(?:\/[a-z-]+){0,2}/.exec(location.pathname)?.[0] ?? "").slice(0, 60) || "/";

/** Shows a failure at debug level in the browser's console. */
export const debugFailure = (...what: unknown[]): void => console.debug("[help desk]", ...what);

/** Reports an action whose request never reached the server, now or when it can be reached again. */
export function reportUnreachable(action: FailedAction): void {
  const failure = { action, page: area(), at: new Date().toISOString() };
  debugFailure("failed: the server could not be reached", failure);
  if (reported++ < MAX_PER_PAGE) waiting = [...waiting, failure].slice(-MAX_WAITING);
  void sendReports();
}

/** Sends what has not been reported; it is kept if the server still cannot be reached. */
export async function sendReports(): Promise<void> {
  const failures = waiting;
  if (!failures.length || !navigator.onLine) return;
  waiting = [];
  try {
    await fetch(URL_PATH, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ failures }) });
  } catch {
    waiting = [...failures, ...waiting].slice(-MAX_WAITING);
  }
}

if (typeof window !== "undefined") addEventListener("online", () => void sendReports());
