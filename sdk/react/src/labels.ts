/** The words that people read for the values of the API. */

import type {
  AttachmentType,
  Priority,
  ReproductionRate,
  Severity,
  Status,
  TicketType,
} from './client/centcom.js';

export const TYPE_LABELS: Record<TicketType, string> = {
  bug: 'Bug report',
  feature_request: 'Feature request',
  improvement: 'Improvement',
  support: 'Support',
  other: 'Other',
};

export const TYPE_DESCRIPTIONS: Record<TicketType, string> = {
  bug: 'Something does not work',
  feature_request: 'Something new',
  improvement: 'Make something better',
  support: 'A question, or help',
  other: 'Anything else',
};

export const PRIORITY_LABELS: Record<Priority, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

/** The choices of a priority, each with its meaning. */
export const PRIORITY_CHOICES: Record<Priority, string> = {
  critical: 'Critical: a service is down',
  high: 'High: work is blocked',
  medium: 'Medium: there is a workaround',
  low: 'Low: it can wait',
};

export const PRIORITY_DESCRIPTIONS: Record<Priority, string> = {
  critical: 'A service is down, or data is being lost. Work has stopped.',
  high: 'Important work is blocked and there is no workaround.',
  medium: 'Work is slower, or a workaround exists.',
  low: 'A small problem or a wish. It can wait.',
};

export const SEVERITY_LABELS: Record<Severity, string> = {
  critical: 'Critical: crash or loss of data',
  major: 'Major: a main function fails',
  minor: 'Minor: a side function fails',
  cosmetic: 'Cosmetic: it looks wrong',
};

export const REPRODUCTION_LABELS: Record<ReproductionRate, string> = {
  always: 'Always',
  sometimes: 'Sometimes',
  rarely: 'Rarely',
  once: 'It happened once',
};

export const STATUS_LABELS: Record<Status, string> = {
  open: 'Open',
  in_progress: 'In progress',
  pending_user: 'Waiting for you',
  resolved: 'Resolved',
  closed: 'Closed',
  duplicate: 'Duplicate',
  wont_fix: "Won't fix",
};

export const ATTACHMENT_LABELS: Record<AttachmentType, string> = {
  screenshot: 'Screenshot',
  video: 'Video',
  log_file: 'Log file',
  document: 'Document',
  other: 'File',
};

/** Return the keys of a table of labels, in their order. */
export function keysOf<Key extends string>(labels: Record<Key, string>): Key[] {
  return Object.keys(labels) as Key[];
}

/** Return a date and time in the reader's own format and zone. */
export function formatMoment(moment: string | Date): string {
  return new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Return the time of day in the reader's own format and zone. */
export function formatTime(moment: string | Date): string {
  return new Date(moment).toLocaleTimeString(undefined, { timeStyle: 'short' });
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** Return how long ago a moment was, such as "3 hr. ago". */
export function formatAge(moment: string, now = Date.now()): string {
  const seconds = (Date.parse(moment) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return 'just now';
}

/** Return a number of bytes as people read it, such as "1.4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const unit = bytes < 1024 * 1024 ? 'KB' : 'MB';
  const value = bytes / (unit === 'KB' ? 1024 : 1024 * 1024);
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** Return the entries of a table of labels as the choices of a list. */
export function optionsOf(labels: Record<string, string>): { value: string; label: string }[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}
