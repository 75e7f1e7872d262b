/** Sends requests with credentials and retries. */

import { withConnectionErrors, ConnectionLost, parseObject, errorOf, readText } from './responses.js';
import { requestInit, type Call, idempotencyKey, type Options } from './call.js';
import type { Credentials, Tokens } from './credentials.js';
import { Attempts } from './retries.js';

/** Sends each call until it succeeds, fails for good or has no retries left. */
export class Transport {
  readonly credentials: Credentials;
  fetchTokens: ((refresh: string) => Promise<Tokens>) | undefined;
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #options: Required<Omit<Options, 'fetch'>>;
  readonly #fetch: typeof fetch;

  constructor(
    base: string,
    credentials: Credentials,
    options: Options,
    headers: Record<string, string> = {},
  ) {
    this.credentials = credentials;
    this.#base = base.replace(/\/+$/, '');
    this.#headers = { Accept: 'application/json', ...headers };
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#options = {
      timeout: options.timeout ?? 30_000,
      retries: options.retries ?? 3,
      firstWait: options.firstWait ?? 500,
      maxWait: options.maxWait ?? 60_000,
    };
  }

  /** Return the body of the response. Throws `TicketSystemError`. */
  async json(call: Call): Promise<Record<string, unknown>> {
    return (await this.validated(call)).body;
  }

  /** Return the body of the response and its ETag. Throws `TicketSystemError`. */
  async validated(call: Call): Promise<{ body: Record<string, unknown>; etag: string | null }> {
    return this.#send(call, async (response) => {
      const etag = response.headers.get('ETag');
      const text = await readText(response);
      // A repeated DELETE returns 404 if the lost response was a success.
      const isEmpty = !text || response.status === 404;
      return { body: isEmpty ? {} : parseObject(text, response.status), etag };
    });
  }

  /** Return the response with an unread body. Throws `TicketSystemError`. */
  async stream(call: Call): Promise<Response> {
    return this.#send(call, async (response) => response);
  }

  async #send<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const idempotency = call.method === 'POST' ? { 'Idempotency-Key': idempotencyKey() } : {};
    const attempts = new Attempts(call, this.#options);
    for (;;) {
      const access = this.credentials.accessToken;
      const headers = { ...this.#headers, ...idempotency, ...call.headers };
      if (call.isAuthorized !== false) Object.assign(headers, this.credentials.headers(access));
      const stop = new AbortController();
      const timer = setTimeout(() => {
        stop.abort(new Error(`no response within ${this.#options.timeout} ms`));
      }, this.#options.timeout);
      let wait: number;
      try {
        const request = { ...requestInit(call, headers), signal: stop.signal };
        const response = await withConnectionErrors(this.#fetch(this.#url(call), request));
        if (response.ok || attempts.wasAlreadyDeleted(response)) return await read(response);
        const apiError = await errorOf(response);
        if (attempts.shouldRenewToken(response) && (await this.#renew(access))) continue;
        wait = attempts.delayAfterErrorResponse(response, apiError);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        wait = attempts.delayAfterConnectionError(error);
      } finally {
        clearTimeout(timer);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  #url(call: Call): string {
    const queryParams = new URLSearchParams();
    for (const [name, value] of Object.entries(call.params ?? {})) {
      if (value !== undefined && value !== null) queryParams.append(name, String(value));
    }
    const encoded = queryParams.toString();
    return `${this.#base}${call.path}${encoded ? `?${encoded}` : ''}`;
  }

  async #renew(rejected: string | undefined): Promise<boolean> {
    return this.fetchTokens !== undefined && this.credentials.renew(rejected, this.fetchTokens);
  }
}
