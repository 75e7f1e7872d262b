/** Comments. */

import type { Comment, CommentChanges, NewComment } from './models.js';
import type { Page } from './page.js';
import { query, Resource, segment } from './resource.js';

/** What is said on tickets. */
export class Comments extends Resource {
  /** Say something on a ticket. */
  async create(ticketId: number | string, comment: NewComment): Promise<Comment> {
    const path = `/comments/ticket/${segment(ticketId)}`;
    return this.one({ method: 'POST', path, json: comment });
  }

  /** A page of a ticket's comments. */
  async list(
    ticketId: number | string,
    options: { page?: number; size?: number; include_internal?: boolean } = {},
  ): Promise<Page<Comment>> {
    const path = `/comments/ticket/${segment(ticketId)}`;
    return this.page({ method: 'GET', path, params: query(options) });
  }

  /** Change a comment's content, its format, or both. */
  async update(id: number, changes: CommentChanges): Promise<Comment> {
    return this.one({ method: 'PATCH', path: `/comments/${segment(id)}`, json: changes });
  }

  /** Take a comment away. */
  async delete(id: number): Promise<void> {
    await this.nothing({ method: 'DELETE', path: `/comments/${segment(id)}` });
  }
}
