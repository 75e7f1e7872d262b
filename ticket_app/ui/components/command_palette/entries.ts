/** What the palette lists: pages, the actions of the open page, and what the server finds. */
import { isUsable } from "../dom/fields.ts";
import { matchLabel, type Match } from "./matching.ts";

export interface Page { label: string; to: string; group?: string }
export interface Found { value: string; label: string; detail?: string }
export interface Answer { tickets: Found[]; people: Found[]; companies: Found[]; hints: string[]; suggestions: string[] }
export type Group = "recent" | "actions" | "pages" | "tickets" | "people" | "companies" | "search";

export interface Entry {
  id: string;
  group: Group;
  label: string;
  detail?: string;
  shortcut?: string;
  /** Where the entry leads; an action has none. */
  to?: string;
  run?: () => void;
  /** The text that the entry completes the query to. */
  completes?: string;
  at?: readonly number[];
}

export const NO_ANSWER: Answer = { tickets: [], people: [], companies: [], hints: [], suggestions: [] };
const MAX_IN_GROUP = 8;

/** Keys that only close or leave something are no commands. */
const NO_COMMANDS = new Set(["Escape"]);

function labelOf(element: HTMLElement): string {
  const name = element.getAttribute("aria-label") || element.title || element.textContent || element.getAttribute("placeholder") || "";
  // A tooltip ends with the shortcut, which the palette shows by itself.
  return name.replace(/\s+/g, " ").replace(/ \([^()]*\)$/, (end) => (element.title ? "" : end)).trim();
}

/** The elements with `data-shortcut`: those of the page first, then those of the sidebar. */
function shortcutElements(): HTMLElement[] {
  const elements = [...document.querySelectorAll<HTMLElement>("[data-shortcut]")];
  const isInSidebar = (element: HTMLElement) => element.closest("nav") !== null;
  return [...elements.filter((one) => !isInSidebar(one)), ...elements.filter(isInSidebar)];
}

/** The actions of the page and links with a shortcut. */
export function pageActions(activate: (element: HTMLElement) => void): Entry[] {
  const seen = new Set<string>();
  const actions: Entry[] = [];
  for (const element of shortcutElements()) {
    const shortcut = element.dataset.shortcut ?? "";
    const label = element.dataset.command || labelOf(element);
    if (!shortcut || !label || NO_COMMANDS.has(shortcut) || element.matches("[data-palette=off]") || !isUsable(element)) continue;
    if (seen.has(label)) continue;
    seen.add(label);
    const to = element instanceof HTMLAnchorElement ? element.getAttribute("href") ?? undefined : undefined;
    actions.push({ id: `action-${actions.length}`, group: to ? "pages" : "actions", label, shortcut, to, run: to ? undefined : () => activate(element) });
  }
  return actions;
}

function best(query: string, entries: readonly Entry[]): Entry[] {
  if (!query.trim()) return [...entries];
  return entries
    .map((entry) => ({ entry, match: matchLabel(query, entry.label) }))
    .filter((one): one is { entry: Entry; match: Match } => one.match !== null)
    .sort((a, b) => b.match.score - a.match.score)
    .map(({ entry, match }) => ({ ...entry, at: match.at }));
}

const marksOf = (query: string, label: string) => matchLabel(query, label)?.at;

/** Returns the entries for a query, group by group. */
export function listEntries(query: string, pages: readonly Page[], actions: readonly Entry[], answer: Answer, isStaff: boolean): Entry[] {
  const ticketBase = isStaff ? "/desk/tickets/" : "/portal/tickets/";
  const known = new Map(actions.filter((one) => one.to).map((one) => [one.to, one]));
  const navigation: Entry[] = [
    ...pages.map(({ label, to, group }, n): Entry => ({ id: `page-${n}`, group: "pages", label, to, detail: group, shortcut: known.get(to)?.shortcut })),
    ...[...known.values()].filter((one) => !pages.some((page) => page.to === one.to)),
  ];
  const entry = (group: Group, to: (value: string) => string) => ({ value, label, detail }: Found): Entry =>
    ({ id: `${group}-${value}`, group, label, detail, to: to(value), at: query.trim() ? marksOf(query, label) : undefined });
  const tickets = answer.tickets.map(entry(query.trim() ? "tickets" : "recent", (value) => ticketBase + encodeURIComponent(value)));
  const groups = [
    query.trim() ? [] : tickets,
    best(query, actions.filter((one) => !one.to)),
    best(query, navigation).slice(0, query.trim() ? MAX_IN_GROUP : undefined),
    query.trim() ? tickets : [],
    answer.people.map(entry("people", (value) => `/desk/views/all?requester=${encodeURIComponent(value)}`)),
    answer.companies.map(entry("companies", (value) => `/desk/views/all?company=${encodeURIComponent(value)}`)),
    answer.suggestions.map((text): Entry => ({ id: `search-${text}`, group: "search", label: text, completes: `${text}${text.endsWith(":") ? "" : " "}` })),
    query.trim() ? [{ id: "search-all", group: "search" as const, label: query.trim(), to: `${isStaff ? "/desk/views/all" : "/portal"}?q=${encodeURIComponent(query.trim())}` }] : [],
  ];
  return groups.flat();
}
