/** The command palette: a field and a list of pages, actions, tickets and people, by keyboard. The field
 * is an ARIA combobox; the list is its listbox, and the focus stays in the field. */
import { Fragment, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import { useLocation, useNavigate } from "react-router";
import { keyOf, modifiersOf } from "../dom/keyboard.ts";
import { useAccount } from "../draft_form/account.ts";
import { activate } from "../keyboard_shortcuts/bindings.ts";
import { TEXTS } from "../texts/texts.ts";
import { listEntries, NO_ANSWER, pageActions, type Answer, type Entry, type Page } from "./entries.ts";
import { OPEN_EVENT } from "./open.ts";
import { recentTickets, rememberTicket, ticketOf } from "./recent.ts";

const URL_OF_SEARCH = "/session/palette";
const DELAY_MS = 90;
/** How long a wish to open the palette waits for the account, while a page loads. */
const MAX_WAIT_MS = 5000;
const T = TEXTS.palette;

/** A label with the matched letters marked. */
function Marked({ text, at }: { text: string; at?: readonly number[] }) {
  if (!at?.length) return <>{text}</>;
  const positions = new Set(at);
  return <>{[...text].map((letter, n) => (positions.has(n) ? <mark key={n}>{letter}</mark> : <Fragment key={n}>{letter}</Fragment>))}</>;
}

/** Asks the server; the answer to an older text is dropped. Without an answer, pages and actions remain. */
function useAnswer(isOpen: boolean, query: string, account: string): { answer: Answer; isWaiting: boolean } {
  const [result, setResult] = useState<{ query: string; answer: Answer }>({ query: "", answer: NO_ANSWER });
  useEffect(() => {
    if (!isOpen) return undefined;
    const request = new AbortController();
    const text = query.trim();
    const timer = setTimeout(() => {
      const params = new URLSearchParams(text ? { q: text } : { recent: recentTickets(account).join(",") });
      fetch(`${URL_OF_SEARCH}?${params}`, { signal: request.signal, headers: { Accept: "application/json" } })
        .then((response) => (response.ok ? response.json() as Promise<Answer> : NO_ANSWER))
        .catch(() => NO_ANSWER)
        .then((answer) => { if (!request.signal.aborted) setResult({ query: text, answer }); });
    }, text ? DELAY_MS : 0);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [isOpen, query, account]);
  const isWaiting = result.query !== query.trim();
  return { answer: isWaiting ? NO_ANSWER : result.answer, isWaiting };
}

interface Props { pages?: Page[]; isStaff?: boolean; onSignedIn?: () => void }

export function CommandPalette({ pages = [], isStaff = false, onSignedIn }: Props) {
  const account = useAccount();
  const location = useLocation();
  const navigate = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  const openUntil = useRef(0);
  const [isOpen, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const [actions, setActions] = useState<Entry[]>([]);
  const { answer, isWaiting } = useAnswer(isOpen, query, account);
  const entries = useMemo(() => listEntries(query, pages, actions, answer, isStaff), [query, pages, actions, answer, isStaff]);
  const at = Math.min(chosen, Math.max(0, entries.length - 1));

  useEffect(() => rememberTicket(account, ticketOf(location.pathname)), [account, location.pathname]);

  // Signing in does not load the document again.
  useEffect(() => { if (account) onSignedIn?.(); }, [account]);

  useEffect(() => {
    const open = () => {
      openUntil.current = account ? 0 : Date.now() + MAX_WAIT_MS;
      if (!account) return;
      if (dialog.current?.open || document.querySelector("dialog[open]")) return;
      opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      setActions(pageActions(activate));
      setQuery("");
      setChosen(0);
      setOpen(true);
    };
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const { ctrl, alt } = modifiersOf(event);
      // In the editor, the same key makes a link.
      if (event.defaultPrevented || !ctrl || alt || event.shiftKey || keyOf(event) !== "k") return;
      // Pages of people who are not signed in have no button for it, and leave the key to the browser.
      if (!account && !document.querySelector("[data-palette-button]")) return;
      event.preventDefault();
      if (dialog.current?.open) dialog.current.close();
      else open();
    };
    if (account && Date.now() < openUntil.current) open();
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener(OPEN_EVENT, open);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener(OPEN_EVENT, open);
    };
  }, [account]);

  useEffect(() => {
    if (!isOpen || !dialog.current || dialog.current.open) return;
    dialog.current.showModal();
    field.current?.focus();
  }, [isOpen]);
  useEffect(() => { dialog.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" }); }, [at, entries]);

  const onClose = () => {
    setOpen(false);
    if (opener.current?.isConnected) opener.current.focus({ preventScroll: true });
  };

  const choose = (entry: Entry | undefined, inNewTab: boolean) => {
    if (!entry) return;
    if (entry.completes) {
      setQuery(entry.completes);
      setChosen(0);
      field.current?.focus();
      return;
    }
    if (entry.to && inNewTab) {
      window.open(entry.to, "_blank", "noopener");
      return;
    }
    dialog.current?.close();
    if (entry.to) void navigate(entry.to);
    // The focus is back on the page before the action, which may open a menu or move it.
    else setTimeout(() => entry.run?.());
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event.nativeEvent), { ctrl } = modifiersOf(event.nativeEvent);
    const last = entries.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at === 0 ? last : at - 1, Home: 0, End: last, PageDown: Math.min(last, at + 8), PageUp: Math.max(0, at - 8) }[key];
    if (to !== undefined) {
      event.preventDefault();
      setChosen(Math.max(0, to));
    } else if (key === "Enter") {
      event.preventDefault();
      choose(entries[at], ctrl);
    } else if (key === "Tab" && entries[at]?.completes) {
      event.preventDefault();
      choose(entries[at], false);
    }
  };

  if (!isOpen) return null;
  const onOptionClick = (entry: Entry) => (event: MouseEvent) => choose(entry, event.ctrlKey || event.metaKey);
  const isLast = (n: number) => entries[n + 1]?.group !== entries[n]?.group;
  const groups = entries.flatMap((entry, n) => (n === 0 || entries[n - 1]?.group !== entry.group ? [n] : []));
  return (
    <dialog ref={dialog} className="command-palette" aria-label={T.title} onClose={onClose}
      onClick={(event) => { if (event.target === dialog.current) dialog.current?.close(); }}>
      <div className="command-palette-field">
        <input ref={field} type="text" role="combobox" aria-expanded="true" aria-controls="command-palette-list" aria-autocomplete="list"
          aria-activedescendant={entries[at] ? `command-palette-${at}` : undefined} aria-label={T.title} aria-describedby="command-palette-hints"
          placeholder={isStaff ? T.placeholder : T.placeholderRequester} autoComplete="off" spellCheck={false} maxLength={200} dir="auto"
          value={query} onKeyDown={onKeyDown} onChange={(event) => { setQuery(event.target.value); setChosen(0); }} />
        <button type="button" className="button quiet" onClick={() => dialog.current?.close()}>{T.close}</button>
      </div>
      <div id="command-palette-hints" className="search-hints">{answer.hints.map((hint) => <p key={hint} dir="auto">{hint}</p>)}</div>
      <div id="command-palette-list" role="listbox" aria-label={T.results} className="command-palette-list">
        {groups.map((start) => {
          let end = start;
          while (!isLast(end)) end++;
          const group = entries[start]?.group ?? "pages";
          return (
            <div key={group} role="group" aria-labelledby={`command-palette-${group}`}>
              <div id={`command-palette-${group}`} role="presentation" className="command-palette-heading">{T.groups[group]}</div>
              {entries.slice(start, end + 1).map((entry, n) => (
                <div key={entry.id} id={`command-palette-${start + n}`} role="option" aria-selected={start + n === at} className="command-palette-option"
                  onMouseMove={() => setChosen(start + n)} onClick={onOptionClick(entry)}>
                  {(entry.group === "tickets" || entry.group === "recent") && <span className="ticket-key">{entry.detail}</span>}
                  <span className="truncate" dir="auto">{entry.id === "search-all" ? T.searchFor(entry.label) : <Marked text={entry.label} at={entry.at} />}</span>
                  {entry.detail && entry.group !== "tickets" && entry.group !== "recent" && <small className="text-muted truncate" dir="auto">{entry.detail}</small>}
                  {entry.shortcut && <span className="kbd">{entry.shortcut.split(/[ +]/).map((key, position) => <kbd key={position}>{key}</kbd>)}</span>}
                </div>
              ))}
            </div>
          );
        })}
        {!entries.length && <p className="text-muted no-results">{T.nothing}</p>}
      </div>
      <p className="visually-hidden" role="status">{isWaiting ? "" : T.count(entries.length)}</p>
    </dialog>
  );
}
