// The retries of the JavaScript client, tested with a `fetch` that fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  AuthenticationRequired,
  ConnectionFailed,
  ExternalServiceError,
  RateLimited,
  TicketSystemAPI,
  UnexpectedResponse,
} from '@company/ticket-system-sdk';

const { ADDRESS, UMA, SAM } = process.env;
const NEW = { title: 'It does not start', description: 'Since the update it shows nothing.' };

/** A `fetch` that records requests and applies each fault to one of them. */
function faultyFetch(...faults) {
  const requests = [];
  const expiredTokens = new Set();
  const fetchWithFaults = async (url, request) => {
    requests.push({ path: new URL(url).pathname, ...request });
    const stale = expiredTokens.has(request.headers.Authorization?.slice('Bearer '.length));
    const fault = stale ? 401 : faults.shift();
    if (fault === 'drop request') throw new TypeError('fetch failed');
    if (typeof fault === 'number') return new Response('<html>Busy</html>', { status: fault });
    if (fault instanceof Response) return fault;
    const answer = await fetch(url, request);
    if (fault !== 'drop response') return answer;
    await answer.text();
    throw new TypeError('fetch failed');
  };
  return { fetch: fetchWithFaults, requests, expiredTokens, faults, paths: () => requests.map((one) => one.path) };
}

const client = (proxy, options = {}) =>
  new TicketSystemAPI({ baseURL: ADDRESS, fetch: proxy?.fetch ?? fetch, firstWait: 1, ...options });

async function countByTitle(title) {
  let found = 0;
  const list = await client(null, { apiKey: UMA }).tickets.list({ size: 100 });
  for await (const ticket of list.all()) found += ticket.title === title;
  return found;
}

for (const status of [429, 502, 503, 504]) {
  test(`temporary error is retried (${status})`, async () => {
    const proxy = faultyFetch(status, status);
    assert.equal((await client(proxy, { apiKey: UMA }).auth.me()).username, 'uma');
    assert.equal(proxy.requests.length, 3);
  });
}

test('ticket is created once if the response is lost', async () => {
  const proxy = faultyFetch('drop response', 503, 409, 'drop request');
  const uma = client(proxy, { apiKey: UMA, retries: 4 });
  await uma.tickets.create({ ...NEW, title: 'Lost to JavaScript' });
  const keys = new Set(proxy.requests.map((one) => one.headers['Idempotency-Key']));
  assert.equal(keys.size, 1);
  assert.match([...keys][0], /^[0-9a-f]{32}$/);
  assert.equal(proxy.requests.length, 5);
  assert.equal(await countByTitle('Lost to JavaScript'), 1);
});

test('two calls create two equal tickets', async () => {
  const uma = client(null, { apiKey: UMA });
  await uma.tickets.create({ ...NEW, title: 'Twice in JavaScript' });
  await uma.tickets.create({ ...NEW, title: 'Twice in JavaScript' });
  assert.equal(await countByTitle('Twice in JavaScript'), 2);
});

test('file is stored once if the response is lost', async () => {
  const proxy = faultyFetch(undefined, 'drop response');
  const uma = client(proxy, { apiKey: UMA });
  const ticket = await uma.tickets.create(NEW);
  const file = new File(['it broke'], 'notes.txt');
  const sent = await uma.attachments.upload(ticket.id, { file });
  const kept = await uma.attachments.list(ticket.id);
  assert.deepEqual(kept.items.map((one) => one.id), [sent.id]);
});

test('deletion succeeds if the first response is lost', async () => {
  const ticket = await client(null, { apiKey: UMA }).tickets.create(NEW);
  const proxy = faultyFetch('drop response');
  await client(proxy, { apiKey: SAM }).tickets.delete(ticket.id);
  assert.equal(proxy.requests.length, 2);
});

test('retries end if the server never responds', async () => {
  const proxy = faultyFetch(...Array(9).fill('drop request'));
  const lost = await client(proxy, { apiKey: UMA, retries: 2 }).tickets.create(NEW).catch((e) => e);
  assert.ok(lost instanceof ConnectionFailed);
  assert.equal(lost.wasSent, true);
  assert.equal(proxy.requests.length, 3);
});

test('unreachable server throws ConnectionFailed', async () => {
  const nowhere = new TicketSystemAPI({ baseURL: 'http://127.0.0.1:1', retries: 0 });
  const lost = await nowhere.auth.login('a', 'b').catch((e) => e);
  assert.ok(lost instanceof ConnectionFailed);
});

test('timeout throws ConnectionFailed', async () => {
  const slow = (url, { signal }) =>
    new Promise((_, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason));
    });
  const lost = await client({ fetch: slow }, { timeout: 5, retries: 0 }).auth.me().catch((e) => e);
  assert.ok(lost instanceof ConnectionFailed);
});

test('a 500 and a response of another service are not retried', async () => {
  for (const [status, kind] of [[500, ExternalServiceError], [200, UnexpectedResponse]]) {
    const proxy = faultyFetch(status);
    await assert.rejects(client(proxy, { apiKey: UMA }).auth.me(), kind);
    assert.equal(proxy.requests.length, 1);
  }
});

test('long Retry-After throws RateLimited at once', async () => {
  for (const header of ['3600', new Date(Date.now() + 3_600_000).toUTCString()]) {
    const headers = { 'Retry-After': header, 'X-Request-ID': 'r-1' };
    const proxy = faultyFetch(new Response('', { status: 429, headers }));
    const limited = await client(proxy, { apiKey: UMA }).auth.me().catch((e) => e);
    assert.ok(limited instanceof RateLimited);
    assert.ok(Math.abs(limited.retryAfter - 3600) < 5);
    assert.equal(limited.requestId, 'r-1');
    assert.equal(proxy.requests.length, 1);
  }
});

test('interrupted download throws ConnectionFailed', async () => {
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(new TextEncoder().encode('half'));
      stream.error(new Error('cut'));
    },
  });
  const download = await client(faultyFetch(new Response(body))).attachments.download(1);
  await assert.rejects(download.text(), ConnectionFailed);
});

test('expired token is renewed once for concurrent requests', async () => {
  const proxy = faultyFetch();
  const una = client(proxy);
  const session = await una.auth.login('una', 'password');
  una.setToken(session.access_token);
  proxy.expiredTokens.add(session.access_token);
  const people = await Promise.all(Array.from({ length: 8 }, () => una.auth.me()));
  assert.deepEqual(new Set(people.map((one) => one.username)), new Set(['una']));
  assert.equal(proxy.paths().filter((path) => path === '/auth/refresh').length, 1);
});

test('refresh token that may have been used is not sent again', async () => {
  const proxy = faultyFetch();
  const una = client(proxy);
  const session = await una.auth.login('una', 'password');
  proxy.expiredTokens.add(session.access_token);
  proxy.faults.push('drop response');
  await assert.rejects(una.auth.me(), ConnectionFailed);
  await assert.rejects(una.auth.me(), AuthenticationRequired);
  assert.equal(proxy.paths().filter((path) => path === '/auth/refresh').length, 1);
});

test('token that cannot be renewed throws AuthenticationRequired', async () => {
  const proxy = faultyFetch();
  const una = client(proxy);
  const session = await una.auth.login('una', 'password');
  await client(null).auth.refresh(session.refresh_token);
  proxy.expiredTokens.add(session.access_token);
  await assert.rejects(una.auth.me(), AuthenticationRequired);
});
