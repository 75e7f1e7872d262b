/** Webhook subscriptions, deliveries and events. */

import type { Ticket } from './models.js';

export type WebhookEventName =
  | 'ticket.created'
  | 'ticket.updated'
  | 'ticket.status_changed'
  | 'ticket.assigned'
  | 'comment.added'
  | 'approval.requested'
  | 'approval.processed'
  | 'file.uploaded'
  | 'ticket.sla_warning'
  | 'ticket.sla_breached';

export interface NewWebhook {
  url: string;
  events: WebhookEventName[];
  secret?: string;
  active?: boolean;
}

/** A webhook subscription; `secret` is set only when it is created or rotated. */
export interface Webhook {
  id: number;
  webhook_id: string;
  url: string;
  events: WebhookEventName[];
  active: boolean;
  owner: { id: number; username: string };
  failures: number;
  failing_since: string | null;
  switched_off_reason: string | null;
  old_secret_valid_until: string | null;
  created_at: string;
  updated_at: string;
  secret?: string;
}

/** A delivery to a webhook. */
export interface Delivery {
  id: number;
  message_id: string;
  webhook_id: string;
  event: string;
  state: string;
  attempts: number;
  next_try_at: string | null;
  response_status: number | null;
  created_at: string;
  delivered_at: string | null;
}

/** A delivery with its payload, response and attempts. */
export interface DeliveryDetails extends Delivery {
  payload: WebhookEvent;
  response_body: string | null;
  tries: { at: string; status: number | null; error: string | null; milliseconds: number }[];
}

/** Webhook Payload, with a verified signature. */
export interface WebhookEvent {
  event: string;
  timestamp: string;
  data: { ticket?: Partial<Ticket>; [further: string]: unknown };
  webhook_id: string;
}
