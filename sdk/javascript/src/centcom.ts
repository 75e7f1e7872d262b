/** The Centcom document's client, with types, retries and typed errors. */

import { query, segment } from './resource.js';
import type { Options } from './call.js';
import { Credentials } from './credentials.js';
import { Transport } from './transport.js';

export type TicketType = 'bug' | 'feature_request' | 'improvement' | 'support' | 'other';
export type Priority = 'critical' | 'high' | 'medium' | 'low';
export type Severity = 'critical' | 'major' | 'minor' | 'cosmetic';
export type ReproductionRate = 'always' | 'sometimes' | 'rarely' | 'once';
export type AttachmentType = 'screenshot' | 'video' | 'log_file' | 'document' | 'other';
/** How a text is shown: as written, or as Markdown. */
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
  /** That of its texts; `markdown` unless given. */
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

/** A ticket as its filing answers it. */
export interface FiledTicket {
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
export interface ListedTicket extends FiledTicket {
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

/** A file as a ticket's details name it. */
export interface BriefAttachment {
  id: string;
  filename: string;
  attachment_type: AttachmentType;
  file_size: number;
  uploaded_at: string;
}

export interface Attachment extends BriefAttachment {
  original_filename: string;
  mime_type: string;
  description: string | null;
  is_public: boolean;
  scan_status: string;
}

/** A ticket with all that belongs to it. */
export interface TicketDetails extends FiledTicket {
  description: string;
  comments: Comment[];
  attachments: BriefAttachment[];
  status_history: { old_status: Status | null; new_status: Status; created_at: string }[];
  [further: string]: unknown;
}

interface Answer {
  success: true;
}

export interface CentcomOptions extends Options {
  /** The version of Centcom that is calling. */
  centcomVersion?: string;
}

/** Tickets of one Centcom user; every method answers what the document shows. */
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

  /** File a ticket. */
  async submitTicket(
    ticket: NewTicket,
  ): Promise<Answer & { ticket: FiledTicket; message: string }> {
    return this.#post('', ticket);
  }

  /** The user's own tickets, the newest first. */
  async getMyTickets(
    filters: { status?: Status; ticket_type?: TicketType; limit?: number; offset?: number } = {},
  ): Promise<
    Answer & {
      tickets: ListedTicket[];
      pagination: { limit: number; offset: number; has_more: boolean };
    }
  > {
    return this.#get('', filters);
  }

  /** A ticket with its comments, files and history. */
  async getTicketDetails(ticketId: string): Promise<Answer & { ticket: TicketDetails }> {
    return this.#get(`/${segment(ticketId)}`);
  }

  /** Say something on a ticket. */
  async addComment(
    ticketId: string,
    content: string,
    options: { format?: TextFormat } = {},
  ): Promise<Answer & { comment: Comment; message: string }> {
    return this.#post(`/${segment(ticketId)}/comments`, { content, ...options });
  }

  /** A ticket's comments. */
  async getComments(ticketId: string): Promise<Answer & { comments: Comment[] }> {
    return this.#get(`/${segment(ticketId)}/comments`);
  }

  /** Send a file. */
  async uploadAttachment(
    ticketId: string,
    file: File,
    options: { description?: string; attachment_type?: AttachmentType; is_public?: boolean } = {},
  ): Promise<Answer & { attachment: Attachment; message: string }> {
    const form = new FormData();
    form.append('file', file);
    if (options.description) form.append('description', options.description);
    form.append('attachment_type', options.attachment_type ?? 'other');
    form.append('is_public', String(options.is_public ?? false));
    const path = `/${segment(ticketId)}/attachments`;
    return (await this.#transport.json({ method: 'POST', path, form })) as never;
  }

  /** A ticket's files. */
  async getAttachments(
    ticketId: string,
  ): Promise<Answer & { attachments: (Attachment & { uploader: Person | null })[] }> {
    return this.#get(`/${segment(ticketId)}/attachments`);
  }

  async #get<T>(path: string, params: object = {}): Promise<T> {
    return (await this.#transport.json({ method: 'GET', path, params: query(params) })) as T;
  }

  async #post<T>(path: string, json: object): Promise<T> {
    return (await this.#transport.json({ method: 'POST', path, json })) as T;
  }
}
