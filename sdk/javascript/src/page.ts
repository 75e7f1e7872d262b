/** A part of a list. */

import { UnexpectedAnswer } from './errors.js';
import type { Call } from './call.js';
import type { Transport } from './transport.js';

/** A page; `all()` goes on through the rest of the list. */
export class Page<T extends { id: number }> implements Iterable<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly page: number;
  readonly size: number;
  readonly pages: number;
  readonly #turn: (page: number) => Promise<Page<T>>;

  constructor(data: unknown, turn: (page: number) => Promise<Page<T>>) {
    const told = data as { items?: T[]; pagination?: Page<T> } & Page<T>;
    if (!Array.isArray(told?.items)) throw new UnexpectedAnswer('the answer is no list');
    const { total, page, size, pages } = told.pagination ?? told;
    this.items = told.items;
    this.total = total;
    this.page = page;
    this.size = size;
    this.pages = pages;
    this.#turn = turn;
  }

  get hasNext(): boolean {
    return this.page < this.pages;
  }

  get hasPrev(): boolean {
    return this.page > 1;
  }

  /** The next page, fetched now; undefined after the last. */
  async next(): Promise<Page<T> | undefined> {
    return this.hasNext ? this.#turn(this.page + 1) : undefined;
  }

  /**
   * Every item from here on; pages are fetched as they are reached.
   *
   * What slides onto the next page while one is read is not told twice.
   */
  async *all(): AsyncGenerator<T, void, undefined> {
    let told = new Set<number>();
    for (let page: Page<T> | undefined = this; page; page = await page.next()) {
      for (const item of page.items) if (!told.has(item.id)) yield item;
      told = new Set(page.items.map((item) => item.id));
    }
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }
}

/** The page a call asks for. Throws `TicketSystemError`. */
export async function fetchPage<T extends { id: number }>(
  transport: Transport,
  call: Call,
): Promise<Page<T>> {
  const turn = (page: number): Promise<Page<T>> =>
    call.method === 'POST'
      ? fetchPage(transport, { ...call, json: { ...(call.json as object), page } })
      : fetchPage(transport, { ...call, params: { ...call.params, page } });
  return new Page<T>((await transport.json(call))['data'], turn);
}
