/** Clients for the Enterprise Ticket Management System's API and for the Centcom API. */

export { type ClientOptions, TicketSystemAPI } from './api.js';
export type * as Centcom from './centcom.js';
export { type CentcomOptions, CentcomTickets } from './centcom.js';
export * from './errors.js';
export type * from './events.js';
export type * from './reportModels.js';
export type * from './models.js';
export { Page } from './page.js';
export { Download } from './resource.js';
export { verify as verifyWebhook } from './signatures.js';
