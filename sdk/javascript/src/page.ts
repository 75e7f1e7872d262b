/** A page of a list. */

import { UnexpectedResponse } from './errors.js';
import type { Call } from './call.js';
import type { Transport } from './transport.js';

/** A page of a list; `all()` iterates over this page and all that follow. */
export class Page<T extends { id: number }> implements Iterable<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly page: number;
  readonly size: number;
  readonly pages: number;
  readonly #fetchPage: (page: number) => Promise<Page<T>>;

  constructor(data: unknown, fetchPage: (page: number) => Promise<Page<T>>) {
    const list = data as { items?: T[]; pagination?: Page<T> } & Page<T>;
    if (!Array.isArray(list?.items)) throw new UnexpectedResponse('the response is not a list');
    const { total, page, size, pages } = list.pagination ?? list;
    this.items = list.items;
    this.total = total;
    this.page = page;
    this.size = size;
    this.pages = pages;
    this.#fetchPage = fetchPage;
  }

  /** Whether there is another page. */
  get hasNext(): boolean {
    return this.page < this.pages;
  }

  /** Whether this is not the first page. */
  get hasPrev(): boolean {
    return this.page > 1;
  }

  /** Fetch the next page; undefined after the last one. */
  async next(): Promise<Page<T> | undefined> {
    return this.hasNext ? this.#fetchPage(this.page + 1) : undefined;
  }

  /**
   * Yield the items of this page and of all that follow, fetched on demand.
   *
   * An item that moves to the next page in the meantime is yielded once.
   */
  async *all(): AsyncGenerator<T, void, undefined> {
    let previousIds = new Set<number>();
    for (let page: Page<T> | undefined = this; page; page = await page.next()) {
      for (const item of page.items) if (!previousIds.has(item.id)) yield item;
      previousIds = new Set(page.items.map((item) => item.id));
    }
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }
}

/** Fetch the page of a list that a call requests. Throws `TicketSystemError`. */
export async function fetchPage<T extends { id: number }>(
  transport: Transport,
  call: Call,
): Promise<Page<T>> {
  const fetchOther = (page: number): Promise<Page<T>> =>
    call.method === 'POST'
      ? fetchPage(transport, { ...call, json: { ...(call.json as object), page } })
      : fetchPage(transport, { ...call, params: { ...call.params, page } });
  return new Page<T>((await transport.json(call))['data'], fetchOther);
}
