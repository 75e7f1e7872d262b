/** Reports and Analytics. */

import type { Dashboard, Performance } from './figures.js';
import type { Moment } from './models.js';
import { type Download, query, Resource } from './resource.js';

/** Figures, and tickets by the file. */
export class Reports extends Resource {
  /** Dashboard Metrics of a period such as "7d". */
  async dashboard(
    options: { period?: string; department_id?: number } = {},
  ): Promise<Dashboard> {
    return this.one({ method: 'GET', path: '/reports/dashboard', params: query(options) });
  }

  /** How agents and teams did; both days, such as "2023-11-01", are included. */
  async performance(
    days: { start_date?: string; end_date?: string } = {},
  ): Promise<Performance> {
    const params = query({ ...days, format: 'json' });
    return this.one({ method: 'GET', path: '/reports/performance', params });
  }

  /** The same as a file. */
  async performanceFile(options: {
    start_date?: string;
    end_date?: string;
    format: 'csv' | 'xlsx';
  }): Promise<Download> {
    return this.file({ method: 'GET', path: '/reports/performance', params: query(options) });
  }

  /** Every ticket that the filters let through, as it comes in. */
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
