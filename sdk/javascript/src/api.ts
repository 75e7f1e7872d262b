/** The client: one object a desk, with a part for each chapter of the API. */

import { Approvals } from './approvals.js';
import { Attachments } from './attachments.js';
import { Auth } from './auth.js';
import { Comments } from './comments.js';
import { Reports } from './reports.js';
import { Tickets } from './tickets.js';
import type { Options } from './call.js';
import { Credentials } from './credentials.js';
import { Transport } from './transport.js';
import { Webhooks } from './webhooks.js';

export interface ClientOptions extends Options {
  /** Where the desk answers, such as "https://desk.example". */
  baseURL: string;
  /** A personal API token; an access token of `auth.login` or `setToken` comes before it. */
  apiKey?: string;
}

/**
 * The Enterprise Ticket Management System's API.
 *
 * A request that got no answer, or one that says "not now", is sent again with growing pauses; a
 * POST carries an `Idempotency-Key`, so that it has its effect once.
 */
export class TicketSystemAPI {
  readonly auth: Auth;
  readonly tickets: Tickets;
  readonly comments: Comments;
  readonly attachments: Attachments;
  readonly approvals: Approvals;
  readonly reports: Reports;
  readonly webhooks: Webhooks;
  readonly #credentials: Credentials;

  constructor(options: ClientOptions) {
    this.#credentials = new Credentials(options.apiKey);
    const transport = new Transport(options.baseURL, this.#credentials, options);
    this.auth = new Auth(transport);
    this.tickets = new Tickets(transport);
    this.comments = new Comments(transport);
    this.attachments = new Attachments(transport);
    this.approvals = new Approvals(transport);
    this.reports = new Reports(transport);
    this.webhooks = new Webhooks(transport);
  }

  /**
   * Ask as whom this access token stands for; with its refresh token, beyond its hour.
   *
   * The token of the last login keeps the refresh token that came with it.
   */
  setToken(accessToken: string | undefined, refreshToken?: string): void {
    this.#credentials.use(accessToken, refreshToken);
  }
}
