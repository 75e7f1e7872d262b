/** Reports and Analytics. */

import type { Dashboard, Performance } from './reportModels.js';
import type { Moment } from './models.js';
import { type Download, queryParams, Resource } from './resource.js';

/** Dashboards, performance reports and exports. */
export class Reports extends Resource {
  /** Return the Dashboard Metrics of a period such as "7d". Throws `PermissionDenied`. */
  async dashboard(
    options: { period?: string; department_id?: number } = {},
  ): Promise<Dashboard> {
    return this.one({ method: 'GET', path: '/reports/dashboard', params: queryParams(options) });
  }

  /**
   * Return the performance of agents and teams; both days, such as "2023-11-01", are included.
   *
   * Throws `PermissionDenied`.
   */
  async performance(
    days: { start_date?: string; end_date?: string } = {},
  ): Promise<Performance> {
    const params = queryParams({ ...days, format: 'json' });
    return this.one({ method: 'GET', path: '/reports/performance', params });
  }

  /** Return the performance report as a file. Throws `PermissionDenied`. */
  async performanceFile(options: {
    start_date?: string;
    end_date?: string;
    format: 'csv' | 'xlsx';
  }): Promise<Download> {
    return this.file({ method: 'GET', path: '/reports/performance', params: queryParams(options) });
  }

  /** Stream the tickets that match the filters. Throws `PermissionDenied`, `ValidationError`. */
  async export(
    options: {
      type?: string;
      format?: 'csv' | 'json' | 'xlsx';
      filters?: Record<string, string | number | Moment | (string | number)[]>;
    } = {},
  ): Promise<Download> {
    const { type = 'tickets', format = 'csv', filters = {} } = options;
    const params = { type, format, filters: JSON.stringify(filters) };
    return this.file({ method: 'GET', path: '/reports/export', params });
  }
}
