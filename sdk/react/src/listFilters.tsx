'use client';
/** The search and the filters of the list. */

import { useId, type ReactNode } from 'react';

import type { Priority, Status, TicketFilters, TicketType } from './client/centcom.js';
import { Icon } from './icons.js';
import { optionsOf, PRIORITY_LABELS, STATUS_LABELS, TYPE_LABELS } from './labels.js';

export interface ListFilters {
  search: string;
  status: Status | '';
  type: TicketType | '';
  priority: Priority | '';
  /** The first and the last day, as in `<input type="date">`. */
  from: string;
  to: string;
}

export const NO_FILTERS: ListFilters = {
  search: '',
  status: '',
  type: '',
  priority: '',
  from: '',
  to: '',
};

/** Return the query of the API; days begin and end in the reader's time zone. */
export function toQuery(filters: ListFilters): TicketFilters {
  const { search, status, type, priority, from, to } = filters;
  return {
    ...(search.trim() && { search: search.trim() }),
    ...(status && { status }),
    ...(type && { ticket_type: type }),
    ...(priority && { priority }),
    ...(from && { created_after: dayStart(from, 0) }),
    ...(to && { created_before: dayStart(to, 1) }),
  };
}

function dayStart(day: string, daysLater: number): string {
  const moment = new Date(`${day}T00:00`);
  moment.setDate(moment.getDate() + daysLater);
  return moment.toISOString();
}

export interface FilterBarProps {
  filters: ListFilters;
  onChange: (change: Partial<ListFilters>) => void;
  isFiltered: boolean;
}

/** Search and filter the list. */
export function FilterBar({ filters, onChange, isFiltered }: FilterBarProps): ReactNode {
  const id = useId();
  return (
    <div role="search" className="tk-filters">
      <span className="tk-search">
        <Icon name="search" />
        <input
          className="tk-input"
          type="search"
          aria-label="Search tickets"
          placeholder="Search tickets and comments"
          maxLength={500}
          value={filters.search}
          onChange={(event) => onChange({ search: event.target.value })}
        />
      </span>
      <Choice
        label="Status"
        all="All statuses"
        labels={STATUS_LABELS}
        value={filters.status}
        onChange={(status) => onChange({ status: status as Status })}
      />
      <Choice
        label="Type"
        all="All types"
        labels={TYPE_LABELS}
        value={filters.type}
        onChange={(type) => onChange({ type: type as TicketType })}
      />
      <Choice
        label="Priority"
        all="All priorities"
        labels={PRIORITY_LABELS}
        value={filters.priority}
        onChange={(priority) => onChange({ priority: priority as Priority })}
      />
      <span className="tk-dates">
        <label htmlFor={`${id}-from`}>From</label>
        <input
          id={`${id}-from`}
          className="tk-input"
          type="date"
          max={filters.to || undefined}
          value={filters.from}
          onChange={(event) => onChange({ from: event.target.value })}
        />
        <label htmlFor={`${id}-to`}>to</label>
        <input
          id={`${id}-to`}
          className="tk-input"
          type="date"
          min={filters.from || undefined}
          value={filters.to}
          onChange={(event) => onChange({ to: event.target.value })}
        />
      </span>
      {isFiltered && (
        <button type="button" className="tk-button" onClick={() => onChange(NO_FILTERS)}>
          Clear filters
        </button>
      )}
    </div>
  );
}

function Choice({
  label,
  all,
  labels,
  value,
  onChange,
}: {
  label: string;
  all: string;
  labels: Record<string, string>;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <select
      className="tk-input tk-select"
      aria-label={label}
      data-active={value ? '' : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{all}</option>
      {optionsOf(labels).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
