/** The client, with a property for each group of endpoints. */

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
  /** The address of the ticket system, such as "https://desk.example". */
  baseURL: string;
  /** A personal API token; an access token from `auth.login` or `setToken` takes precedence. */
  apiKey?: string;
}

/**
 * A client for the Enterprise Ticket Management System's API.
 *
 * A request without a response, or with a temporary error, is sent again after growing pauses; a
 * POST carries an `Idempotency-Key`, so that it takes effect once.
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
   * Use this access token, and renew it if its refresh token is given.
   *
   * The access token of the last login keeps the refresh token that came with it.
   */
  setToken(accessToken: string | undefined, refreshToken?: string): void {
    this.#credentials.use(accessToken, refreshToken);
  }
}
