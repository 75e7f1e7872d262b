/** Tickets, and the search for them. */

import type {
  NewTicket,
  Search,
  Ticket,
  TicketChanges,
  TicketDetails,
  TicketFilters,
} from './models.js';
import type { Page } from './page.js';
import { query, Resource, segment } from './resource.js';

/** Tickets. An id may be the number or any printed form, such as "TKT-20231201-001". */
export class Tickets extends Resource {
  /** File a ticket. */
  async create(ticket: NewTicket): Promise<Ticket> {
    return this.one({ method: 'POST', path: '/tickets', json: ticket });
  }

  /** A ticket with its comments, files, approvals, activity. */
  async get(id: number | string): Promise<TicketDetails> {
    return this.validated({ method: 'GET', path: `/tickets/${segment(id)}` });
  }

  /** A page of the tickets the caller may see; `.all()` goes through every page. */
  async list(filters: TicketFilters = {}): Promise<Page<Ticket>> {
    return this.page({ method: 'GET', path: '/tickets', params: query(filters) });
  }

  /** Advanced Search: the best first, unless sorted. */
  async search(search: Search): Promise<Page<Ticket>> {
    const json = { query: '', filters: {}, sort: [], page: 1, size: 20, ...search };
    return this.page({ method: 'POST', path: '/tickets/search', json });
  }

  /** Change a ticket; `ifMatch` is the `etag` it must still have. */
  async update(
    id: number | string,
    changes: TicketChanges,
    options: { ifMatch?: string } = {},
  ): Promise<Ticket> {
    return this.one({
      method: 'PATCH',
      path: `/tickets/${segment(id)}`,
      json: changes,
      headers: options.ifMatch === undefined ? {} : { 'If-Match': options.ifMatch },
      repeatable: options.ifMatch === undefined,
    });
  }

  /** Delete a ticket. */
  async delete(id: number | string): Promise<void> {
    await this.nothing({ method: 'DELETE', path: `/tickets/${segment(id)}` });
  }
}
