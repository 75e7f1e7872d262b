/** The numbers of the tickets that a person opened last in this browser. Titles are not stored: the
 * server sends those of the tickets that the person may still see. */

const MAX_RECENT = 8;
const TICKET_PATH = /^\/(?:desk|portal)\/tickets\/([^/]+)\/?$/;

const keyOf = (account: string): string => `palette.recent.${account}`;

export const ticketOf = (path: string): string => decodeURIComponent(TICKET_PATH.exec(path)?.[1] ?? "");

export function recentTickets(account: string): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(account)) ?? "[]");
    return Array.isArray(stored) ? stored.filter((one) => typeof one === "string").slice(0, MAX_RECENT) : [];
  } catch { return []; }
}

export function rememberTicket(account: string, ticket: string): void {
  if (!account || !ticket) return;
  const recent = [ticket, ...recentTickets(account).filter((one) => one !== ticket)].slice(0, MAX_RECENT);
  try { localStorage.setItem(keyOf(account), JSON.stringify(recent)); } catch { /* private mode */ }
}
