// The JavaScript client over a wire that fails: what is sent again, and what has its effect once.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  AuthenticationRequired,
  ConnectionFailed,
  ExternalServiceError,
  RateLimited,
  TicketSystemAPI,
  UnexpectedAnswer,
} from '@company/ticket-system-sdk';

const { ADDRESS, UMA, SAM } = process.env;
const NEW = { title: 'It does not start', description: 'Since the update it shows nothing.' };

/** A `fetch` that fails as told, once for each fault, and remembers what it was asked. */
function wire(...faults) {
  const seen = [];
  const outdated = new Set();
  const ask = async (url, request) => {
    seen.push({ path: new URL(url).pathname, ...request });
    const stale = outdated.has(request.headers.Authorization?.slice('Bearer '.length));
    const fault = stale ? 401 : faults.shift();
    if (fault === 'lose request') throw new TypeError('fetch failed');
    if (typeof fault === 'number') return new Response('<html>Busy</html>', { status: fault });
    if (fault instanceof Response) return fault;
    const answer = await fetch(url, request);
    if (fault !== 'lose answer') return answer;
    await answer.text();
    throw new TypeError('fetch failed');
  };
  return { fetch: ask, seen, outdated, faults, paths: () => seen.map((one) => one.path) };
}

const client = (line, options = {}) =>
  new TicketSystemAPI({ baseURL: ADDRESS, fetch: line?.fetch ?? fetch, firstWait: 1, ...options });

async function titled(title) {
  let found = 0;
  const list = await client(null, { apiKey: UMA }).tickets.list({ size: 100 });
  for await (const ticket of list.all()) found += ticket.title === title;
  return found;
}

for (const status of [429, 502, 503, 504]) {
  test(`what is refused for now is asked again (${status})`, async () => {
    const line = wire(status, status);
    assert.equal((await client(line, { apiKey: UMA }).auth.me()).username, 'uma');
    assert.equal(line.seen.length, 3);
  });
}

test('a ticket whose answer was lost is filed once', async () => {
  const line = wire('lose answer', 503, 409, 'lose request');
  const uma = client(line, { apiKey: UMA, retries: 4 });
  await uma.tickets.create({ ...NEW, title: 'Lost to JavaScript' });
  const keys = new Set(line.seen.map((one) => one.headers['Idempotency-Key']));
  assert.equal(keys.size, 1);
  assert.match([...keys][0], /^[0-9a-f]{32}$/);
  assert.equal(line.seen.length, 5);
  assert.equal(await titled('Lost to JavaScript'), 1);
});

test('two tickets alike are two', async () => {
  const uma = client(null, { apiKey: UMA });
  await uma.tickets.create({ ...NEW, title: 'Twice in JavaScript' });
  await uma.tickets.create({ ...NEW, title: 'Twice in JavaScript' });
  assert.equal(await titled('Twice in JavaScript'), 2);
});

test('a file whose answer was lost is kept once', async () => {
  const line = wire(undefined, 'lose answer');
  const uma = client(line, { apiKey: UMA });
  const ticket = await uma.tickets.create(NEW);
  const file = new File(['it broke'], 'notes.txt');
  const sent = await uma.attachments.upload(ticket.id, { file });
  const kept = await uma.attachments.list(ticket.id);
  assert.deepEqual(kept.items.map((one) => one.id), [sent.id]);
});

test('a deletion whose answer was lost is done', async () => {
  const ticket = await client(null, { apiKey: UMA }).tickets.create(NEW);
  const line = wire('lose answer');
  await client(line, { apiKey: SAM }).tickets.delete(ticket.id);
  assert.equal(line.seen.length, 2);
});

test('a server that never answers is given up', async () => {
  const line = wire(...Array(9).fill('lose request'));
  const lost = await client(line, { apiKey: UMA, retries: 2 }).tickets.create(NEW).catch((e) => e);
  assert.ok(lost instanceof ConnectionFailed);
  assert.equal(lost.wasSent, true);
  assert.equal(line.seen.length, 3);
});

test('no server is told as such', async () => {
  const nowhere = new TicketSystemAPI({ baseURL: 'http://127.0.0.1:1', retries: 0 });
  const lost = await nowhere.auth.login('a', 'b').catch((e) => e);
  assert.ok(lost instanceof ConnectionFailed);
});

test('an answer that takes too long is a lost one', async () => {
  const slow = (url, { signal }) =>
    new Promise((_, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason));
    });
  const lost = await client({ fetch: slow }, { timeout: 5, retries: 0 }).auth.me().catch((e) => e);
  assert.ok(lost instanceof ConnectionFailed);
});

test('a failure of the desk is not asked for again, nor is an answer of something else', async () => {
  for (const [status, kind] of [[500, ExternalServiceError], [200, UnexpectedAnswer]]) {
    const line = wire(status);
    await assert.rejects(client(line, { apiKey: UMA }).auth.me(), kind);
    assert.equal(line.seen.length, 1);
  }
});

test('who is told to wait for long hears so at once', async () => {
  for (const told of ['3600', new Date(Date.now() + 3_600_000).toUTCString()]) {
    const headers = { 'Retry-After': told, 'X-Request-ID': 'r-1' };
    const line = wire(new Response('', { status: 429, headers }));
    const limited = await client(line, { apiKey: UMA }).auth.me().catch((e) => e);
    assert.ok(limited instanceof RateLimited);
    assert.ok(Math.abs(limited.retryAfter - 3600) < 5);
    assert.equal(limited.requestId, 'r-1');
    assert.equal(line.seen.length, 1);
  }
});

test('a download that breaks off is told as such', async () => {
  const body = new ReadableStream({
    start(stream) {
      stream.enqueue(new TextEncoder().encode('half'));
      stream.error(new Error('cut'));
    },
  });
  const download = await client(wire(new Response(body))).attachments.download(1);
  await assert.rejects(download.text(), ConnectionFailed);
});

test('an outdated token is renewed once, by whoever comes first', async () => {
  const line = wire();
  const una = client(line);
  const session = await una.auth.login('una', 'password');
  una.setToken(session.access_token);
  line.outdated.add(session.access_token);
  const people = await Promise.all(Array.from({ length: 8 }, () => una.auth.me()));
  assert.deepEqual(new Set(people.map((one) => one.username)), new Set(['una']));
  assert.equal(line.paths().filter((path) => path === '/auth/refresh').length, 1);
});

test('a refresh token that may have been spent is not sent again', async () => {
  const line = wire();
  const una = client(line);
  const session = await una.auth.login('una', 'password');
  line.outdated.add(session.access_token);
  line.faults.push('lose answer');
  await assert.rejects(una.auth.me(), ConnectionFailed);
  await assert.rejects(una.auth.me(), AuthenticationRequired);
  assert.equal(line.paths().filter((path) => path === '/auth/refresh').length, 1);
});

test('a token that cannot be renewed is told as such', async () => {
  const line = wire();
  const una = client(line);
  const session = await una.auth.login('una', 'password');
  await client(null).auth.refresh(session.refresh_token);
  line.outdated.add(session.access_token);
  await assert.rejects(una.auth.me(), AuthenticationRequired);
});
