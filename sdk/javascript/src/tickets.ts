/** Tickets and ticket search. */

import type {
  NewTicket,
  Search,
  Ticket,
  TicketChanges,
  TicketDetails,
  TicketFilters,
} from './models.js';
import type { Page } from './page.js';
import { queryParams, Resource, pathSegment } from './resource.js';

/** Tickets. An id may be the numeric id or a reference such as "TKT-20231201-001". */
export class Tickets extends Resource {
  /** Create a ticket. Throws `ValidationError`, `PermissionDenied`. */
  async create(ticket: NewTicket): Promise<Ticket> {
    return this.one({ method: 'POST', path: '/tickets', json: ticket });
  }

  /** Return a ticket with its comments, files, approvals and activity. Throws `NotFound`. */
  async get(id: number | string): Promise<TicketDetails> {
    return this.validated({ method: 'GET', path: `/tickets/${pathSegment(id)}` });
  }

  /**
   * Return a page of the tickets that the caller may see; `.all()` iterates over every page.
   *
   * Throws `ValidationError`.
   */
  async list(filters: TicketFilters = {}): Promise<Page<Ticket>> {
    return this.page({ method: 'GET', path: '/tickets', params: queryParams(filters) });
  }

  /**
   * Search tickets (Advanced Search), best match first unless sorted.
   *
   * Throws `ValidationError`.
   */
  async search(search: Search): Promise<Page<Ticket>> {
    const json = { query: '', filters: {}, sort: [], page: 1, size: 20, ...search };
    return this.page({ method: 'POST', path: '/tickets/search', json });
  }

  /**
   * Change a ticket, with `ifMatch` only if it still has that `etag`.
   *
   * Throws `ValidationError`, `PermissionDenied`, `NotFound`, `BusinessRuleViolation`,
   * `VersionConflict`.
   */
  async update(
    id: number | string,
    changes: TicketChanges,
    options: { ifMatch?: string } = {},
  ): Promise<Ticket> {
    return this.one({
      method: 'PATCH',
      path: `/tickets/${pathSegment(id)}`,
      json: changes,
      headers: options.ifMatch === undefined ? {} : { 'If-Match': options.ifMatch },
      repeatable: options.ifMatch === undefined,
    });
  }

  /** Delete a ticket. Throws `PermissionDenied`, `NotFound`. */
  async delete(id: number | string): Promise<void> {
    await this.send({ method: 'DELETE', path: `/tickets/${pathSegment(id)}` });
  }

  /**
   * Merge a ticket into another one of the same requester, and return that one.
   *
   * Throws `PermissionDenied`, `NotFound`, `ValidationError` if the tickets cannot be merged.
   */
  async merge(id: number | string, options: { into: number | string }): Promise<Ticket> {
    const path = `/tickets/${pathSegment(id)}/merge`;
    return this.one({ method: 'POST', path, json: options });
  }

  /**
   * Undo the merge of a ticket, and return it as it was before.
   *
   * Throws `PermissionDenied`, `NotFound`, `BusinessRuleViolation` if it is too late.
   */
  async unmerge(id: number | string): Promise<Ticket> {
    return this.one({ method: 'POST', path: `/tickets/${pathSegment(id)}/unmerge` });
  }
}
