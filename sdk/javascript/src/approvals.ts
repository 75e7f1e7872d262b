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
import { queryParams, Resource, pathSegment } from './resource.js';

/** Approval requests and decisions. */
export class Approvals extends Resource {
  /** Return a page of the requests that wait for the caller's decision. */
  async pending(
    filters: {
      department_id?: number;
      priority?: Priority;
      page?: number;
      size?: number;
      /** Include requests that wait for others; admins only. */
      all?: boolean;
    } = {},
  ): Promise<Page<PendingApproval>> {
    return this.page({ method: 'GET', path: '/approvals/pending', params: queryParams(filters) });
  }

  /** Return a request with its steps. Throws `NotFound`. */
  async get(id: number): Promise<Approval> {
    return this.one({ method: 'GET', path: `/approvals/${pathSegment(id)}` });
  }

  /**
   * Approve, reject, delegate or ask for information.
   *
   * Throws `PermissionDenied`, `NotFound`, `BusinessRuleViolation` if it is decided already.
   */
  async act(id: number, decision: Decision): Promise<Approval> {
    return this.one({ method: 'POST', path: `/approvals/${pathSegment(id)}/action`, json: decision });
  }

  /** Apply one action to several requests; each has its own result. */
  async bulk(bulk: {
    approval_ids: number[];
    action: ApprovalAction;
    comments?: string;
    conditions?: string[];
  }): Promise<BulkResult> {
    return this.one({ method: 'POST', path: '/approvals/bulk-action', json: bulk });
  }

  /** Cancel a request. Throws `PermissionDenied`, `NotFound`, `BusinessRuleViolation`. */
  async cancel(id: number): Promise<Approval> {
    return this.one({ method: 'POST', path: `/approvals/${pathSegment(id)}/cancel` });
  }

  /** Return the approval requests of a ticket, newest first. Throws `NotFound`. */
  async ofTicket(ticketId: number | string): Promise<Approval[]> {
    return this.one({ method: 'GET', path: `/tickets/${pathSegment(ticketId)}/approvals` });
  }

  /**
   * Request approval of a ticket.
   *
   * Throws `PermissionDenied`, `NotFound`, `BusinessRuleViolation`.
   */
  async request(
    ticketId: number | string,
    body: { reason?: string; policy_id?: number; approver_ids?: number[] } = {},
  ): Promise<Approval> {
    const path = `/tickets/${pathSegment(ticketId)}/approvals`;
    return this.one({ method: 'POST', path, json: body });
  }
}
