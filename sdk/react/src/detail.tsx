'use client';
/** One ticket with its comments, history and files, kept up to date. */

import { useCallback, useEffect, useId, useRef, useState, type ReactNode } from 'react';

import { AttachmentList } from './attachments.js';
import { PriorityBadge, StatusBadge } from './badges.js';
import type { TicketDetails } from './client/centcom.js';
import { CommentComposer, CommentList } from './comments.js';
import { environmentLabel } from './environment.js';
import { Notice } from './fields.js';
import { Icon } from './icons.js';
import { formatMoment, REPRODUCTION_LABELS, STATUS_LABELS, TYPE_LABELS } from './labels.js';
import { Markdown } from './markdown.js';
import { usePolling } from './polling.js';
import { useTickets } from './provider.js';

export interface TicketDetailProps {
  /** The id or the key (`BUG-15`) of the ticket. */
  ticketId: string;
  /** Called by the close button; without it there is none. */
  onClose?: () => void;
}

/** Show a ticket; comments and files can be added. */
export function TicketDetail({ ticketId, onClose }: TicketDetailProps): ReactNode {
  const { client, pollInterval } = useTickets();
  const load = useCallback(
    async () => (await client.getTicketDetails(ticketId)).ticket,
    [client, ticketId],
  );
  const { data: ticket, error, isLoading, reload } = usePolling(load, pollInterval);
  if (ticket === undefined || (isLoading && ticket.id !== ticketId && ticket.ticket_key !== ticketId)) {
    return (
      <article className="tk-panel tk-detail" aria-busy={isLoading}>
        {error ? <Notice kind="danger">{error}</Notice> : <p className="tk-muted">Loading ticket ...</p>}
        {error && onClose && <CloseButton onClose={onClose} />}
      </article>
    );
  }
  return (
    <Ticket key={ticket.id} ticket={ticket} error={error} reload={reload} onClose={onClose} />
  );
}

function CloseButton({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <button type="button" className="tk-icon-button tk-close" aria-label="Close ticket" onClick={onClose}>
      <Icon name="close" />
    </button>
  );
}

function Ticket({
  ticket,
  error,
  reload,
  onClose,
}: {
  ticket: TicketDetails;
  error: string | undefined;
  reload: () => Promise<void>;
  onClose: (() => void) | undefined;
}): ReactNode {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const change = useChanges(ticket);
  const { sections } = useTickets();
  const value = ticket.application_section;
  const section = sections.find((one) => one.value === value)?.label ?? value;
  useEffect(() => {
    // The button that opened the ticket may be gone; where it is not, it keeps the focus.
    const isFocusLost = document.activeElement === document.body;
    if (onClose && isFocusLost) heading.current?.focus();
  }, []);
  return (
    <article className="tk-panel tk-detail" aria-labelledby={`${id}-heading`}>
      <header className="tk-detail-header">
        <div>
          <h2 className="tk-heading" id={`${id}-heading`} ref={heading} tabIndex={-1}>
            <span className="tk-key">{ticket.ticket_key}</span> {ticket.title}
          </h2>
          <p className="tk-facts">
            <StatusBadge status={ticket.status} />
            <PriorityBadge priority={ticket.priority} />
            <span>{TYPE_LABELS[ticket.ticket_type]}</span>
            <span>{section}</span>
            <span>{ticket.assigned_admin?.full_name ?? 'Not assigned yet'}</span>
          </p>
        </div>
        {onClose && <CloseButton onClose={onClose} />}
      </header>
      <p className="tk-visually-hidden" role="status">
        {change}
      </p>
      {error && <Notice kind="danger">{error}</Notice>}
      {ticket.status === 'pending_user' && (
        <Notice kind="warning">The support team waits for your answer.</Notice>
      )}
      <div className="tk-detail-columns">
        <div className="tk-detail-main">
          <Markdown text={ticket.description} />
          <Texts ticket={ticket} />
          <h3 className="tk-subheading">
            <Icon name="comment" /> Comments
            <span className="tk-number">{ticket.comments.length}</span>
          </h3>
          <CommentList comments={ticket.comments} />
          <CommentComposer ticketId={ticket.id} onSent={reload} />
        </div>
        <div className="tk-detail-side">
          <h3 className="tk-subheading">
            <Icon name="file" /> Files
            <span className="tk-number">{ticket.attachments.length}</span>
          </h3>
          <AttachmentList ticketId={ticket.id} attachments={ticket.attachments} onChanged={reload} />
          <h3 className="tk-subheading">
            <Icon name="history" /> History
          </h3>
          <History ticket={ticket} />
          <Facts ticket={ticket} />
        </div>
      </div>
    </article>
  );
}

/** Return what has changed since the last look, for screen readers. */
function useChanges(ticket: TicketDetails): string {
  const before = useRef(ticket);
  const [change, setChange] = useState('');
  useEffect(() => {
    const added = ticket.comments.length - before.current.comments.length;
    const changes = [
      ...(ticket.status === before.current.status
        ? []
        : [`The status is now ${STATUS_LABELS[ticket.status]}.`]),
      ...(added > 0 ? [added === 1 ? 'There is a new comment.' : `${added} new comments.`] : []),
    ];
    before.current = ticket;
    if (changes.length > 0) setChange(changes.join(' '));
  }, [ticket]);
  return change;
}

function Texts({ ticket }: { ticket: TicketDetails }): ReactNode {
  const texts = [
    ['Steps to reproduce', ticket.steps_to_reproduce],
    ['Expected behavior', ticket.expected_behavior],
    ['Actual behavior', ticket.actual_behavior],
  ] as const;
  return texts.map(
    ([label, text]) =>
      text && (
        <section key={label}>
          <h3 className="tk-subheading">{label}</h3>
          <Markdown text={text} />
        </section>
      ),
  );
}

function History({ ticket }: { ticket: TicketDetails }): ReactNode {
  return (
    <ol className="tk-history">
      {ticket.status_history.map((change) => (
        <li key={`${change.created_at} ${change.new_status}`}>
          <StatusBadge status={change.new_status} />
          <span className="tk-hint">
            {change.old_status && (
              <span className="tk-visually-hidden">before: {STATUS_LABELS[change.old_status]}, </span>
            )}
            <time dateTime={change.created_at}>{formatMoment(change.created_at)}</time>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Facts({ ticket }: { ticket: TicketDetails }): ReactNode {
  const environment = Object.entries(ticket.environment_info ?? {}).map(
    ([name, value]) =>
      [environmentLabel(name), typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
  );
  const facts: (readonly [string, string | null])[] = [
    ['Plugin', ticket.plugin_name],
    ['Version', ticket.centcom_version],
    ['How often', ticket.reproduction_rate && REPRODUCTION_LABELS[ticket.reproduction_rate]],
    ['Tags', ticket.tags.join(', ')],
    ['Created', formatMoment(ticket.created_at)],
    ['Updated', formatMoment(ticket.updated_at)],
    ...environment,
  ];
  return (
    <details className="tk-disclosure">
      <summary>Details and environment</summary>
      <dl className="tk-list-of-facts">
        {facts.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}
