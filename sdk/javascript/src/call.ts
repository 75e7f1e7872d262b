/** One request, before it is sent. */

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

export function bodyOf(call: Call, headers: Record<string, string>): RequestInit {
  const request: RequestInit = { method: call.method, headers, redirect: 'manual' };
  if (call.form !== undefined) request.body = call.form;
  if (call.json !== undefined) {
    request.body = JSON.stringify(call.json);
    request.headers = { ...headers, 'Content-Type': 'application/json' };
  }
  return request;
}

/** 128 random bits; `randomUUID` is there on secure pages only. */
export function newKey(): string {
  const bits = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bits, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
