/** Unsent text, kept in this browser for the account that types it: it outlives a session that ended,
 * a connection that broke and a tab that was closed. `place` names where it is written. */

export type Values = Record<string, string>;
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

// The prefix stays what it was, so that a new version finds the text of the one before.
const PREFIX = "desk.unsent.";
export const KEPT_FOR_MS = 30 * 24 * 3600_000;

export class UnsentText {
  /** What was typed in this very tab. */
  readonly #inThisTab = new Map<string, Values>();
  readonly #store: () => Store;

  constructor(store: () => Store) {
    this.#store = store;
  }

  read(account: string, place: string, now = Date.now()): Values | undefined {
    const typed = this.#inThisTab.get(place);
    if (typed || !account) return typed;
    try {
      const found = JSON.parse(this.#store().getItem(keyOf(account, place)) ?? "null");
      if (found && now - found.at < KEPT_FOR_MS) return found.values;
    } catch { /* private mode */ }
    return undefined;
  }

  /** Returns whether the text is safe in the browser's storage. */
  save(account: string, place: string, values: Values, now = Date.now()): boolean {
    this.#inThisTab.set(place, values);
    if (!account) return false;
    try {
      this.#store().setItem(keyOf(account, place), JSON.stringify({ values, at: now }));
      return true;
    } catch {
      return false; // private mode, or full: the server's draft is all there is
    }
  }

  /** Note that a form has no text, so that going back to it does not bring any. */
  saveEmpty(account: string, place: string, values: Values): void {
    this.#inThisTab.set(place, values);
    this.forgetStored(account, place);
  }

  /** Forget what the browser's storage holds: the server has it. */
  forgetStored(account: string, place: string): void {
    try { this.#store().removeItem(keyOf(account, place)); } catch { /* private mode */ }
  }

  /** Forget a text that was sent or given up. */
  discard(account: string, place: string): void {
    this.#inThisTab.delete(place);
    this.forgetStored(account, place);
  }

  /** Forget everything of an account that signs out. */
  discardAccount(account: string): void {
    const prefix = keyOf(account, "");
    try {
      const store = this.#store();
      const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
      for (const key of keys) if (key.startsWith(prefix)) store.removeItem(key);
    } catch { /* private mode */ }
  }

  wasTypedInThisTab(place: string): boolean {
    return this.#inThisTab.has(place);
  }
}

const keyOf = (account: string, place: string): string => `${PREFIX}${account}.${place}`;

export const unsentText = new UnsentText(() => localStorage);
