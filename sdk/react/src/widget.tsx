'use client';
/** The numbers of one's own tickets, for a dashboard. */

import { useCallback, useId, type ReactNode } from 'react';

import type { Status } from './client/centcom.js';
import { Notice } from './fields.js';
import { usePolling } from './polling.js';
import { useTickets } from './provider.js';

export interface TicketDashboardWidgetProps {
  /** Called when a number is chosen, with the status that it counts; without it they are no buttons. */
  onSelectStatus?: (status: Status) => void;
  heading?: string;
}

const COUNTED: { status: Status; label: string; hint: string }[] = [
  { status: 'open', label: 'Open', hint: 'Not begun yet' },
  { status: 'in_progress', label: 'In progress', hint: 'Being worked on' },
  { status: 'pending_user', label: 'Pending', hint: 'Waiting for your answer' },
];

/** Show how many of one's own tickets are open, in progress, and pending. */
export function TicketDashboardWidget({
  onSelectStatus,
  heading = 'My tickets',
}: TicketDashboardWidgetProps): ReactNode {
  const { client, pollInterval } = useTickets();
  const id = useId();
  const load = useCallback(() => client.getSummary(), [client]);
  const { data, error } = usePolling(load, pollInterval);
  return (
    <section className="tk-panel tk-widget" aria-labelledby={`${id}-heading`}>
      <h2 className="tk-heading" id={`${id}-heading`}>
        {heading}
      </h2>
      {error && <Notice kind="danger">{error}</Notice>}
      <ul className="tk-counts" aria-live="polite">
        {COUNTED.map(({ status, label, hint }) => {
          const count = data?.counts[status];
          const content = (
            <>
              <span className="tk-count">{count ?? '–'}</span>{' '}
              <span className="tk-count-label">{label}</span>{' '}
              <span className="tk-hint">{hint}</span>
            </>
          );
          return (
            <li key={status} data-status={status} data-some={count ? '' : undefined}>
              {onSelectStatus ? (
                <button type="button" onClick={() => onSelectStatus(status)}>
                  {content}
                </button>
              ) : (
                <div>{content}</div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
