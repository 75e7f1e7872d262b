/** What every part of the API shares. */

import { ConnectionFailed } from './errors.js';
import { fetchPage, type Page } from './page.js';
import type { Call, Param } from './call.js';
import type { Transport } from './transport.js';

/** One part of the API. */
export class Resource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  protected async one<T>(call: Call): Promise<T> {
    return (await this.#transport.json(call))['data'] as T;
  }

  protected async validated<T>(call: Call): Promise<T & { etag: string | null }> {
    const { body, etag } = await this.#transport.validated(call);
    return { ...(body['data'] as T), etag };
  }

  protected async page<T extends { id: number }>(call: Call): Promise<Page<T>> {
    return fetchPage<T>(this.#transport, call);
  }

  protected async nothing(call: Call): Promise<void> {
    await this.#transport.json(call);
  }

  protected async file(call: Call): Promise<Download> {
    const headers = { ...call.headers, Accept: '*/*' };
    return new Download(await this.#transport.stream({ ...call, headers }));
  }
}

/** A file on its way here: to be read once, as a stream or whole. */
export class Download {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
  }

  get filename(): string {
    const told = this.#response.headers.get('Content-Disposition') ?? '';
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(told)?.[1];
    return encoded ? decodeURIComponent(encoded) : (/filename="([^"]*)"/.exec(told)?.[1] ?? '');
  }

  get contentType(): string {
    return this.#response.headers.get('Content-Type') ?? '';
  }

  /** The bytes as they come in; fails if they break off. */
  get stream(): ReadableStream<Uint8Array> {
    return this.#response.body ?? new Blob().stream();
  }

  async blob(): Promise<Blob> {
    return unbroken(this.#response.blob());
  }

  async text(): Promise<string> {
    return unbroken(this.#response.text());
  }
}

async function unbroken<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new ConnectionFailed('the answer broke off', { cause, wasSent: true });
  }
}

/** An id as one part of a path, whatever is in it. */
export function segment(id: number | string): string {
  return encodeURIComponent(String(id));
}

/** What is given, as a query holds it: several words with commas between, moments as ISO 8601. */
export function query(given: object): Record<string, Param> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]: [string, unknown]) => {
      if (Array.isArray(value)) return [name, value.join(',')];
      if (value instanceof Date) return [name, value.toISOString()];
      return [name, value as Param];
    }),
  );
}
