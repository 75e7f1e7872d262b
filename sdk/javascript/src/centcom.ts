/** A client for the Centcom API, with types, retries and typed errors. */

import { queryParams, pathSegment } from './resource.js';
import type { Options } from './call.js';
import { Credentials } from './credentials.js';
import { Transport } from './transport.js';

export type TicketType = 'bug' | 'feature_request' | 'improvement' | 'support' | 'other';
export type Priority = 'critical' | 'high' | 'medium' | 'low';
export type Severity = 'critical' | 'major' | 'minor' | 'cosmetic';
export type ReproductionRate = 'always' | 'sometimes' | 'rarely' | 'once';
export type AttachmentType = 'screenshot' | 'video' | 'log_file' | 'document' | 'other';
/** How a text is displayed: as written, or rendered as Markdown. */
export type TextFormat = 'plain' | 'markdown';
export type Status =
  | 'open'
  | 'in_progress'
  | 'pending_user'
  | 'resolved'
  | 'closed'
  | 'duplicate'
  | 'wont_fix';

export interface NewTicket {
  title: string;
  description: string;
  /** The format of the texts; the default is `markdown`. */
  format?: TextFormat;
  ticket_type: TicketType;
  application_section: string;
  priority?: Priority;
  severity?: Severity;
  plugin_name?: string;
  centcom_version?: string;
  steps_to_reproduce?: string;
  expected_behavior?: string;
  actual_behavior?: string;
  reproduction_rate?: ReproductionRate;
  environment_info?: Record<string, unknown>;
  tags?: string[];
}

export interface Person {
  id: string;
  username: string;
  full_name: string;
}

/** A ticket as returned when it is created. */
export interface CreatedTicket {
  id: string;
  ticket_key: string;
  title: string;
  status: Status;
  priority: Priority;
  ticket_type: TicketType;
  created_at: string;
  updated_at: string;
}

/** A ticket in a list. */
export interface ListedTicket extends CreatedTicket {
  description: string;
  severity: Severity;
  application_section: string;
  assigned_admin: Person | null;
  comments_count: [{ count: number }];
  attachments_count: [{ count: number }];
  tags: string[];
}

export interface Comment {
  id: string;
  content: string;
  author_name: string;
  author_type: 'user' | 'admin';
  created_at: string;
}

/** A file in a ticket's details. */
export interface AttachmentSummary {
  id: string;
  filename: string;
  attachment_type: AttachmentType;
  file_size: number;
  uploaded_at: string;
}

export interface Attachment extends AttachmentSummary {
  original_filename: string;
  mime_type: string;
  description: string | null;
  is_public: boolean;
  scan_status: string;
}

/** A ticket with its comments, files and history. */
export interface TicketDetails extends CreatedTicket {
  description: string;
  comments: Comment[];
  attachments: AttachmentSummary[];
  status_history: { old_status: Status | null; new_status: Status; created_at: string }[];
  [further: string]: unknown;
}

interface Success {
  success: true;
}

export interface CentcomOptions extends Options {
  /** The version of Centcom that makes the calls. */
  centcomVersion?: string;
}

/** The tickets of one Centcom user; each method returns the response that the document shows. */
export class CentcomTickets {
  readonly #transport: Transport;

  constructor(baseURL: string, accessToken: string, options: CentcomOptions = {}) {
    const credentials = new Credentials();
    credentials.use(accessToken);
    this.#transport = new Transport(
      `${baseURL.replace(/\/+$/, '')}/api/tickets`,
      credentials,
      options,
      { 'X-Client-App': 'CentCom', 'X-Client-Version': options.centcomVersion ?? '2.1.4' },
    );
  }

  /** Create a ticket. */
  async submitTicket(
    ticket: NewTicket,
  ): Promise<Success & { ticket: CreatedTicket; message: string }> {
    return this.#post('', ticket);
  }

  /** Return the user's own tickets, newest first. */
  async getMyTickets(
    filters: { status?: Status; ticket_type?: TicketType; limit?: number; offset?: number } = {},
  ): Promise<
    Success & {
      tickets: ListedTicket[];
      pagination: { limit: number; offset: number; has_more: boolean };
    }
  > {
    return this.#get('', filters);
  }

  /** A ticket with its comments, files and history. */
  async getTicketDetails(ticketId: string): Promise<Success & { ticket: TicketDetails }> {
    return this.#get(`/${pathSegment(ticketId)}`);
  }

  /** Add a comment to a ticket. */
  async addComment(
    ticketId: string,
    content: string,
    options: { format?: TextFormat } = {},
  ): Promise<Success & { comment: Comment; message: string }> {
    return this.#post(`/${pathSegment(ticketId)}/comments`, { content, ...options });
  }

  /** Return a ticket's comments. */
  async getComments(ticketId: string): Promise<Success & { comments: Comment[] }> {
    return this.#get(`/${pathSegment(ticketId)}/comments`);
  }

  /** Upload a file. */
  async uploadAttachment(
    ticketId: string,
    file: File,
    options: { description?: string; attachment_type?: AttachmentType; is_public?: boolean } = {},
  ): Promise<Success & { attachment: Attachment; message: string }> {
    const form = new FormData();
    form.append('file', file);
    if (options.description) form.append('description', options.description);
    form.append('attachment_type', options.attachment_type ?? 'other');
    form.append('is_public', String(options.is_public ?? false));
    const path = `/${pathSegment(ticketId)}/attachments`;
    return (await this.#transport.json({ method: 'POST', path, form })) as never;
  }

  /** Return a ticket's files. */
  async getAttachments(
    ticketId: string,
  ): Promise<Success & { attachments: (Attachment & { uploader: Person | null })[] }> {
    return this.#get(`/${pathSegment(ticketId)}/attachments`);
  }

  async #get<T>(path: string, params: object = {}): Promise<T> {
    return (await this.#transport.json({ method: 'GET', path, params: queryParams(params) })) as T;
  }

  async #post<T>(path: string, json: object): Promise<T> {
    return (await this.#transport.json({ method: 'POST', path, json })) as T;
  }
}
