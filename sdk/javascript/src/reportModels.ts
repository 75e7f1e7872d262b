/** The responses of reports; null means that there is no data. */

/** Dashboard Metrics. */
export interface Dashboard {
  /** The period's tickets by status, and mean hours, percentages and ratings. */
  metrics: {
    total_tickets: number;
    open_tickets: number;
    in_progress_tickets: number;
    pending_approval_tickets: number;
    resolved_tickets: number;
    closed_tickets: number;
    avg_resolution_time: number | null;
    sla_compliance: number | null;
    customer_satisfaction: number | null;
  };
  /** Changes compared with the previous period of the same length, such as "+12%". */
  trends: {
    ticket_volume_trend: string | null;
    resolution_time_trend: string | null;
    satisfaction_trend: string | null;
  };
  top_categories: { name: string; count: number }[];
  period: { start: string; end: string };
  backlog: { total: number; unassigned: number; overdue: number };
  daily: { date: string; created: number; resolved: number }[];
}

/** Performance in a period: times in hours, rates in percent. */
export interface PerformanceMetrics {
  assigned: number;
  open_now: number;
  resolved: number;
  replies: number;
  avg_first_response_time: number | null;
  median_first_response_time: number | null;
  avg_resolution_time: number | null;
  median_resolution_time: number | null;
  reopened_rate: number | null;
  sla_compliance: number | null;
  customer_satisfaction: number | null;
  ratings: number;
}

/** Performance Reports. */
export interface Performance {
  period: { start_date: string; end_date: string };
  summary: PerformanceMetrics;
  agents: (PerformanceMetrics & { id: number; username: string; name: string; team: string | null })[];
  teams: (PerformanceMetrics & { id: number; name: string })[];
}
