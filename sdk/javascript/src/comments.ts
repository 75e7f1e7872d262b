/** Comments. */

import type { Comment, CommentChanges, NewComment } from './models.js';
import type { Page } from './page.js';
import { queryParams, Resource, pathSegment } from './resource.js';

/** The comments of tickets. */
export class Comments extends Resource {
  /** Add a comment to a ticket. Throws `PermissionDenied`, `NotFound`. */
  async create(ticketId: number | string, comment: NewComment): Promise<Comment> {
    const path = `/comments/ticket/${pathSegment(ticketId)}`;
    return this.one({ method: 'POST', path, json: comment });
  }

  /** Return a page of a ticket's comments. Throws `NotFound`. */
  async list(
    ticketId: number | string,
    options: { page?: number; size?: number; include_internal?: boolean } = {},
  ): Promise<Page<Comment>> {
    const path = `/comments/ticket/${pathSegment(ticketId)}`;
    return this.page({ method: 'GET', path, params: queryParams(options) });
  }

  /** Change a comment's content, its format, or both. Throws `PermissionDenied`, `NotFound`. */
  async update(id: number, changes: CommentChanges): Promise<Comment> {
    return this.one({ method: 'PATCH', path: `/comments/${pathSegment(id)}`, json: changes });
  }

  /** Delete a comment. Throws `PermissionDenied`, `NotFound`. */
  async delete(id: number): Promise<void> {
    await this.send({ method: 'DELETE', path: `/comments/${pathSegment(id)}` });
  }
}
