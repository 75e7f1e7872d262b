'use client';
/** The list of one's own tickets (the guide's "Ticket Management Interface"). */

import { Fragment, useCallback, useEffect, useId, useState, type ReactNode } from 'react';

import { PriorityBadge, StatusBadge } from './badges.js';
import type { ListedTicket, SortField, Status, TicketFilters } from './client/centcom.js';
import { TicketDetail } from './detail.js';
import { Notice } from './fields.js';
import { Icon } from './icons.js';
import { formatAge, formatMoment, optionsOf, TYPE_LABELS } from './labels.js';
import { FilterBar, NO_FILTERS, toQuery, type ListFilters } from './listFilters.js';
import { usePolling } from './polling.js';
import { useTickets } from './provider.js';

export interface TicketListProps {
  /** Called when a ticket is opened; without it, the ticket is shown below its row. */
  onOpenTicket?: (ticketId: string) => void;
  /** Only tickets of this status at first. */
  defaultStatus?: Status | undefined;
  /** Tickets on one page, at most 100. The default is 25. */
  pageSize?: number;
  heading?: string;
}

type Ordering = NonNullable<TicketFilters['ordering']>;

const COLUMNS: { label: string; sort?: SortField; className?: string }[] = [
  { label: 'Ticket' },
  { label: 'Type' },
  { label: 'Status', sort: 'status' },
  { label: 'Priority', sort: 'priority' },
  { label: 'Created', sort: 'created_at' },
  { label: 'Updated', sort: 'updated_at' },
];
const SEARCH_DELAY = 300;

/** List one's own tickets: sorted, filtered, searched, and kept up to date. */
export function TicketList({
  onOpenTicket,
  defaultStatus,
  pageSize = 25,
  heading = 'My tickets',
}: TicketListProps): ReactNode {
  const { client, pollInterval } = useTickets();
  const id = useId();
  const [filters, setFilters] = useState<ListFilters>({
    ...NO_FILTERS,
    status: defaultStatus ?? '',
  });
  const [ordering, setOrdering] = useState<Ordering>('-created_at');
  const [offset, setOffset] = useState(0);
  const [openId, setOpenId] = useState<string>();
  const query = useDelayed(filters, SEARCH_DELAY);

  useEffect(() => {
    const status = defaultStatus ?? '';
    // The same object, so that nothing loads again when the status is what it was.
    setFilters((before) => (before.status === status ? before : { ...before, status }));
    setOffset(0);
  }, [defaultStatus]);

  const load = useCallback(
    () => client.getMyTickets({ ...toQuery(query), ordering, limit: pageSize, offset }),
    [client, query, ordering, pageSize, offset],
  );
  const { data, error, isLoading } = usePolling(load, pollInterval);
  const tickets = data?.tickets ?? [];
  const isFiltered = Object.values(filters).some(Boolean);

  function changeFilters(change: Partial<ListFilters>): void {
    setFilters((before) => ({ ...before, ...change }));
    setOffset(0);
  }

  function sortBy(field: SortField): void {
    setOrdering((before) => (before === `-${field}` ? field : `-${field}`));
    setOffset(0);
  }

  function open(ticket: ListedTicket): void {
    if (onOpenTicket) onOpenTicket(ticket.id);
    else setOpenId((before) => (before === ticket.id ? undefined : ticket.id));
  }

  function close(ticket: ListedTicket): void {
    setOpenId(undefined);
    document.getElementById(`${id}-${ticket.id}`)?.focus();
  }

  return (
    <section className="tk-panel" aria-labelledby={`${id}-heading`}>
      <h2 className="tk-heading" id={`${id}-heading`}>
        {heading}
      </h2>
      <FilterBar filters={filters} onChange={changeFilters} isFiltered={isFiltered} />
      <SortChoice
        ordering={ordering}
        onChange={(changed) => {
          setOrdering(changed);
          setOffset(0);
        }}
      />
      {error && <Notice kind="danger">{error}</Notice>}
      <p className="tk-visually-hidden" role="status">
        {isLoading ? 'Loading tickets' : resultText(tickets.length, data?.pagination.has_more)}
      </p>
      {tickets.length > 0 && (
        <table className="tk-table" aria-busy={isLoading} aria-labelledby={`${id}-heading`}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <Header key={column.label} {...column} ordering={ordering} onSort={sortBy} />
              ))}
            </tr>
          </thead>
          <tbody>
            {tickets.map((ticket) => {
              const isOpen = openId === ticket.id;
              return (
                <Fragment key={ticket.id}>
                  <Row
                    id={`${id}-${ticket.id}`}
                    ticket={ticket}
                    isOpen={onOpenTicket ? undefined : isOpen}
                    onOpen={open}
                  />
                  {isOpen && (
                    <tr className="tk-expanded">
                      <td colSpan={COLUMNS.length}>
                        <TicketDetail ticketId={ticket.id} onClose={() => close(ticket)} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </table>
      )}
      {data === undefined && isLoading && <Skeleton />}
      {data !== undefined && tickets.length === 0 && !error && (
        <p className="tk-empty">
          {isFiltered ? 'No tickets match these filters.' : 'You have not submitted a ticket yet.'}
        </p>
      )}
      {(offset > 0 || data?.pagination.has_more) && (
        <nav className="tk-pages" aria-label="Pages">
          <button
            type="button"
            className="tk-button"
            disabled={offset === 0}
            onClick={() => setOffset(Math.max(0, offset - pageSize))}
          >
            Previous
          </button>
          <span className="tk-hint">
            {offset + 1} to {offset + tickets.length}
          </span>
          <button
            type="button"
            className="tk-button"
            disabled={!data?.pagination.has_more}
            onClick={() => setOffset(offset + pageSize)}
          >
            Next
          </button>
        </nav>
      )}
    </section>
  );
}

function Header({
  label,
  sort,
  ordering,
  onSort,
}: {
  label: string;
  sort?: SortField;
  ordering: Ordering;
  onSort: (field: SortField) => void;
}): ReactNode {
  if (sort === undefined) return <th scope="col">{label}</th>;
  const isSorted = ordering.replace('-', '') === sort;
  const isDescending = ordering.startsWith('-');
  const direction = isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={isSorted ? direction : 'none'}>
      <button type="button" className="tk-sort" onClick={() => onSort(sort)}>
        {label}
        {isSorted && <Icon name={isDescending ? 'down' : 'up'} />}
      </button>
    </th>
  );
}

const ORDERINGS: Record<string, string> = {
  '-created_at': 'Newest first',
  created_at: 'Oldest first',
  '-updated_at': 'Recently updated first',
  updated_at: 'Not updated for long first',
  '-priority': 'Highest priority first',
  priority: 'Lowest priority first',
  status: 'By status',
  '-status': 'By status, reversed',
};

/** The order of the list where there is no room for column headers. */
function SortChoice({
  ordering,
  onChange,
}: {
  ordering: Ordering;
  onChange: (ordering: Ordering) => void;
}): ReactNode {
  return (
    <select
      className="tk-input tk-select tk-sort-choice"
      aria-label="Sort by"
      value={ordering}
      onChange={(event) => onChange(event.target.value as Ordering)}
    >
      {optionsOf(ORDERINGS).map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Row({
  id,
  ticket,
  isOpen,
  onOpen,
}: {
  /** The id of the button that opens the ticket. */
  id: string;
  ticket: ListedTicket;
  /** Whether the ticket is shown below; undefined if it opens elsewhere. */
  isOpen: boolean | undefined;
  onOpen: (ticket: ListedTicket) => void;
}): ReactNode {
  const comments = ticket.comments_count[0].count;
  return (
    <tr className="tk-row" data-open={isOpen ? '' : undefined}>
      <th scope="row">
        <div className="tk-row-main">
          <button
            id={id}
            type="button"
            className="tk-row-open"
            aria-expanded={isOpen}
            onClick={() => onOpen(ticket)}
          >
            {isOpen !== undefined && <Icon name="chevron" />}
            <span>
              <span className="tk-key">{ticket.ticket_key}</span>{' '}
              <span className="tk-title">{ticket.title}</span>
            </span>
          </button>
          {comments > 0 && (
            <span className="tk-comments">
              <Icon name="comment" />
              {comments}
              <span className="tk-visually-hidden">{comments === 1 ? ' comment' : ' comments'}</span>
            </span>
          )}
        </div>
      </th>
      <td data-label="Type">{TYPE_LABELS[ticket.ticket_type]}</td>
      <td data-label="Status">
        <StatusBadge status={ticket.status} />
      </td>
      <td data-label="Priority">
        <PriorityBadge priority={ticket.priority} />
      </td>
      <Moment label="Created" moment={ticket.created_at} />
      <Moment label="Updated" moment={ticket.updated_at} />
    </tr>
  );
}

function Moment({ label, moment }: { label: string; moment: string }): ReactNode {
  return (
    <td data-label={label} className="tk-moment">
      <time dateTime={moment} title={formatMoment(moment)}>
        {formatAge(moment)}
      </time>
    </td>
  );
}

function Skeleton(): ReactNode {
  return (
    <div className="tk-skeleton" aria-hidden="true">
      {[1, 2, 3, 4].map((n) => (
        <span key={n} />
      ))}
    </div>
  );
}

function resultText(count: number, hasMore: boolean | undefined): string {
  if (count === 0) return 'No tickets';
  return `${count} ${count === 1 ? 'ticket' : 'tickets'}${hasMore ? ', more on the next page' : ''}`;
}

/** Return a value after it has not changed for a while, so that typing sends one request. */
function useDelayed<T>(value: T, delay: number): T {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return delayed;
}
