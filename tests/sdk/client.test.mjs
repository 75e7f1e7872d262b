// Every method of the JavaScript clients, against the real API.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import {
  AuthenticationRequired,
  CentcomTickets,
  NotFound,
  PermissionDenied,
  Stale,
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

test('signing in and out', async () => {
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

test('no secret shows in what is printed', async () => {
  const ugo = as(ADA);
  const session = await ugo.auth.login('ugo', 'password');
  const printed = inspect(ugo, { depth: 9, showHidden: true }) + JSON.stringify(ugo);
  assert.ok(![ADA, session.access_token, session.refresh_token].some((one) => printed.includes(one)));
});

test('a token may have blanks around it, but nothing odd within', async () => {
  assert.equal((await as(` ${UMA}\n`).auth.me()).username, 'uma');
  for (const odd of ['two\nlines', 'two words', '\u00e9']) assert.throws(() => as(odd), TypeError);
  await assert.rejects(as(UMA).auth.refresh(), AuthenticationRequired);
});

test('a ticket is filed, read, changed and deleted', async () => {
  const filed = await uma.tickets.create({
    ...NEW,
    priority: 'high',
    ticket_type: 'incident',
    department_id: 2,
    tags: ['javascript'],
    due_date: new Date('2026-12-05T18:00:00Z'),
  });
  assert.equal(filed.due_date, '2026-12-05T18:00:00Z');
  assert.equal(filed.department.name, 'Web');
  const read = await sam.tickets.get(filed.ticket_number);
  assert.equal(read.id, filed.id);
  const changes = { status: 'in_progress', due_date: null };
  const changed = await sam.tickets.update(filed.id, changes, { ifMatch: read.etag });
  assert.equal(changed.status, 'in_progress');
  assert.equal(changed.due_date, null);
  await assert.rejects(
    sam.tickets.update(filed.id, { title: 'Late' }, { ifMatch: read.etag }),
    Stale,
  );
  await assert.rejects(uma.tickets.delete(filed.id), PermissionDenied);
  await sam.tickets.delete(filed.id);
  await assert.rejects(uma.tickets.get(filed.id), NotFound);
});

test('a list is filtered and gone through to its end', async () => {
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

test('refusals are typed and say which request it was', async () => {
  const refused = await uma.tickets.create({ title: 'Only a title' }).catch((error) => error);
  assert.ok(refused instanceof ValidationError);
  assert.deepEqual([refused.field, refused.status], ['description', 400]);
  assert.ok(refused.reason && refused.requestId);
  assert.equal(refused.name, 'ValidationError');
  await assert.rejects(sam.tickets.get('no/such ticket'), NotFound);
});

test('comments', async () => {
  const ticket = await uma.tickets.create(NEW);
  const said = await uma.comments.create(ticket.id, { content: 'And this' });
  const note = await sam.comments.create(ticket.id, { content: 'Known', is_internal: true });
  assert.deepEqual(ids(await uma.comments.list(ticket.id)), [said.id]);
  const heard = await sam.comments.list(ticket.id, { include_internal: true, size: 1 });
  assert.deepEqual(ids(await all(heard)), [said.id, note.id]);
  const again = await uma.comments.update(said.id, { content: 'And that' });
  assert.deepEqual([again.content, again.edited], ['And that', true]);
  await uma.comments.delete(said.id);
  assert.equal((await uma.comments.list(ticket.id)).total, 0);
});

test('texts are sent in the format that is stated', async () => {
  const format = 'markdown';
  const wrong = { format: 'html' };
  const isRefused = (error) => error instanceof ValidationError && error.field === 'format';
  const ticket = await uma.tickets.create({ ...NEW, format });
  const said = await uma.comments.create(ticket.id, { content: '**b**', format });
  const changed = await uma.comments.update(said.id, { format: 'plain' });
  assert.equal(changed.content, '**b**');
  await sam.tickets.update(ticket.id, { description: '**c**', format });
  await assert.rejects(uma.tickets.create({ ...NEW, ...wrong }), isRefused);
  await assert.rejects(sam.tickets.update(ticket.id, { description: 'c', ...wrong }), isRefused);
  await assert.rejects(uma.comments.create(ticket.id, { content: 'c', ...wrong }), isRefused);
  await assert.rejects(uma.comments.update(said.id, wrong), isRefused);
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

test('every call of the Centcom client', async () => {
  const centcom = new CentcomTickets(ADDRESS, UMA, { centcomVersion: '2.2.0' });
  const filed = await centcom.submitTicket({
    ...NEW,
    ticket_type: 'bug',
    application_section: 'api',
    tags: ['typed'],
  });
  const { id, ticket_key } = filed.ticket;
  assert.match(ticket_key, /^BUG-\d+$/);
  assert.equal(filed.success, true);
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
  await assert.rejects(centcom.getMyTickets({ status: 'nonsense' }), /status/);
  await assert.rejects(centcom.getTicketDetails('nothing'), NotFound);
  await assert.rejects(new CentcomTickets(ADDRESS, 'wrong').getMyTickets(), AuthenticationRequired);
});
