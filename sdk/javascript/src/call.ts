/** A request to the API, before it is sent. */

export type Param = string | number | boolean | null | undefined;

/** A request. A `repeatable` one may be sent again even if the first may have taken effect. */
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
  /** Milliseconds until the response must have begun; for JSON, until it must be complete. */
  timeout?: number;
  /** How often a request is sent again. */
  retries?: number;
  /** Milliseconds before the first retry; each pause is twice the one before. */
  firstWait?: number;
  /** The longest pause in milliseconds; if the server asks for more, its error is thrown. */
  maxWait?: number;
  /** Called instead of the global `fetch`. */
  fetch?: typeof fetch;
}

/** Return the `fetch` options of a call; redirects are not followed. */
export function requestInit(call: Call, headers: Record<string, string>): RequestInit {
  const request: RequestInit = { method: call.method, headers, redirect: 'manual' };
  if (call.form !== undefined) request.body = call.form;
  if (call.json !== undefined) {
    request.body = JSON.stringify(call.json);
    request.headers = { ...headers, 'Content-Type': 'application/json' };
  }
  return request;
}

/** Return 128 random bits in hex; `randomUUID` is available on secure pages only. */
export function idempotencyKey(): string {
  const bits = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bits, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
