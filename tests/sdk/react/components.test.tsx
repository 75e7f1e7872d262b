/** The components in a document, against a help desk that the test plays. */

import { sent, serve } from './page.ts';

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import * as sdk from '@company/ticket-system-react';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';

const NOW = '2026-11-29T12:00:00Z';
const LISTED = {
  id: 'one',
  ticket_key: 'BUG-1',
  title: 'The lamp is dark',
  description: 'Since **noon**',
  ticket_type: 'bug',
  status: 'open',
  priority: 'high',
  severity: 'minor',
  application_section: 'lamps',
  created_at: NOW,
  updated_at: NOW,
  assigned_admin: null,
  comments_count: [{ count: 0 }],
  attachments_count: [{ count: 0 }],
  tags: ['filament'],
};
const COUNTS = { open: 3, in_progress: 2, pending_user: 1, resolved: 0, closed: 0 };
const summary = (remaining = 7) => ({
  body: { success: true, counts: COUNTS, submissions: { limit: 9, remaining, resets_at: NOW } },
});
const list = (tickets: object[] = [LISTED]) => ({
  body: { success: true, tickets, pagination: { limit: 25, offset: 0, has_more: false } },
});
const BASICS = { 'GET ': () => list(), 'GET /summary': () => summary() };
const SECTIONS = [{ value: 'lamps', label: 'Lamps' }];

let root: Root;
let place: HTMLElement;

beforeEach(() => {
  localStorage.clear();
  place = document.createElement('div');
  document.body.append(place);
  root = createRoot(place);
});

afterEach(async () => {
  await act(async () => root.unmount());
  place.remove();
});

async function settle(milliseconds = 20): Promise<void> {
  await act(() => new Promise((resolve) => setTimeout(resolve, milliseconds)));
}

async function show(node: ReactNode, props: Partial<sdk.TicketProviderProps> = {}): Promise<void> {
  await act(async () =>
    root.render(
      <sdk.TicketProvider
        baseURL="https://desk.example"
        accessToken="t1"
        sections={SECTIONS}
        pollInterval={0}
        {...props}
      >
        {node}
      </sdk.TicketProvider>,
    ),
  );
  await settle();
}

const text = (): string => place.textContent ?? '';

function button(name: string): HTMLElement {
  const found = [...place.querySelectorAll('button')].find(
    (one) => (one.getAttribute('aria-label') ?? one.textContent) === name,
  );
  assert.ok(found, `there is no button ${name}`);
  return found;
}

function field(label: string): HTMLInputElement {
  const found = [...place.querySelectorAll('label')].find((one) => one.textContent === label);
  const byName = place.querySelector<HTMLInputElement>(`input[aria-label="${label}"], select[aria-label="${label}"]`);
  const control = found ? document.getElementById(found.htmlFor) : byName;
  assert.ok(control, `there is no field ${label}`);
  return control as HTMLInputElement;
}

async function fill(label: string, value: string): Promise<void> {
  const control = field(label);
  const prototype = Object.getPrototypeOf(control);
  await act(async () => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(control, value);
    const event = control.tagName === 'SELECT' ? 'change' : 'input';
    control.dispatchEvent(new Event(event, { bubbles: true }));
  });
}

async function click(name: string, milliseconds?: number): Promise<void> {
  await act(async () => button(name).click());
  await settle(milliseconds);
}

async function fillForm(): Promise<void> {
  await fill('Title', 'The lamp is dark');
  await fill('Section', 'lamps');
  await fill('Description', 'Since **noon**');
}

async function submit(milliseconds?: number): Promise<void> {
  await act(async () => {
    place.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  });
  await settle(milliseconds);
}

const posts = () => sent.filter(({ method }) => method === 'POST');
const created = () => ({
  body: { success: true, message: '', ticket: { ...LISTED, ticket_key: 'BUG-7' } },
});

test('Markdown is formatted, and nothing in it can run', async () => {
  serve({});
  const source = [
    '# Title',
    '**bold** _italic_ ~~gone~~ `a < b` and __main__.py a_b_c 2 * 3 * 4',
    '',
    '- one',
    '- two',
    '  1. nested',
    '',
    '```',
    '<b>code</b>',
    '```',
    '> quoted',
    '',
    '<img src=x onerror=alert(1)>',
    '[bad](javascript:alert(1)) [good](https://example.com) https://example.org/a.',
  ].join('\n');
  await show(<sdk.Markdown text={source} />);
  const markup = place.querySelector('.tk-markdown')?.innerHTML ?? '';
  for (const part of [
    '<h3>Title</h3>',
    '<strong>bold</strong> <em>italic</em> <del>gone</del> <code>a &lt; b</code>',
    'a_b_c 2 * 3 * 4',
    '<li>one</li>',
    '<ol start="1"><li>nested</li></ol>',
    '<code>&lt;b&gt;code&lt;/b&gt;</code>',
    '<blockquote><p>quoted</p></blockquote>',
    '&lt;img src=x onerror=alert(1)&gt;',
    '[bad](javascript:alert(1))',
    '<a href="https://example.com" target="_blank" rel="noopener noreferrer nofollow">good</a>',
    '>https://example.org/a</a>.',
  ]) {
    assert.ok(markup.includes(part), `${part} in ${markup}`);
  }
  assert.equal(place.querySelector('img'), null);
});

test('Markdown with many unclosed marks is formatted quickly', async () => {
  serve({});
  const start = performance.now();
  for (const mark of ['**a ', '[a', '`', '_a ', '# ', '> ', '- - ', ' ']) {
    await show(<sdk.Markdown text={mark.repeat(50_000 / mark.length)} />);
  }
  assert.ok(performance.now() - start < 5_000);
});

test('the form checks fields while a person types', async () => {
  serve(BASICS);
  await show(<sdk.TicketSubmissionForm />);
  assert.equal(text().includes('Enter a title.'), false);
  await fill('Title', 'x');
  await fill('Title', ' ');
  assert.ok(text().includes('Enter a title.'));
  assert.equal(field('Title').getAttribute('aria-invalid'), 'true');
  await submit(50);
  assert.ok(text().includes('Choose a section.'));
  assert.ok(text().includes('Enter a description.'));
  assert.equal(document.activeElement, field('Title'));
  assert.deepEqual(posts(), []);
  await fillForm();
  assert.equal(place.querySelector('[aria-invalid]'), null);
});

test('a submitted ticket has what was filled in, and its key is shown', async () => {
  serve({ ...BASICS, 'POST ': created });
  const opened: string[] = [];
  await show(<sdk.TicketSubmissionForm onOpenTicket={(id) => opened.push(id)} />, {
    appVersion: '2.1.4',
  });
  await fillForm();
  await fill('Priority', 'critical');
  assert.ok(text().includes('A service is down, or data is being lost.'));
  await fill('Steps to reproduce', '1. Look');
  assert.ok(button('Add tag filament'), 'a tag of an own ticket is suggested');
  await click('Add tag filament');
  await fill('Tags', 'dark,');
  assert.ok(text().includes('You can submit 7 more tickets this hour.'));
  await submit();
  assert.equal(posts().length, 1);
  const { body, headers } = posts()[0]!;
  const { environment_info: environment, ...rest } = body;
  assert.deepEqual(rest, {
    title: 'The lamp is dark',
    description: 'Since **noon**',
    ticket_type: 'bug',
    priority: 'critical',
    application_section: 'lamps',
    tags: ['filament', 'dark'],
    centcom_version: '2.1.4',
    steps_to_reproduce: '1. Look',
  });
  assert.ok((environment as { browser: string }).browser);
  assert.equal(headers.get('Authorization'), 'Bearer t1');
  assert.ok(text().includes('Ticket BUG-7 created'));
  await click('View ticket');
  assert.deepEqual(opened, ['one']);
  assert.deepEqual(new sdk.DraftStore('ticket-system:https://desk.example:').list(), []);
});

test('fields of a bug are not sent with another type', async () => {
  serve({ ...BASICS, 'POST ': created });
  await show(<sdk.TicketSubmissionForm />);
  await fillForm();
  await fill('Steps to reproduce', '1. Look');
  const radio = place.querySelector<HTMLInputElement>('input[value="support"]');
  await act(async () => radio?.click());
  await submit();
  assert.equal(posts()[0]?.body['ticket_type'], 'support');
  assert.equal('steps_to_reproduce' in posts()[0]!.body, false);
});

test('a ticket without a connection is kept, offered again, and not created twice', async () => {
  serve(BASICS);
  await show(<sdk.TicketSubmissionForm />);
  await fillForm();
  await submit(2_000);
  assert.ok(text().includes('Your ticket is kept in this browser.'));
  const key = posts()[0]?.headers.get('Idempotency-Key');

  await act(async () => root.unmount());
  root = createRoot(place);
  serve({ ...BASICS, 'POST ': created });
  await show(<sdk.TicketSubmissionForm />);
  assert.ok(text().includes('Not submitted: there was no connection'));
  await click('Continue The lamp is dark');
  assert.equal(field('Description').value, 'Since **noon**');
  await submit();
  assert.ok(text().includes('Ticket BUG-7 created'));
  assert.equal(posts()[0]?.headers.get('Idempotency-Key'), key);
  assert.deepEqual(new sdk.DraftStore('ticket-system:https://desk.example:').list(), []);
});

test('a changed ticket is submitted with another key', async () => {
  serve(BASICS);
  await show(<sdk.TicketSubmissionForm />);
  await fillForm();
  await submit(2_000);
  const key = posts()[0]?.headers.get('Idempotency-Key');
  serve({ ...BASICS, 'POST ': created });
  await fill('Title', 'The lamp is still dark');
  await submit();
  assert.notEqual(posts()[0]?.headers.get('Idempotency-Key'), key);
});

test('drafts are saved, kept for each person, and discarded', async () => {
  serve(BASICS);
  await show(<sdk.TicketSubmissionForm />, { userId: 'uma' });
  await fill('Title', 'Half a ticket');
  await click('Save draft');
  assert.ok(text().includes('Draft saved in this browser.'));
  for (const [userId, isOffered] of [['sam', false], ['uma', true]] as const) {
    await act(async () => root.unmount());
    root = createRoot(place);
    await show(<sdk.TicketSubmissionForm />, { userId });
    assert.equal(text().includes('Half a ticket'), isOffered, userId);
  }
  await click('Discard Half a ticket');
  assert.deepEqual(new sdk.DraftStore('ticket-system:https://desk.example:uma').list(), []);
});

test('a used up submission limit says when to go on', async () => {
  serve({
    ...BASICS,
    'POST ': () => ({
      status: 429,
      headers: { 'Retry-After': '1800' },
      body: { success: false, error: 'You have created 9 tickets within an hour. Try again later' },
    }),
  });
  await show(<sdk.TicketSubmissionForm />);
  await fillForm();
  await submit();
  assert.ok(text().includes('You have created 9 tickets within an hour. Try again later. You can continue at '));
  assert.ok(text().includes('You can submit the next ticket at '));
  assert.equal(button('Submit ticket').getAttribute('aria-disabled'), 'true');
  await submit();
  assert.equal(posts().length, 1);
});

test('an expired token is renewed once for all requests', async () => {
  const asked: boolean[] = [];
  let token = 'old';
  const guard = (answer: () => { body: unknown }) => (request: (typeof sent)[number]) =>
    request.headers.get('Authorization') === 'Bearer new'
      ? answer()
      : { status: 401, body: { success: false, error: 'The token has expired' } };
  serve({ 'GET ': guard(() => list()), 'GET /summary': guard(() => summary()) });
  const renew: sdk.GetAccessToken = async ({ isRejected }) => {
    asked.push(isRejected);
    if (isRejected) token = 'new';
    return token;
  };
  await show(
    <>
      <sdk.TicketDashboardWidget />
      <sdk.TicketList />
    </>,
    { accessToken: renew },
  );
  await settle(400);
  assert.ok(text().includes('The lamp is dark'));
  assert.deepEqual(asked, [false, true]);
});

test('files are checked before they are uploaded', async () => {
  serve(BASICS);
  await show(<sdk.TicketSubmissionForm />);
  const input = place.querySelector<HTMLInputElement>('input[type="file"]')!;
  const big = new File(['x'], 'big.png', { type: 'image/png' });
  Object.defineProperty(big, 'size', { value: 11 * 1024 * 1024 });
  const files = [
    new File(['x'], 'shot.png', { type: 'image/png' }),
    new File(['x'], 'tool.exe'),
    big,
    new File([], 'empty.txt'),
  ];
  Object.defineProperty(input, 'files', { value: files, configurable: true });
  await act(async () => input.dispatchEvent(new Event('change', { bubbles: true })));
  assert.equal(place.querySelectorAll('.tk-file').length, 4);
  assert.equal(place.querySelector('img')?.getAttribute('alt'), 'Preview of shot.png');
  for (const problem of ['This type is not accepted.', 'at most 10 MB', 'The file is empty.']) {
    assert.ok(text().includes(problem), problem);
  }
  await click('Remove tool.exe');
  assert.equal(text().includes('tool.exe'), false);
});

test('the widget counts open and pending tickets, which can be chosen', async () => {
  serve(BASICS);
  const chosen: string[] = [];
  await show(<sdk.TicketDashboardWidget onSelectStatus={(status) => chosen.push(status)} />);
  const numbers = [...place.querySelectorAll('.tk-count')].map((one) => one.textContent);
  assert.deepEqual(numbers, ['3', '2', '1']);
  await act(async () => place.querySelectorAll('button')[2]?.click());
  assert.deepEqual(chosen, ['pending_user']);
});

test('the list is filtered, searched and sorted by the help desk', async () => {
  serve(BASICS);
  await show(<sdk.TicketList />);
  await fill('Search tickets', 'lamp');
  await fill('Status', 'open');
  await fill('Type', 'bug');
  await fill('Priority', 'high');
  await fill('From', '2026-11-01');
  await fill('to', '2026-11-30');
  await click('Priority', 400);
  const query = new URLSearchParams(sent.at(-1)?.path.split('?')[1]);
  const { created_after: after, created_before: before, ...rest } = Object.fromEntries(query);
  assert.deepEqual(rest, {
    search: 'lamp',
    status: 'open',
    ticket_type: 'bug',
    priority: 'high',
    ordering: '-priority',
    limit: '25',
    offset: '0',
  });
  assert.equal(new Date(after!).getTime(), new Date('2026-11-01T00:00').getTime());
  assert.equal(new Date(before!).getTime(), new Date('2026-12-01T00:00').getTime());
  const header = button('Priority').closest('th');
  assert.equal(header?.getAttribute('aria-sort'), 'descending');
  await click('Priority', 50);
  assert.equal(header?.getAttribute('aria-sort'), 'ascending');
  serve({ 'GET ': () => list([]) });
  await click('Clear filters', 400);
  assert.equal(new URLSearchParams(sent.at(-1)?.path.split('?')[1]).has('search'), false);
  assert.ok(text().includes('You have not submitted a ticket yet.'));
});

test('the list is busy while it loads for the first time only, not while it looks for changes', async () => {
  const busy: (string | null | undefined)[] = [];
  const answer = (): ReturnType<typeof list> => {
    busy.push(place.querySelector('table')?.getAttribute('aria-busy'));
    return list();
  };
  serve({ 'GET ': answer });
  await show(<sdk.TicketList defaultStatus="open" />);
  await settle(400);
  assert.deepEqual(busy, [undefined]);
  await show(<sdk.TicketList defaultStatus="open" />, { pollInterval: 0.05 });
  await settle(600);
  assert.ok(busy.length > 4);
  assert.ok(busy.slice(1).every((one) => one === 'false'), String(busy));
});

const DETAILS = {
  ...LISTED,
  comments: [
    { id: 'c1', content: 'We *look*', author_name: 'Sam Agent', author_type: 'admin', created_at: NOW },
  ],
  attachments: [],
  status_history: [{ old_status: null, new_status: 'open', created_at: NOW }],
  environment_info: { os: 'Linux' },
};

test('a ticket opens below its row, with comments and history', async () => {
  serve({ ...BASICS, 'GET /one': () => ({ body: { success: true, ticket: DETAILS } }) });
  await show(<sdk.TicketList />);
  const row = place.querySelector<HTMLElement>('.tk-row button')!;
  assert.equal(row.getAttribute('aria-expanded'), 'false');
  await act(async () => row.click());
  await settle();
  assert.equal(row.getAttribute('aria-expanded'), 'true');
  assert.ok(text().includes('Sam Agent'));
  assert.ok(text().includes('Operating system'));
  await click('Close ticket');
  assert.equal(document.activeElement, row);
});

test('a change of the status is shown and announced, and typing is not disturbed', async () => {
  let status = 'open';
  serve({ 'GET /one': () => ({ body: { success: true, ticket: { ...DETAILS, status } } }) });
  await show(<sdk.TicketDetail ticketId="one" />, { pollInterval: 0.05 });
  await fill('Add a comment', 'I am still typ');
  status = 'in_progress';
  await settle(150);
  assert.ok(text().includes('The status is now In progress.'));
  assert.equal(field('Add a comment').value, 'I am still typ');
});

test('nothing is loaded while the page is hidden', async () => {
  serve(BASICS);
  let state = 'visible';
  Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
  const change = (next: string) => {
    state = next;
    return act(async () => document.dispatchEvent(new Event('visibilitychange')));
  };
  await show(<sdk.TicketDashboardWidget />, { pollInterval: 0.03 });
  await settle(100);
  assert.ok(sent.length > 2);
  await change('hidden');
  await settle(60);
  const before = sent.length;
  await settle(150);
  assert.equal(sent.length, before);
  await change('visible');
  await settle(10);
  assert.equal(sent.length, before + 1);
});

test('an unsent comment is kept until it is sent', async () => {
  const answers = { 'GET /one': () => ({ body: { success: true, ticket: DETAILS } }) };
  serve(answers);
  await show(<sdk.TicketDetail ticketId="one" />);
  await fill('Add a comment', 'It is still dark');
  await submit(2_000);
  assert.ok(text().includes('No connection to the help desk. Your comment is kept in this browser.'));
  await act(async () => root.unmount());
  root = createRoot(place);
  serve({
    ...answers,
    'POST /one/comments': () => ({ body: { success: true, comment: DETAILS.comments[0] } }),
  });
  await show(<sdk.TicketDetail ticketId="one" />);
  assert.equal(field('Add a comment').value, 'It is still dark');
  await submit();
  assert.equal(posts()[0]?.body['content'], 'It is still dark');
  assert.equal(field('Add a comment').value, '');
});

test('a component outside the provider says what is missing', async () => {
  const errors: unknown[] = [];
  const log = console.error;
  console.error = () => undefined;
  try {
    await act(async () => root.render(<sdk.TicketList />));
  } catch (error) {
    errors.push(error);
  } finally {
    console.error = log;
  }
  assert.match(String(errors[0]), /Put the component inside a <TicketProvider>/);
});
