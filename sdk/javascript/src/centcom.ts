/** A client for the Centcom API, with types, retries and typed errors. */

import { Download, queryParams, pathSegment } from './resource.js';
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

export interface ListedAttachment extends Attachment {
  uploader: Person | null;
}

export interface StatusChange {
  old_status: Status | null;
  new_status: Status;
  created_at: string;
}

/** A ticket with its comments, files and history. */
export interface TicketDetails extends ListedTicket {
  plugin_name: string | null;
  centcom_version: string | null;
  steps_to_reproduce: string | null;
  expected_behavior: string | null;
  actual_behavior: string | null;
  reproduction_rate: ReproductionRate | null;
  environment_info: Record<string, unknown> | null;
  admin_feedback: string | null;
  resolved_at: string | null;
  submitted_by: Person;
  comments: Comment[];
  attachments: ListedAttachment[];
  status_history: StatusChange[];
}

export type SortField = 'created_at' | 'updated_at' | 'priority' | 'status';

/** Which tickets to list, and in which order. All but the first two are additions to the guide. */
export interface TicketFilters {
  status?: Status;
  ticket_type?: TicketType;
  priority?: Priority;
  /** Words to search for in the tickets and their comments. */
  search?: string;
  /** The first moment or day (ISO 8601). */
  created_after?: string;
  /** The moment or day to end before (ISO 8601). */
  created_before?: string;
  /** A minus sorts in descending order; the default is `-created_at`. */
  ordering?: SortField | `-${SortField}`;
  limit?: number;
  offset?: number;
}

/** How many tickets one has in each status, and how many more one may submit. */
export interface TicketSummary {
  counts: Record<Status, number>;
  /** Null if submissions are not limited. */
  submissions: { limit: number; remaining: number; resets_at: string } | null;
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

  /** Create a ticket. With the `idempotencyKey` of an earlier call it is not created again. */
  async submitTicket(
    ticket: NewTicket,
    options: { idempotencyKey?: string } = {},
  ): Promise<Success & { ticket: CreatedTicket; message: string }> {
    const key = options.idempotencyKey;
    return this.#post('', ticket, key === undefined ? {} : { 'Idempotency-Key': key });
  }

  /** Return the user's own tickets, newest first. */
  async getMyTickets(
    filters: TicketFilters = {},
  ): Promise<
    Success & {
      tickets: ListedTicket[];
      pagination: { limit: number; offset: number; has_more: boolean };
    }
  > {
    return this.#get('', filters);
  }

  /** Return how many tickets the user has in each status, and how many more they may submit. */
  async getSummary(): Promise<Success & TicketSummary> {
    return this.#get('/summary');
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
  ): Promise<Success & { attachments: ListedAttachment[] }> {
    return this.#get(`/${pathSegment(ticketId)}/attachments`);
  }

  /** Download a file. */
  async downloadAttachment(attachmentId: string): Promise<Download> {
    const path = `/attachments/${pathSegment(attachmentId)}/download`;
    return new Download(
      await this.#transport.stream({ method: 'GET', path, headers: { Accept: '*/*' } }),
    );
  }

  async #get<T>(path: string, params: object = {}): Promise<T> {
    return (await this.#transport.json({ method: 'GET', path, params: queryParams(params) })) as T;
  }

  async #post<T>(path: string, json: object, headers: Record<string, string> = {}): Promise<T> {
    return (await this.#transport.json({ method: 'POST', path, json, headers })) as T;
  }
}
