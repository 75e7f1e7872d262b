/** Requests with their credentials, retries and refusals; the resources say what to ask. */

import {
  AuthenticationRequired,
  ConnectionFailed,
  kindOf,
  type TicketSystemError,
  UnexpectedAnswer,
} from './errors.js';

export type Param = string | number | boolean | null | undefined;

/** One request. `repeatable`: it may be sent again although the first may have been heeded. */
export interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  params?: Record<string, Param>;
  json?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
  isAuthorized?: boolean;
  repeatable?: boolean;
}

export interface Options {
  /** Milliseconds until an answer must have begun; for JSON, until it must be whole. */
  timeout?: number;
  /** How often a request is tried again. */
  retries?: number;
  /** Milliseconds before the first of these; each pause is twice the one before. */
  firstWait?: number;
  /** Milliseconds no pause is longer than; if the server asks for more, its refusal is thrown. */
  longestWait?: number;
  /** What is called instead of the global `fetch`. */
  fetch?: typeof fetch;
}

/** What a server answers before it has done anything. */
const NEVER_ACTED_ON = new Set([429, 503]);
const PASSING = new Set([...NEVER_ACTED_ON, 502, 504]);
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

export interface Tokens {
  access: string;
  refresh: string;
}

/** A token without the blanks around it. Throws `TypeError` for what no header can hold. */
function tokenOf(told: string | undefined): string | undefined {
  const token = told?.trim();
  if (token && !/^[!-~]+$/.test(token)) {
    throw new TypeError('a token or API key has letters, digits and signs of ASCII only');
  }
  return token || undefined;
}

/** Who is asking: an API key, or an access token with what renews it. */
export class Credentials {
  readonly #apiKey: string | undefined;
  #access: string | undefined;
  #refresh: string | undefined;
  #renewing: Promise<boolean> | undefined;

  constructor(apiKey?: string) {
    this.#apiKey = tokenOf(apiKey);
  }

  use(accessToken: string | undefined, refreshToken?: string): void {
    const access = tokenOf(accessToken);
    const refresh = tokenOf(refreshToken);
    if (refresh === undefined && access === this.#access) return;
    this.#access = access;
    this.#refresh = refresh;
  }

  get accessToken(): string | undefined {
    return this.#access;
  }

  get refreshToken(): string | undefined {
    return this.#refresh;
  }

  headers(access: string | undefined): Record<string, string> {
    if (access !== undefined) return { Authorization: `Bearer ${access}` };
    return this.#apiKey ? { 'X-API-Key': this.#apiKey } : {};
  }

  /**
   * Have another access token than the refused one; whether there is one now.
   *
   * A refresh token works once, and a second use ends the sign-in: so one request fetches while the
   * others wait for what it gets, and one that may have been spent is not sent again.
   */
  async renew(
    refused: string | undefined,
    fetchTokens: (refresh: string) => Promise<Tokens>,
  ): Promise<boolean> {
    if (refused === undefined) return false;
    if (refused !== this.#access) return this.#access !== undefined;
    this.#renewing ??= this.#fetch(fetchTokens).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #fetch(fetchTokens: (refresh: string) => Promise<Tokens>): Promise<boolean> {
    const refresh = this.#refresh;
    if (refresh === undefined) return false;
    try {
      const tokens = await fetchTokens(refresh);
      this.#access = tokens.access;
      this.#refresh = tokens.refresh;
      return true;
    } catch (error) {
      if (error instanceof AuthenticationRequired) {
        this.#refresh = undefined;
        return false;
      }
      if (error instanceof ConnectionFailed && error.wasSent) this.#refresh = undefined;
      throw error;
    }
  }
}

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

/** What was tried for one call so far, and whether it is worth another try. */
class Tries {
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
    if (wait === undefined || (lost.wasSent && this.#call.repeatable === false)) {
      throw new ConnectionFailed(`${this.#call.method} ${this.#call.path} got no answer`, {
        cause: lost.cause,
        wasSent: lost.wasSent,
      });
    }
    this.#mayHaveBeenHeeded ||= lost.wasSent;
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

/** That an answer did not come, or not whole. */
class Lost extends Error {
  readonly wasSent: boolean;

  constructor(cause: unknown) {
    super('lost', { cause });
    const inner = (cause as { cause?: { code?: unknown } } | null)?.cause?.code;
    this.wasSent = !NEVER_SENT.has(String(inner));
  }
}

async function answered<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw new Lost(error);
  }
}

async function whole(response: Response): Promise<string> {
  return answered(response.text());
}

function bodyOf(call: Call, headers: Record<string, string>): RequestInit {
  const request: RequestInit = { method: call.method, headers, redirect: 'manual' };
  if (call.form !== undefined) request.body = call.form;
  if (call.json !== undefined) {
    request.body = JSON.stringify(call.json);
    request.headers = { ...headers, 'Content-Type': 'application/json' };
  }
  return request;
}

/** 128 random bits; `randomUUID` is there on secure pages only. */
function newKey(): string {
  const bits = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bits, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function objectIn(text: string, status: number): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!isObject(body)) {
    throw new UnexpectedAnswer(`HTTP ${status}: not an answer of the ticket system`, { status });
  }
  return body;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The seconds an answer asks to wait, written as a number or as a date. */
function retryAfter(response: Response): number | undefined {
  const told = response.headers.get('Retry-After')?.trim();
  if (!told) return undefined;
  if (/^\d+$/.test(told)) return Number(told);
  const moment = Date.parse(told);
  return Number.isNaN(moment) ? undefined : Math.max(0, (moment - Date.now()) / 1000);
}

/** What an answer says: Error Response, or Centcom's `{"success": false, "error"}`. */
async function refusalOf(response: Response): Promise<TicketSystemError> {
  const { status } = response;
  const wait = retryAfter(response);
  const told = {
    status,
    requestId: response.headers.get('X-Request-ID') ?? '',
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
  let body: Record<string, unknown>;
  try {
    body = objectIn(await whole(response), status);
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer)) throw error;
    const Kind = status >= 400 ? kindOf(status, '') : UnexpectedAnswer;
    return new Kind(error.message, told);
  }
  const error = isObject(body['error']) ? body['error'] : { message: body['error'] };
  const code = String(error['code'] ?? '');
  const details = error['details'] ?? body['details'];
  const Kind = kindOf(status, code);
  return new Kind(String(error['message'] ?? body['detail'] ?? `HTTP ${status}`), {
    ...told,
    code,
    ...(isObject(details) ? { details } : {}),
    requestId: String(body['request_id'] ?? told.requestId),
  });
}
