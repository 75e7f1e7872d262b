/** The requests and responses of the API; responses may have more fields. */

export type Status = 'open' | 'in_progress' | 'pending_approval' | 'resolved' | 'closed';
export type Priority = 'low' | 'medium' | 'high' | 'critical';
export type TicketType = 'incident' | 'request' | 'problem' | 'change';
export type SortField =
  | 'created_at'
  | 'updated_at'
  | 'priority'
  | 'status'
  | 'due_date'
  | 'ticket_number';
export type Order = 'asc' | 'desc';
/** How a text is displayed: as written, or rendered as Markdown. */
export type TextFormat = 'plain' | 'markdown';
/** A Date or its ISO 8601 text. */
export type Moment = Date | string;

/** A user; lists include the first four fields only. */
export interface User {
  id: number;
  username: string;
  first_name: string;
  last_name: string;
  email?: string;
  role?: string;
  department_id?: number | null;
  is_active?: boolean;
  last_login?: string | null;
  created_at?: string;
  preferences?: Record<string, unknown>;
  permissions?: string[];
}

/** The tokens and user of a sign-in. */
export interface Session {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  user: User;
}

/** Comment Model. */
export interface Comment {
  id: number;
  ticket_id: number;
  user_id: number | null;
  content: string;
  is_internal: boolean;
  mentions: number[];
  created_at: string;
  updated_at: string;
  edited: boolean;
  attachments: number[];
  user: User | null;
}

export interface NewComment {
  content: string;
  /** The format of the content; the default is `plain`. */
  format?: TextFormat;
  is_internal?: boolean;
  /** Such as "@john.doe". */
  mentions?: string[];
  /** The names or ids of files of the ticket. */
  attachments?: (string | number)[];
}

/** The changes of a comment; other fields keep their value. */
export interface CommentChanges {
  content?: string;
  format?: TextFormat;
}

/** A file of a ticket. */
export interface Attachment {
  id: number;
  filename: string;
  size: number;
  content_type: string;
  upload_url: string;
  virus_scan_status: string;
  ticket_id: number;
  comment_id: number | null;
  description: string | null;
  is_internal: boolean;
  uploaded_by: User;
  uploaded_at: string;
}

export interface NewAttachment {
  file: Blob;
  /** The name of the file; a File has its own. */
  filename?: string;
  description?: string;
  is_internal?: boolean;
}

/** Ticket Model. */
export interface Ticket {
  id: number;
  ticket_number: string;
  title: string;
  description: string;
  status: Status;
  priority: Priority;
  ticket_type: TicketType;
  created_by_id: number | null;
  assigned_to_id: number | null;
  department_id: number | null;
  tags: string[];
  created_at: string;
  updated_at: string;
  due_date: string | null;
  resolution_time: number | null;
  sla_breach_time: string | null;
  customer_satisfaction_rating: number | null;
  internal_notes: string | null;
  public_notes: string | null;
  created_by: User | null;
  assigned_to: User | null;
  department: { id: number; name: string } | null;
}

/** An entry of a ticket's activity timeline. */
export interface Activity {
  id: number;
  event: string;
  field: string | null;
  old_value: string | null;
  new_value: string | null;
  note: string | null;
  comment_id: number | null;
  attachment_id: number | null;
  is_internal: boolean;
  user_id: number | null;
  user: User | null;
  created_at: string;
}

/** A ticket with its comments, files and approvals. */
export interface TicketDetails extends Ticket {
  comments: Comment[];
  comments_total: number;
  attachments: Attachment[];
  awaited_attachments: string[];
  approval_status: string | null;
  approvals: Approval[];
  activity_timeline: Activity[];
  related_tickets: {
    id: number;
    ticket_number: string;
    title: string;
    status: Status;
    relation: string;
  }[];
  sla: Record<string, unknown> | null;
  /** Pass it as `ifMatch`. */
  etag: string | null;
}

export interface NewTicket {
  title: string;
  description: string;
  /** The format of the description; the default is `plain`. */
  format?: TextFormat;
  priority?: Priority;
  ticket_type?: TicketType;
  department_id?: number;
  assigned_to_id?: number;
  tags?: string[];
  due_date?: Moment;
  /** The names of files that will be uploaded, or the ids of uploaded files. */
  attachments?: (string | number)[];
}

/** The changes of a ticket; null clears an optional field. */
export interface TicketChanges {
  title?: string;
  description?: string;
  /** The format of the texts sent with it; without it each text keeps its format. */
  format?: TextFormat;
  status?: Status;
  priority?: Priority;
  ticket_type?: TicketType;
  department_id?: number | null;
  assigned_to_id?: number | null;
  tags?: string[];
  due_date?: Moment | null;
  internal_notes?: string | null;
  public_notes?: string | null;
  customer_satisfaction_rating?: number | null;
}

export interface TicketFilters {
  page?: number;
  size?: number;
  status?: Status;
  priority?: Priority;
  search?: string;
  created_by_id?: number;
  assigned_to_id?: number;
  department_id?: number;
  created_after?: Moment;
  tags?: string | string[];
  ticket_type?: TicketType;
  sort?: SortField;
  order?: Order;
}

export interface Search {
  query?: string;
  filters?: {
    status?: Status[];
    priority?: Priority[];
    ticket_type?: TicketType[];
    created_after?: Moment;
    created_before?: Moment;
    departments?: number[];
    tags?: string[];
    assigned_to?: number;
    created_by?: number;
  };
  /** `relevance` is how well a ticket matches the query. */
  sort?: { field: SortField | 'relevance'; order: Order }[];
  page?: number;
  size?: number;
}

export type ApprovalAction = 'approve' | 'reject' | 'delegate' | 'request_info';

/** The decision of one approver, or that it is pending. */
export interface ApproverDecision {
  approver: User;
  state: string;
  comments: string | null;
  conditions: string[];
  delegated_by: User | null;
  is_escalation: boolean;
  asked_at: string;
  decided_at: string | null;
}

/** A step of an approval request; only staff see its approvers. */
export interface Step {
  step: number;
  name: string;
  state: string;
  quorum: number | string;
  started_at: string | null;
  due_at: string | null;
  escalated_at: string | null;
  decided_at: string | null;
  asks: ApproverDecision[];
}

/** An approval request and its state. */
export interface Approval {
  id: number;
  ticket_id: number;
  state: string;
  policy: { id: number | null; name: string } | null;
  reason: string | null;
  requested_by: User;
  created_at: string;
  question: string | null;
  question_by: User | null;
  decided_at: string | null;
  decided_by: User | null;
  conditions: string[];
  rejected_because: string | null;
  steps: Step[];
}

/** A pending approval request with its ticket and current step. */
export interface PendingApproval {
  id: number;
  ticket_id: number;
  state: string;
  policy: { id: number | null; name: string } | null;
  reason: string | null;
  requested_by_id: number;
  requested_by: User;
  created_at: string;
  due_date: string | null;
  current_step: { step: number; name: string; due_at: string | null };
  ticket: Partial<Ticket> & { id: number; ticket_number: string; title: string };
}

export interface Decision {
  action: ApprovalAction;
  comments?: string;
  conditions?: string[];
  delegate_to_id?: number;
}

export interface BulkResult {
  results: {
    approval_id: number;
    success: boolean;
    state: string | null;
    error: { code: string; message: string } | null;
  }[];
  total: number;
  succeeded: number;
  failed: number;
}
