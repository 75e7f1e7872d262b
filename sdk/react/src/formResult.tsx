'use client';
/** What the form shows after an attempt to submit. */

import { useEffect, useRef, useState, type ReactNode } from 'react';

import { Notice } from './fields.js';
import { FileList } from './filePicker.js';
import type { Outcome, TicketForm } from './submission.js';

export interface ResultProps {
  outcome: Outcome | undefined;
}

/** What has become of the ticket, unless it was created. */
export function Result({ outcome }: ResultProps): ReactNode {
  if (outcome?.kind === 'unsent') return <Unsent />;
  if (outcome?.kind === 'failed') return <Notice kind="danger">{outcome.message}</Notice>;
  if (outcome?.kind === 'saved') {
    return (
      <Notice kind="success">
        {outcome.isKept
          ? 'Draft saved in this browser.'
          : 'This browser cannot store drafts: the draft is lost when you leave the page.'}
      </Notice>
    );
  }
  return null;
}

/** The ticket was not submitted; says so too when the connection is back. */
function Unsent(): ReactNode {
  const [isBack, setIsBack] = useState(false);
  useEffect(() => {
    const onOnline = (): void => setIsBack(true);
    addEventListener('online', onOnline);
    return () => removeEventListener('online', onOnline);
  }, []);
  if (isBack) {
    return (
      <Notice kind="info">
        <strong>You are online again.</strong> Submit the ticket now; it will not be created twice.
      </Notice>
    );
  }
  return (
    <Notice kind="warning">
      <strong>No connection.</strong> Your ticket is kept in this browser. Submit it again when you are
      online; it will not be created twice.
    </Notice>
  );
}

/** The ticket was created: its key, its files, and what to do next. */
export function Created({
  outcome: { ticket, failedFiles },
  form,
  onOpenTicket,
}: {
  outcome: Extract<Outcome, { kind: 'created' }>;
  form: TicketForm;
  onOpenTicket: ((ticketId: string) => void) | undefined;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="tk-panel tk-form">
      <h2 className="tk-heading" ref={heading} tabIndex={-1}>
        Ticket {ticket.ticket_key} created
      </h2>
      <Notice kind="success">
        Thank you. “{ticket.title}” is in your tickets now; the support team answers there.
      </Notice>
      {failedFiles > 0 && (
        <Notice kind="danger">
          {failedFiles === 1 ? 'One file was' : `${failedFiles} files were`} not uploaded.
        </Notice>
      )}
      <FileList files={form.uploads.files} />
      <div className="tk-actions">
        {failedFiles > 0 && (
          <button type="button" className="tk-button" onClick={() => void form.retryFiles()}>
            Upload again
          </button>
        )}
        <button type="button" className="tk-button" onClick={form.reset}>
          Submit another ticket
        </button>
        {onOpenTicket && (
          <button
            type="button"
            className="tk-button"
            data-primary=""
            onClick={() => onOpenTicket(ticket.id)}
          >
            View ticket
          </button>
        )}
      </div>
    </section>
  );
}
