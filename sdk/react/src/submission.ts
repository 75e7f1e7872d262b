'use client';
/** The state of the form: its values, its drafts, and the submission. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import type { CreatedTicket, NewTicket } from './client/centcom.js';
import { ConnectionFailed, RateLimited } from './client/errors.js';
import { idempotencyKey } from './client/call.js';
import type { Attempt, Draft } from './drafts.js';
import { messageOf, retryTime } from './messages.js';
import { useTickets } from './provider.js';
import { useUploads, type Uploads } from './uploads.js';
import { findProblems, type FormField, type Problems } from './validation.js';

const AUTOSAVE_DELAY = 800;

export type Outcome =
  | { kind: 'created'; ticket: CreatedTicket; failedFiles: number }
  | { kind: 'unsent' }
  | { kind: 'saved'; isKept: boolean }
  | { kind: 'failed'; message: string };

export interface TicketForm {
  ticket: NewTicket;
  change: (change: Partial<NewTicket>) => void;
  /** The problems of fields that a person has left, or of all after an attempt to submit. */
  problems: Problems;
  markVisited: (field: FormField) => void;
  uploads: Uploads;
  isBusy: boolean;
  outcome: Outcome | undefined;
  /** Drafts that can be continued: not the one that is open. */
  drafts: Draft[];
  continueDraft: (draft: Draft) => Promise<void>;
  discardDraft: (draft: Draft) => void;
  /** The names of the continued draft's files that have to be chosen again. */
  missingFiles: string[];
  saveDraft: () => void;
  /** Submit the ticket and its files; return false if fields are invalid. */
  submit: () => Promise<boolean>;
  retryFiles: () => Promise<void>;
  reset: () => void;
  /** When the next ticket may be submitted, if the limit is used up. */
  blockedUntil: Date | undefined;
}

/** Keep a ticket that is being written; `initial` is what an empty form contains. */
export function useTicketForm(
  initial: NewTicket,
  onSubmitted: ((ticket: CreatedTicket) => void) | undefined,
): TicketForm {
  const { client, drafts: store } = useTickets();
  const uploads = useUploads();
  const [ticket, setTicket] = useState(initial);
  const [isChanged, setIsChanged] = useState(false);
  const [visited, setVisited] = useState<ReadonlySet<FormField>>(new Set());
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [draftId, setDraftId] = useState(idempotencyKey);
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const [missingFiles, setMissingFiles] = useState<string[]>([]);
  const [blockedUntil, setBlockedUntil] = useState<Date>();
  const attempt = useRef<Attempt | undefined>(undefined);
  const isUnsent = useRef(false);

  useEffect(() => setDrafts(store.list()), [store]);

  const fileNames = uploads.files.map(({ file }) => file.name).join('\n');
  useEffect(() => {
    if (fileNames) setIsChanged(true);
    void store.saveFiles(
      draftId,
      uploads.files.filter(({ state }) => state === 'chosen').map(({ file }) => file),
    );
  }, [store, draftId, fileNames]);

  const save = useCallback(
    () =>
      store.save({
        id: draftId,
        savedAt: new Date().toISOString(),
        ticket,
        fileNames: fileNames ? fileNames.split('\n') : [],
        isUnsent: isUnsent.current,
        ...(attempt.current === undefined ? {} : { attempt: attempt.current }),
      }),
    [store, draftId, ticket, fileNames],
  );

  useEffect(() => {
    if (!isChanged) return undefined;
    const timer = setTimeout(save, AUTOSAVE_DELAY);
    addEventListener('pagehide', save);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', save);
    };
  }, [isChanged, save]);

  useEffect(() => {
    if (blockedUntil === undefined) return undefined;
    const timer = setTimeout(() => setBlockedUntil(undefined), blockedUntil.getTime() - Date.now());
    return () => clearTimeout(timer);
  }, [blockedUntil]);

  function change(changed: Partial<NewTicket>): void {
    setTicket((before) => ({ ...before, ...changed }));
    setIsChanged(true);
    setOutcome(undefined);
    const names = Object.keys(changed) as FormField[];
    setVisited((before) => new Set([...before, ...names]));
  }

  function begin(next: NewTicket, id: string): void {
    setTicket(next);
    setDraftId(id);
    setIsChanged(false);
    setVisited(new Set());
    setOutcome(undefined);
    setMissingFiles([]);
    attempt.current = undefined;
    isUnsent.current = false;
    uploads.clear();
    setDrafts(store.list().filter((draft) => draft.id !== id));
  }

  async function continueDraft(draft: Draft): Promise<void> {
    if (isChanged) save();
    const files = await store.files(draft.id);
    begin({ ...initial, ...draft.ticket }, draft.id);
    uploads.add(files);
    setMissingFiles(draft.fileNames.filter((name) => !files.some((file) => file.name === name)));
    attempt.current = draft.attempt;
    isUnsent.current = draft.isUnsent;
  }

  function discardDraft(draft: Draft): void {
    store.remove(draft.id);
    setDrafts((before) => before.filter((one) => one.id !== draft.id));
  }

  async function submit(): Promise<boolean> {
    setVisited(new Set<FormField>(['title', 'application_section', 'description']));
    if (Object.keys(findProblems(ticket)).length > 0) return false;
    const sent = toSubmit(ticket);
    const body = JSON.stringify(sent);
    if (attempt.current?.body !== body) attempt.current = { key: idempotencyKey(), body };
    setIsBusy(true);
    setOutcome(undefined);
    try {
      const key = attempt.current.key;
      const { ticket: created } = await client.submitTicket(sent, { idempotencyKey: key });
      store.remove(draftId);
      setIsChanged(false);
      const failedFiles = await uploads.upload(created.id);
      setOutcome({ kind: 'created', ticket: created, failedFiles });
      onSubmitted?.(created);
    } catch (error) {
      handleFailure(error);
    } finally {
      setIsBusy(false);
    }
    return true;
  }

  function handleFailure(error: unknown): void {
    isUnsent.current = error instanceof ConnectionFailed;
    save();
    if (error instanceof RateLimited && error.retryAfter !== undefined) {
      setBlockedUntil(retryTime(error.retryAfter));
    }
    if (isUnsent.current) setOutcome({ kind: 'unsent' });
    else setOutcome({ kind: 'failed', message: messageOf(error) });
  }

  async function retryFiles(): Promise<void> {
    if (outcome?.kind !== 'created') return;
    setIsBusy(true);
    const failedFiles = await uploads.upload(outcome.ticket.id);
    setOutcome({ ...outcome, failedFiles });
    setIsBusy(false);
  }

  const problems = useMemo(() => {
    const found = Object.entries(findProblems(ticket)) as [FormField, string][];
    return Object.fromEntries(found.filter(([field]) => visited.has(field))) as Problems;
  }, [ticket, visited]);

  return {
    ticket,
    change,
    problems,
    markVisited: (field) => setVisited((before) => new Set([...before, field])),
    uploads,
    isBusy,
    outcome,
    drafts,
    continueDraft,
    discardDraft,
    missingFiles,
    saveDraft: () => setOutcome({ kind: 'saved', isKept: save() }),
    submit,
    retryFiles,
    reset: () => {
      store.remove(draftId);
      begin(initial, idempotencyKey());
    },
    blockedUntil,
  };
}

/** Return the ticket without empty fields, and without those of a bug if it is none. */
function toSubmit(ticket: NewTicket): NewTicket {
  const bugFields = new Set([
    'steps_to_reproduce',
    'expected_behavior',
    'actual_behavior',
    'reproduction_rate',
    'severity',
  ]);
  const entries = Object.entries(ticket).filter(
    ([name, value]) => value !== '' && (ticket.ticket_type === 'bug' || !bugFields.has(name)),
  );
  return Object.fromEntries(entries) as unknown as NewTicket;
}
