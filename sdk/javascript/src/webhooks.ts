/** Webhook Integration. */

import type { Delivery, NewWebhook, Webhook, WebhookEventName, DeliveryDetails } from './events.js';
import type { Moment } from './models.js';
import type { Page } from './page.js';
import { queryParams, Resource, pathSegment } from './resource.js';
import { verify } from './signatures.js';

/**
 * Webhook subscriptions and deliveries. An id may be the numeric id or "wh_...".
 *
 * Every method throws `PermissionDenied` for callers who may not manage webhooks.
 */
export class Webhooks extends Resource {
  /** Return the event of a genuine webhook request; also exported as `verifyWebhook`. */
  readonly verify = verify;

  /**
   * Create a subscription. Without a secret, one is generated; only this response has it.
   *
   * Throws `ValidationError` if the URL is not allowed.
   */
  async create(webhook: NewWebhook): Promise<Webhook> {
    return this.one({ method: 'POST', path: '/webhooks', json: webhook });
  }

  /** Return a page of the subscriptions. */
  async list(options: { page?: number; size?: number } = {}): Promise<Page<Webhook>> {
    return this.page({ method: 'GET', path: '/webhooks', params: queryParams(options) });
  }

  /** Return a subscription. Throws `NotFound`. */
  async get(id: number | string): Promise<Webhook> {
    return this.one({ method: 'GET', path: `/webhooks/${pathSegment(id)}` });
  }

  /** Change a subscription. Throws `ValidationError`, `NotFound`. */
  async update(
    id: number | string,
    changes: { url?: string; events?: WebhookEventName[]; active?: boolean },
  ): Promise<Webhook> {
    return this.one({ method: 'PATCH', path: `/webhooks/${pathSegment(id)}`, json: changes });
  }

  /** Delete a subscription. Throws `NotFound`. */
  async delete(id: number | string): Promise<void> {
    await this.send({ method: 'DELETE', path: `/webhooks/${pathSegment(id)}` });
  }

  /** Replace the secret; both sign for a day. Only this response has it. Throws `NotFound`. */
  async rotateSecret(id: number | string, secret?: string): Promise<Webhook> {
    const path = `/webhooks/${pathSegment(id)}/rotate-secret`;
    return this.one({ method: 'POST', path, json: { secret } });
  }

  /** Send a test event. Throws `NotFound`. */
  async test(id: number | string): Promise<DeliveryDetails> {
    return this.one({ method: 'POST', path: `/webhooks/${pathSegment(id)}/test` });
  }

  /** Return a page of a webhook's deliveries, newest first. Throws `NotFound`. */
  async deliveries(
    id: number | string,
    filters: { state?: string; event?: WebhookEventName; page?: number; size?: number } = {},
  ): Promise<Page<Delivery>> {
    const path = `/webhooks/${pathSegment(id)}/deliveries`;
    return this.page({ method: 'GET', path, params: queryParams(filters) });
  }

  /** Return a delivery with its payload, response and attempts. Throws `NotFound`. */
  async delivery(id: number | string, deliveryId: number | string): Promise<DeliveryDetails> {
    const path = `/webhooks/${pathSegment(id)}/deliveries/${pathSegment(deliveryId)}`;
    return this.one({ method: 'GET', path });
  }

  /** Send a delivery again. Throws `NotFound`. */
  async replay(id: number | string, deliveryId: number | string): Promise<DeliveryDetails> {
    const path = `/webhooks/${pathSegment(id)}/deliveries/${pathSegment(deliveryId)}/replay`;
    return this.one({ method: 'POST', path });
  }

  /** Send the deliveries of a period again; by default those that failed. */
  async replaySince(
    id: number | string,
    period: { since: Moment; until?: Moment; state?: string },
  ): Promise<{ replayed: number; has_more: boolean }> {
    return this.one({ method: 'POST', path: `/webhooks/${pathSegment(id)}/replay`, json: period });
  }
}
