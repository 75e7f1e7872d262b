/** Webhook Integration. */

import type { Delivery, NewWebhook, Webhook, WebhookEventName, WholeDelivery } from './events.js';
import type { Moment } from './models.js';
import type { Page } from './page.js';
import { query, Resource, segment } from './resource.js';
import { verify } from './signatures.js';

/** Subscriptions, and what was delivered. An id may be the number or "wh_...". */
export class Webhooks extends Resource {
  /** The event of a webhook's request, if it is genuine; needs no client (`verifyWebhook`). */
  readonly verify = verify;

  /** Subscribe; without a secret one is made, which `secret` tells this once. */
  async create(webhook: NewWebhook): Promise<Webhook> {
    return this.one({ method: 'POST', path: '/webhooks', json: webhook });
  }

  /** A page of the subscriptions. */
  async list(options: { page?: number; size?: number } = {}): Promise<Page<Webhook>> {
    return this.page({ method: 'GET', path: '/webhooks', params: query(options) });
  }

  /** One subscription. */
  async get(id: number | string): Promise<Webhook> {
    return this.one({ method: 'GET', path: `/webhooks/${segment(id)}` });
  }

  /** Change a subscription. */
  async update(
    id: number | string,
    changes: { url?: string; events?: WebhookEventName[]; active?: boolean },
  ): Promise<Webhook> {
    return this.one({ method: 'PATCH', path: `/webhooks/${segment(id)}`, json: changes });
  }

  /** End a subscription. */
  async delete(id: number | string): Promise<void> {
    await this.nothing({ method: 'DELETE', path: `/webhooks/${segment(id)}` });
  }

  /** Have a new secret, told this once; for a day both sign. */
  async rotateSecret(id: number | string, secret?: string): Promise<Webhook> {
    const path = `/webhooks/${segment(id)}/rotate-secret`;
    return this.one({ method: 'POST', path, json: { secret } });
  }

  /** Have a test event sent. */
  async test(id: number | string): Promise<WholeDelivery> {
    return this.one({ method: 'POST', path: `/webhooks/${segment(id)}/test` });
  }

  /** A page of what was sent to a webhook, the newest first. */
  async deliveries(
    id: number | string,
    filters: { state?: string; event?: WebhookEventName; page?: number; size?: number } = {},
  ): Promise<Page<Delivery>> {
    const path = `/webhooks/${segment(id)}/deliveries`;
    return this.page({ method: 'GET', path, params: query(filters) });
  }

  /** One message, with what was sent, what came back, and each try. */
  async delivery(id: number | string, deliveryId: number | string): Promise<WholeDelivery> {
    const path = `/webhooks/${segment(id)}/deliveries/${segment(deliveryId)}`;
    return this.one({ method: 'GET', path });
  }

  /** Have one delivery sent again. */
  async replay(id: number | string, deliveryId: number | string): Promise<WholeDelivery> {
    const path = `/webhooks/${segment(id)}/deliveries/${segment(deliveryId)}/replay`;
    return this.one({ method: 'POST', path });
  }

  /** Have the deliveries of a time sent again: those that failed, unless told otherwise. */
  async replaySince(
    id: number | string,
    span: { since: Moment; until?: Moment; state?: string },
  ): Promise<{ replayed: number; has_more: boolean }> {
    return this.one({ method: 'POST', path: `/webhooks/${segment(id)}/replay`, json: span });
  }
}
