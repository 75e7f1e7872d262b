/** What people read when a request fails. */

import {
  AuthenticationRequired,
  ConnectionFailed,
  RateLimited,
  TicketSystemError,
} from './client/errors.js';
import { formatTime } from './labels.js';

/** Return one sentence that says what is wrong, and what to do if that is known. */
export function messageOf(error: unknown): string {
  if (error instanceof ConnectionFailed) return 'No connection to the help desk.';
  if (error instanceof AuthenticationRequired) return 'Your session has expired. Sign in again.';
  if (error instanceof RateLimited) {
    const wait = error.retryAfter;
    const until = wait === undefined ? '' : ` You can continue at ${formatTime(retryTime(wait))}.`;
    return `${sentence(error.message)}${until}`;
  }
  if (error instanceof TicketSystemError) return sentence(error.message);
  return 'Something went wrong. Try again.';
}

/** Return when a request may be sent again. */
export function retryTime(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
