/** Whether a call is worth another try, and how long to wait for it. */

import type { Lost } from './answers.js';
import type { Call, Options } from './call.js';
import { ConnectionFailed, type TicketSystemError } from './errors.js';

/** What a server answers before it has done anything. */
const NEVER_ACTED_ON = new Set([429, 503]);
const PASSING = new Set([...NEVER_ACTED_ON, 502, 504]);

/** What was tried for one call so far, and whether it is worth another try. */
export class Tries {
  readonly #call: Call;
  readonly #options: Required<Omit<Options, 'fetch'>>;
  #count = 0;
  #wasRenewed = false;
  #mayHaveBeenHeeded = false;

  constructor(call: Call, options: Required<Omit<Options, 'fetch'>>) {
    this.#call = call;
    this.#options = options;
  }

  afterALostAnswer(lost: Lost): number {
    const wait = this.#wait(undefined);
    this.#mayHaveBeenHeeded ||= lost.wasSent;
    if (wait === undefined || (lost.wasSent && this.#call.repeatable === false)) {
      throw new ConnectionFailed(`${this.#call.method} ${this.#call.path} got no answer`, {
        cause: lost.cause,
        wasSent: this.#mayHaveBeenHeeded,
      });
    }
    this.#count += 1;
    return wait;
  }

  afterARefusal(response: Response, refusal: TicketSystemError): number {
    const passing = this.#call.repeatable === false ? NEVER_ACTED_ON : PASSING;
    // A conflict after a lost answer may be with the first try, under way under the same key.
    const isOwn =
      this.#mayHaveBeenHeeded && this.#call.method === 'POST' && response.status === 409;
    const wait =
      passing.has(response.status) || isOwn ? this.#wait(refusal.retryAfter) : undefined;
    if (wait === undefined) throw refusal;
    this.#mayHaveBeenHeeded ||= !NEVER_ACTED_ON.has(response.status);
    this.#count += 1;
    return wait;
  }

  /** Whether another access token may help; asked once. */
  mayRenew(response: Response): boolean {
    if (response.status !== 401 || this.#call.isAuthorized === false || this.#wasRenewed) {
      return false;
    }
    this.#wasRenewed = true;
    return true;
  }

  /** Whether what is to be deleted is gone because an earlier try was heeded. */
  wasHeeded(response: Response): boolean {
    return this.#mayHaveBeenHeeded && this.#call.method === 'DELETE' && response.status === 404;
  }

  #wait(asked: number | undefined): number | undefined {
    const { retries, firstWait, longestWait } = this.#options;
    const least = (asked ?? 0) * 1000;
    if (this.#count >= retries || least > longestWait) return undefined;
    const own = Math.min(firstWait * 2 ** this.#count, longestWait);
    return Math.max(least, own * (0.5 + Math.random() / 2));
  }
}
