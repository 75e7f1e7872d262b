// Every method of the JavaScript clients, tested with the real API.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import {
  AuthenticationRequired,
  CentcomTickets,
  NotFound,
  PermissionDenied,
  VersionConflict,
  TicketSystemAPI,
  ValidationError,
} from '@company/ticket-system-sdk';

const { ADDRESS, UMA, SAM, ADA } = process.env;
const NEW = { title: 'It does not start', description: 'It shows nothing.' };
const as = (apiKey) => new TicketSystemAPI({ baseURL: ADDRESS, apiKey });
const [uma, sam] = [UMA, SAM].map(as);
const ids = (items) => Array.from(items, (one) => one.id);

async function all(page) {
  const found = [];
  for await (const item of page.all()) found.push(item);
  return found;
}

test('sign-in, refresh and sign-out', async () => {
  const ugo = as(undefined);
  const session = await ugo.auth.login('ugo', 'password');
  assert.equal(session.token_type, 'bearer');
  assert.equal((await ugo.auth.me()).username, 'ugo');
  const renewed = await ugo.auth.refresh();
  await ugo.auth.logout();
  ugo.setToken(renewed.access_token);
  await assert.rejects(ugo.auth.me(), AuthenticationRequired);
  await assert.rejects(ugo.auth.login('ugo', 'wrong'), AuthenticationRequired);
});

test('printed client contains no secret', async () => {
  const ugo = as(ADA);
  const session = await ugo.auth.login('ugo', 'password');
  const printed = inspect(ugo, { depth: 9, showHidden: true }) + JSON.stringify(ugo);
  assert.ok(![ADA, session.access_token, session.refresh_token].some((one) => printed.includes(one)));
});

test('token is stripped and validated', async () => {
  assert.equal((await as(` ${UMA}\n`).auth.me()).username, 'uma');
  for (const odd of ['two\nlines', 'two words', '\u00e9']) assert.throws(() => as(odd), TypeError);
  await assert.rejects(as(UMA).auth.refresh(), AuthenticationRequired);
});

test('ticket is created, read, updated and deleted', async () => {
  const created = await uma.tickets.create({
    ...NEW,
    priority: 'high',
    ticket_type: 'incident',
    department_id: 2,
    tags: ['javascript'],
    due_date: new Date('2026-12-05T18:00:00Z'),
  });
  assert.equal(created.due_date, '2026-12-05T18:00:00Z');
  assert.equal(created.department.name, 'Web');
  const read = await sam.tickets.get(created.ticket_number);
  assert.equal(read.id, created.id);
  const changes = { status: 'in_progress', due_date: null };
  const changed = await sam.tickets.update(created.id, changes, { ifMatch: read.etag });
  assert.equal(changed.status, 'in_progress');
  assert.equal(changed.due_date, null);
  await assert.rejects(
    sam.tickets.update(created.id, { title: 'Late' }, { ifMatch: read.etag }),
    VersionConflict,
  );
  await assert.rejects(uma.tickets.delete(created.id), PermissionDenied);
  await sam.tickets.delete(created.id);
  await assert.rejects(uma.tickets.get(created.id), NotFound);
});

test('ticket is merged and separated again', async () => {
  const [first, second] = [await uma.tickets.create(NEW), await uma.tickets.create(NEW)];
  assert.equal((await sam.tickets.merge(second.id, { into: first.ticket_number })).id, first.id);
  const merged = await sam.tickets.get(second.id);
  assert.deepEqual([merged.status, merged.related_tickets[0].relation], ['closed', 'merged_into']);
  const separated = await sam.tickets.unmerge(second.id);
  assert.deepEqual([separated.id, separated.status], [second.id, 'open']);
  await assert.rejects(uma.tickets.merge(second.id, { into: first.id }), PermissionDenied);
});

test('list is filtered and iterated over all pages', async () => {
  for (const title of ['Lamp', 'Chair', 'Desk']) {
    await uma.tickets.create({ ...NEW, title, tags: ['script', 'paged'] });
  }
  const page = await uma.tickets.list({
    status: 'open',
    tags: ['script', 'paged'],
    created_after: new Date(0),
    size: 2,
  });
  assert.deepEqual([page.total, page.pages, page.hasNext, page.hasPrev], [3, 2, true, false]);
  assert.equal([...page].length, 2);
  assert.deepEqual(
    (await all(page)).map((one) => one.title),
    ['Desk', 'Chair', 'Lamp'],
  );
  assert.equal(await (await page.next()).next(), undefined);
});

test('errors are typed and name the request', async () => {
  const error = await uma.tickets.create({ title: 'Only a title' }).catch((thrown) => thrown);
  assert.ok(error instanceof ValidationError);
  assert.deepEqual([error.field, error.status], ['description', 400]);
  assert.ok(error.reason && error.requestId);
  assert.equal(error.name, 'ValidationError');
  await assert.rejects(sam.tickets.get('no/such ticket'), NotFound);
});

test('comments', async () => {
  const ticket = await uma.tickets.create(NEW);
  const comment = await uma.comments.create(ticket.id, { content: 'And this' });
  const note = await sam.comments.create(ticket.id, { content: 'Known', is_internal: true });
  assert.deepEqual(ids(await uma.comments.list(ticket.id)), [comment.id]);
  const comments = await sam.comments.list(ticket.id, { include_internal: true, size: 1 });
  assert.deepEqual(ids(await all(comments)), [comment.id, note.id]);
  const again = await uma.comments.update(comment.id, { content: 'And that' });
  assert.deepEqual([again.content, again.edited], ['And that', true]);
  await uma.comments.delete(comment.id);
  assert.equal((await uma.comments.list(ticket.id)).total, 0);
});

test('text format is sent', async () => {
  const format = 'markdown';
  const wrong = { format: 'html' };
  const isInvalidFormat = (error) => error instanceof ValidationError && error.field === 'format';
  const ticket = await uma.tickets.create({ ...NEW, format });
  const comment = await uma.comments.create(ticket.id, { content: '**b**', format });
  const changed = await uma.comments.update(comment.id, { format: 'plain' });
  assert.equal(changed.content, '**b**');
  await sam.tickets.update(ticket.id, { description: '**c**', format });
  await assert.rejects(uma.tickets.create({ ...NEW, ...wrong }), isInvalidFormat);
  await assert.rejects(sam.tickets.update(ticket.id, { description: 'c', ...wrong }), isInvalidFormat);
  await assert.rejects(uma.comments.create(ticket.id, { content: 'c', ...wrong }), isInvalidFormat);
  await assert.rejects(uma.comments.update(comment.id, wrong), isInvalidFormat);
  const centcom = new CentcomTickets(ADDRESS, UMA);
  const more = { ticket_type: 'bug', application_section: 'api', format: 'plain' };
  const { id } = (await centcom.submitTicket({ ...NEW, ...more })).ticket;
  await centcom.addComment(id, '**d**', { format: 'plain' });
  await assert.rejects(centcom.addComment(id, 'e', wrong), /format/);
  await assert.rejects(centcom.submitTicket({ ...NEW, ...more, ...wrong }), /format/);
});

test('files', async () => {
  const ticket = await uma.tickets.create(NEW);
  const file = new File(['10:00 it broke'], 'error.log', { type: 'text/plain' });
  const named = await uma.attachments.upload(ticket.id, { file, description: 'What it said' });
  assert.deepEqual([named.filename, named.description], ['error.log', 'What it said']);
  const blob = new Blob(['a,b\n1,2\n'], { type: 'text/csv' });
  const unnamed = await uma.attachments.upload(ticket.id, { file: blob });
  assert.equal(unnamed.filename, 'file.csv');
  assert.deepEqual(new Set(ids(await uma.attachments.list(ticket.id))), new Set([named.id, unnamed.id]));
  assert.equal((await uma.attachments.get(named.id)).size, 14);
  const download = await uma.attachments.download(named.id);
  assert.equal(download.filename, 'error.log');
  assert.equal(await download.text(), '10:00 it broke');
  const streamed = [];
  for await (const part of (await uma.attachments.download(named.id)).stream) streamed.push(part);
  assert.equal(Buffer.concat(streamed).toString(), '10:00 it broke');
  await sam.attachments.delete(named.id);
  await assert.rejects(uma.attachments.download(named.id), NotFound);
  const program = new File([new Uint8Array([77, 90, 144, 0])], 'setup.exe');
  await assert.rejects(uma.attachments.upload(ticket.id, { file: program }), ValidationError);
});

test('every method of the Centcom client', async () => {
  const centcom = new CentcomTickets(ADDRESS, UMA, { centcomVersion: '2.2.0' });
  const created = await centcom.submitTicket({
    ...NEW,
    ticket_type: 'bug',
    application_section: 'api',
    tags: ['typed'],
  });
  const { id, ticket_key } = created.ticket;
  assert.match(ticket_key, /^BUG-\d+$/);
  assert.equal(created.success, true);
  assert.equal((await centcom.addComment(id, 'And a comment')).comment.author_type, 'user');
  assert.equal((await centcom.getComments(id)).comments.length, 1);
  const file = new File(['it broke'], 'notes.txt');
  const options = { description: 'Notes', attachment_type: 'log_file', is_public: true };
  const sent = await centcom.uploadAttachment(id, file, options);
  assert.deepEqual([sent.attachment.is_public, sent.attachment.attachment_type], [true, 'log_file']);
  assert.equal((await centcom.getAttachments(id)).attachments[0].original_filename, 'notes.txt');
  assert.equal((await centcom.getTicketDetails(id)).ticket.comments.length, 1);
  const mine = await centcom.getMyTickets({ ticket_type: 'bug', limit: 1 });
  assert.equal(mine.tickets[0].id, id);
  assert.equal(mine.pagination.limit, 1);
  const filters = { search: 'typed', priority: 'medium', ordering: 'created_at' };
  const found = await centcom.getMyTickets({ ...filters, created_after: created.ticket.created_at });
  assert.equal(found.tickets[0].id, id);
  assert.equal((await centcom.getMyTickets({ created_before: '2020-01-01' })).tickets.length, 0);
  const summary = await centcom.getSummary();
  assert.ok(summary.counts.open > 0);
  assert.ok(summary.submissions.remaining < summary.submissions.limit);
  const download = await centcom.downloadAttachment(sent.attachment.id);
  assert.deepEqual([download.filename, await download.text()], ['notes.txt', 'it broke']);
  await assert.rejects(centcom.getMyTickets({ status: 'nonsense' }), /status/);
  await assert.rejects(centcom.getTicketDetails('nothing'), NotFound);
  await assert.rejects(new CentcomTickets(ADDRESS, 'wrong').getMyTickets(), AuthenticationRequired);
});

test('a Centcom ticket that is submitted again with its key is not created again', async () => {
  const centcom = new CentcomTickets(ADDRESS, UMA);
  const ticket = { ...NEW, ticket_type: 'support', application_section: 'api' };
  const idempotencyKey = `twice-${Date.now()}`;
  const first = await centcom.submitTicket(ticket, { idempotencyKey });
  const second = await centcom.submitTicket(ticket, { idempotencyKey });
  assert.equal(second.ticket.id, first.ticket.id);
  assert.notEqual((await centcom.submitTicket(ticket)).ticket.id, first.ticket.id);
});
