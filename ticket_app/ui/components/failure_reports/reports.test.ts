import assert from "node:assert/strict";
import { test } from "node:test";
import { debugFailure, reportUnreachable, sendReports } from "./reports.ts";

type Sent = { url: string; failures: { action: string; page: string }[] };

test("a failure is shown at debug level and sent when the server can be reached again", async () => {
  const shown: unknown[][] = [], sent: Sent[] = [];
  const { debug } = console, originalFetch = globalThis.fetch;
  let isReachable = false;
  console.debug = (...what: unknown[]) => { shown.push(what); };
  globalThis.fetch = (async (url: string, { body }: { body: string }) => {
    if (!isReachable) throw new TypeError("Failed to fetch");
    sent.push({ url, ...JSON.parse(body) });
    return new Response("{}");
  }) as typeof fetch;
  try {
    reportUnreachable("upload");
    await new Promise((done) => setTimeout(done, 5));
    assert.equal(shown.length, 1);
    assert.equal(sent.length, 0);
    isReachable = true;
    await sendReports();
    await sendReports();
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.url, "/session/failures");
    assert.deepEqual(sent[0]?.failures.map(({ action, page }) => [action, page]), [["upload", "/desk"]]);
    debugFailure("A message");
    assert.deepEqual(shown.at(-1), ["[help desk]", "A message"]);
  } finally {
    console.debug = debug;
    globalThis.fetch = originalFetch;
  }
});
