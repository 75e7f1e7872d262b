// Approvals, search, reports and webhooks of the JavaScript client, tested with the real API.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import {
  BusinessRuleViolation,
  NotFound,
  PermissionDenied,
  TicketSystemAPI,
  ValidationError,
} from '@company/ticket-system-sdk';

const { ADDRESS, UMA, SAM, ADA } = process.env;
const NEW = { title: 'A new laptop', description: 'The old one is tired.' };
const [uma, sam, ada] = [UMA, SAM, ADA].map(
  (apiKey) => new TicketSystemAPI({ baseURL: ADDRESS, apiKey }),
);

async function all(page) {
  const found = [];
  for await (const item of page.all()) found.push(item);
  return found;
}

async function requestApprovalFromAda() {
  const ticket = await uma.tickets.create({ ...NEW, priority: 'high', department_id: 2 });
  const { id } = await ada.auth.me();
  return sam.approvals.request(ticket.id, { reason: 'It costs', approver_ids: [id] });
}

test('approval is requested and approved', async () => {
  const approval = await requestApprovalFromAda();
  const waiting = await all(await ada.approvals.pending({ priority: 'high', department_id: 2 }));
  assert.equal(waiting.find((one) => one.id === approval.id).ticket.title, NEW.title);
  await assert.rejects(uma.approvals.act(approval.id, { action: 'approve' }), PermissionDenied);
  const given = await ada.approvals.act(approval.id, { action: 'approve', conditions: ['Cheap'] });
  assert.deepEqual([given.state, given.conditions], ['approved', ['Cheap']]);
  assert.equal((await ada.approvals.get(approval.id)).decided_by.username, 'ada');
  assert.equal((await sam.approvals.ofTicket(approval.ticket_id))[0].id, approval.id);
  assert.equal((await sam.tickets.get(approval.ticket_id)).approvals[0].state, 'approved');
  await assert.rejects(
    ada.approvals.act(approval.id, { action: 'reject', comments: 'No' }),
    BusinessRuleViolation,
  );
});

test('bulk rejection and cancellation', async () => {
  const [first, second] = [await requestApprovalFromAda(), await requestApprovalFromAda()];
  const approval_ids = [first.id, 1_000_000];
  const done = await ada.approvals.bulk({ approval_ids, action: 'reject', comments: 'Not now' });
  assert.deepEqual([done.succeeded, done.failed, done.results[0].state], [1, 1, 'rejected']);
  assert.equal(done.results[1].error.code, 'RESOURCE_NOT_FOUND');
  assert.equal((await sam.approvals.cancel(second.id)).state, 'cancelled');
});

test('search', async () => {
  for (const title of ['Kettle is cold', 'Kettle is gone', 'Lamp is gone']) {
    await uma.tickets.create({ ...NEW, title, tags: ['kitchen'] });
  }
  const found = await uma.tickets.search({ query: 'kettle', filters: { tags: ['kitchen'] } });
  assert.equal(found.total, 2);
  const sorted = await uma.tickets.search({
    filters: { tags: ['kitchen'], status: ['open'], created_after: new Date(0) },
    sort: [{ field: 'created_at', order: 'asc' }],
    size: 1,
  });
  assert.deepEqual(
    (await all(sorted)).map((one) => one.title),
    ['Kettle is cold', 'Kettle is gone', 'Lamp is gone'],
  );
  const sort = [{ field: 'password', order: 'asc' }];
  await assert.rejects(uma.tickets.search({ sort }), ValidationError);
});

test('reports', async () => {
  const ticket = await uma.tickets.create({ ...NEW, tags: ['counted'] });
  assert.ok((await ada.reports.dashboard({ period: '7d' })).metrics.total_tickets > 0);
  const day = new Date().toISOString().slice(0, 10);
  const figures = await ada.reports.performance({ start_date: day, end_date: day });
  assert.ok(figures.agents.some((agent) => agent.username === 'sam'));
  const table = await ada.reports.performanceFile({ format: 'csv' });
  assert.match(await table.text(), /sam/);
  const exported = await ada.reports.export({ format: 'json', filters: { tags: ['counted'] } });
  assert.match(exported.filename, /^tickets-[\d-]+\.json$/);
  assert.deepEqual(JSON.parse(await exported.text()).data.items.map((one) => one.id), [ticket.id]);
  await assert.rejects(ada.reports.export({ filters: { colour: 'blue' } }), ValidationError);
  await assert.rejects(uma.reports.export(), PermissionDenied);
});

/** Run a server that receives webhooks. */
async function runReceiver(t) {
  const messages = [];
  let wake = () => {};
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    messages.push({ headers: request.headers, body: Buffer.concat(parts) });
    response.writeHead(204).end();
    wake();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${server.address().port}/in`,
    async next() {
      while (!messages.length) await new Promise((done) => { wake = done; });
      return messages.shift();
    },
  };
}

test('webhook is created, delivered, replayed and deleted', { timeout: 60_000 }, async (t) => {
  const receiver = await runReceiver(t);
  const webhook = await ada.webhooks.create({ url: receiver.url, events: ['ticket.created'] });
  assert.ok((await all(await ada.webhooks.list())).some((one) => one.id === webhook.id));
  assert.equal((await ada.webhooks.test(webhook.id)).event, 'ping');
  const ping = await receiver.next();
  assert.equal((await ada.webhooks.verify(ping.body, ping.headers, webhook.secret)).event, 'ping');
  const ticket = await uma.tickets.create(NEW);
  const message = await receiver.next();
  const event = await ada.webhooks.verify(message.body.toString(), message.headers, webhook.secret);
  assert.deepEqual([event.event, event.data.ticket.id], ['ticket.created', ticket.id]);
  assert.equal(event.webhook_id, webhook.webhook_id);
  const rotated = await ada.webhooks.rotateSecret(webhook.webhook_id);
  assert.notEqual(rotated.secret, webhook.secret);
  const deliveries = await ada.webhooks.deliveries(webhook.id, { event: 'ticket.created' });
  assert.equal(deliveries.total, 1);
  const one = await ada.webhooks.delivery(webhook.id, deliveries.items[0].id);
  assert.equal(one.payload.data.ticket.id, ticket.id);
  assert.equal((await ada.webhooks.replay(webhook.id, one.id)).message_id, one.message_id);
  const again = await receiver.next();
  assert.equal(again.headers['webhook-id'], message.headers['webhook-id']);
  await ada.webhooks.verify(again.body, new Headers(again.headers), rotated.secret);
  const since = new Date(Date.now() - 3_600_000);
  assert.equal((await ada.webhooks.replaySince(webhook.id, { since })).replayed, 0);
  assert.equal((await ada.webhooks.update(webhook.id, { active: false })).active, false);
  await ada.webhooks.delete(webhook.id);
  await assert.rejects(ada.webhooks.get(webhook.id), NotFound);
});
