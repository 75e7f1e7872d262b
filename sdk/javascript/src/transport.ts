/** Requests on their way: with who is asking, sent again while it is worth it. */

import { answered, Lost, objectIn, refusalOf, whole } from './answers.js';
import { bodyOf, type Call, newKey, type Options } from './call.js';
import type { Credentials, Tokens } from './credentials.js';
import { Tries } from './retries.js';

/** Sends calls until they are answered, refused, or not worth another try. */
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
      longestWait: options.longestWait ?? 60_000,
    };
  }

  /** The body of the answer. Throws `TicketSystemError`. */
  async json(call: Call): Promise<Record<string, unknown>> {
    return (await this.validated(call)).body;
  }

  /** The body of the answer and its ETag. Throws `TicketSystemError`. */
  async validated(call: Call): Promise<{ body: Record<string, unknown>; etag: string | null }> {
    return this.#send(call, async (response) => {
      const etag = response.headers.get('ETag');
      const text = await whole(response);
      // A DELETE that was heeded when its answer was lost is answered 404.
      const isEmpty = !text || response.status === 404;
      return { body: isEmpty ? {} : objectIn(text, response.status), etag };
    });
  }

  /** The answer, its body still to be read. Throws `TicketSystemError`. */
  async stream(call: Call): Promise<Response> {
    return this.#send(call, async (response) => response);
  }

  async #send<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const once = call.method === 'POST' ? { 'Idempotency-Key': newKey() } : {};
    const tries = new Tries(call, this.#options);
    for (;;) {
      const access = this.credentials.accessToken;
      const headers = { ...this.#headers, ...once, ...call.headers };
      if (call.isAuthorized !== false) Object.assign(headers, this.credentials.headers(access));
      const stop = new AbortController();
      const timer = setTimeout(() => {
        stop.abort(new Error(`no answer within ${this.#options.timeout} ms`));
      }, this.#options.timeout);
      let wait: number;
      try {
        const request = { ...bodyOf(call, headers), signal: stop.signal };
        const response = await answered(this.#fetch(this.#url(call), request));
        if (response.ok || tries.wasHeeded(response)) return await read(response);
        const refusal = await refusalOf(response);
        if (tries.mayRenew(response) && (await this.#renew(access))) continue;
        wait = tries.afterARefusal(response, refusal);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        wait = tries.afterALostAnswer(error);
      } finally {
        clearTimeout(timer);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  #url(call: Call): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.params ?? {})) {
      if (value !== undefined && value !== null) query.append(name, String(value));
    }
    const asked = query.toString();
    return `${this.#base}${call.path}${asked ? `?${asked}` : ''}`;
  }

  async #renew(refused: string | undefined): Promise<boolean> {
    return this.fetchTokens !== undefined && this.credentials.renew(refused, this.fetchTokens);
  }
}
