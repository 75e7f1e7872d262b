/** Whether a request is sent again, and after which delay. */

import type { ConnectionLost } from './responses.js';
import type { Call, Options } from './call.js';
import { ConnectionFailed, type TicketSystemError } from './errors.js';

/** Statuses of requests that the server has not processed. */
const NOT_PROCESSED = new Set([429, 503]);
const TEMPORARY = new Set([...NOT_PROCESSED, 502, 504]);

/** The attempts of one call so far, and whether there is another one. */
export class Attempts {
  readonly #call: Call;
  readonly #options: Required<Omit<Options, 'fetch'>>;
  #count = 0;
  #wasRenewed = false;
  #mayHaveTakenEffect = false;

  constructor(call: Call, options: Required<Omit<Options, 'fetch'>>) {
    this.#call = call;
    this.#options = options;
  }

  /** Return the milliseconds until the next attempt. Throws `ConnectionFailed` if there is none. */
  delayAfterConnectionError(lost: ConnectionLost): number {
    const wait = this.#wait(undefined);
    this.#mayHaveTakenEffect ||= lost.wasSent;
    if (wait === undefined || (lost.wasSent && this.#call.repeatable === false)) {
      throw new ConnectionFailed(`${this.#call.method} ${this.#call.path} got no response`, {
        cause: lost.cause,
        wasSent: this.#mayHaveTakenEffect,
      });
    }
    this.#count += 1;
    return wait;
  }

  /** Return the milliseconds until the next attempt. Throws the error if there is none. */
  delayAfterErrorResponse(response: Response, apiError: TicketSystemError): number {
    const retryable = this.#call.repeatable === false ? NOT_PROCESSED : TEMPORARY;
    // A conflict after a lost response may be with an earlier attempt that is still in progress.
    const isWithOwnAttempt =
      this.#mayHaveTakenEffect && this.#call.method === 'POST' && response.status === 409;
    const wait =
      retryable.has(response.status) || isWithOwnAttempt ? this.#wait(apiError.retryAfter) : undefined;
    if (wait === undefined) throw apiError;
    this.#mayHaveTakenEffect ||= !NOT_PROCESSED.has(response.status);
    this.#count += 1;
    return wait;
  }

  /** Return whether to renew the access token: true at most once. */
  shouldRenewToken(response: Response): boolean {
    if (response.status !== 401 || this.#call.isAuthorized === false || this.#wasRenewed) {
      return false;
    }
    this.#wasRenewed = true;
    return true;
  }

  /** Return whether an earlier attempt has deleted the resource. */
  wasAlreadyDeleted(response: Response): boolean {
    return this.#mayHaveTakenEffect && this.#call.method === 'DELETE' && response.status === 404;
  }

  #wait(requested: number | undefined): number | undefined {
    const { retries, firstWait, maxWait } = this.#options;
    const minimum = (requested ?? 0) * 1000;
    if (this.#count >= retries || minimum > maxWait) return undefined;
    const delay = Math.min(firstWait * 2 ** this.#count, maxWait);
    return Math.max(minimum, delay * (0.5 + Math.random() / 2));
  }
}
