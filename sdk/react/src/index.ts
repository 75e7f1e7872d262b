/** React components to submit tickets and to follow them. */

export { TicketSubmissionForm, type TicketSubmissionFormProps } from './form.js';
export { TicketList, type TicketListProps } from './list.js';
export { TicketDetail, type TicketDetailProps } from './detail.js';
export { TicketDashboardWidget, type TicketDashboardWidgetProps } from './widget.js';
export {
  TicketProvider,
  useTickets,
  type Section,
  type Theme,
  type TicketContext,
  type TicketProviderProps,
} from './provider.js';
export { Markdown, type MarkdownProps } from './markdown.js';
export { MarkdownEditor, type MarkdownEditorProps } from './editor.js';
export { usePolling, type Polled } from './polling.js';
export { DraftStore, type Draft } from './drafts.js';
export { detectEnvironment, type Environment } from './environment.js';
export { type GetAccessToken } from './requests.js';
export * from './client/index.js';
/** Where both APIs have a type of the same name, the components' is Centcom's. */
export type {
  Attachment,
  Comment,
  CreatedTicket,
  ListedTicket,
  NewTicket,
  Priority,
  Status,
  TicketDetails,
  TicketFilters,
  TicketSummary,
  TicketType,
} from './client/centcom.js';
