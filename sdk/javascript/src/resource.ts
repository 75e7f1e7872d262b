/** The base class of the client's resources, and the encoding of parameters. */

import { ConnectionFailed } from './errors.js';
import { fetchPage, type Page } from './page.js';
import type { Call, Param } from './call.js';
import type { Transport } from './transport.js';

/** A group of endpoints. */
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

  protected async send(call: Call): Promise<void> {
    await this.#transport.json(call);
  }

  protected async file(call: Call): Promise<Download> {
    const headers = { ...call.headers, Accept: '*/*' };
    return new Download(await this.#transport.stream({ ...call, headers }));
  }
}

/** A file that can be read once, as a stream or as a whole. */
export class Download {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
  }

  /** The name of the file; "" if the response names none. */
  get filename(): string {
    const header = this.#response.headers.get('Content-Disposition') ?? '';
    const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
    return encoded ? decodeURIComponent(encoded) : (/filename="([^"]*)"/.exec(header)?.[1] ?? '');
  }

  /** The MIME type of the file. */
  get contentType(): string {
    return this.#response.headers.get('Content-Type') ?? '';
  }

  /** The content as a stream; reading fails if the download is interrupted. */
  get stream(): ReadableStream<Uint8Array> {
    return this.#response.body ?? new Blob().stream();
  }

  /** Return the whole content. Throws `ConnectionFailed` if the download is interrupted. */
  async blob(): Promise<Blob> {
    return readCompletely(this.#response.blob());
  }

  /** Return the whole content as text. Throws `ConnectionFailed` if it is interrupted. */
  async text(): Promise<string> {
    return readCompletely(this.#response.text());
  }
}

async function readCompletely<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new ConnectionFailed('the response was interrupted', { cause, wasSent: true });
  }
}

/** Return an id, escaped as one segment of a path. */
export function pathSegment(id: number | string): string {
  return encodeURIComponent(String(id));
}

/** Return values as query parameters: lists separated by commas, dates as ISO 8601. */
export function queryParams(values: object): Record<string, Param> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => {
      if (Array.isArray(value)) return [name, value.join(',')];
      if (value instanceof Date) return [name, value.toISOString()];
      return [name, value as Param];
    }),
  );
}
