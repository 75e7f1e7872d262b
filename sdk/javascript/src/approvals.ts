/** Approvals. */

import type {
  Approval,
  ApprovalAction,
  BulkResult,
  Decision,
  PendingApproval,
  Priority,
} from './models.js';
import type { Page } from './page.js';
import { query, Resource, segment } from './resource.js';

/** Who must agree, and the decisions. */
export class Approvals extends Resource {
  /** A page of what waits for the caller's decision. */
  async pending(
    filters: {
      department_id?: number;
      priority?: Priority;
      page?: number;
      size?: number;
      /** What waits for others, too; for admins. */
      all?: boolean;
    } = {},
  ): Promise<Page<PendingApproval>> {
    return this.page({ method: 'GET', path: '/approvals/pending', params: query(filters) });
  }

  /** One request with its steps. */
  async get(id: number): Promise<Approval> {
    return this.one({ method: 'GET', path: `/approvals/${segment(id)}` });
  }

  /** Decide, hand on, or ask for more. */
  async act(id: number, decision: Decision): Promise<Approval> {
    return this.one({ method: 'POST', path: `/approvals/${segment(id)}/action`, json: decision });
  }

  /** The same action on several requests, each with a result of its own. */
  async bulk(bulk: {
    approval_ids: number[];
    action: ApprovalAction;
    comments?: string;
    conditions?: string[];
  }): Promise<BulkResult> {
    return this.one({ method: 'POST', path: '/approvals/bulk-action', json: bulk });
  }

  /** Take a request back. */
  async cancel(id: number): Promise<Approval> {
    return this.one({ method: 'POST', path: `/approvals/${segment(id)}/cancel` });
  }

  /** The approvals of a ticket, the latest first. */
  async ofTicket(ticketId: number | string): Promise<Approval[]> {
    return this.one({ method: 'GET', path: `/tickets/${segment(ticketId)}/approvals` });
  }

  /** Ask for approval of a ticket. */
  async request(
    ticketId: number | string,
    asked: { reason?: string; policy_id?: number; approver_ids?: number[] } = {},
  ): Promise<Approval> {
    const path = `/tickets/${segment(ticketId)}/approvals`;
    return this.one({ method: 'POST', path, json: asked });
  }
}
