/** Stores unsent text in this browser, for the account that types it. The text survives the end of a
 * session, a lost connection and a closed tab. `place` is the key of the form. */

export type Values = Record<string, string>;
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

// The prefix never changes, so that a new version finds the texts of the version before.
const PREFIX = "desk.unsent.";
export const KEPT_FOR_MS = 30 * 24 * 3600_000;

export class UnsentText {
  /** What was typed in this tab. */
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

  /** Returns whether the text could be stored. */
  save(account: string, place: string, values: Values, now = Date.now()): boolean {
    this.#inThisTab.set(place, values);
    if (!account) return false;
    try {
      this.#store().setItem(keyOf(account, place), JSON.stringify({ values, at: now }));
      return true;
    } catch {
      return false; // private mode, or the storage is full: only the server has a draft
    }
  }

  /** Record that a form is empty, so that an older text is not restored. */
  saveEmpty(account: string, place: string, values: Values): void {
    this.#inThisTab.set(place, values);
    this.forgetStored(account, place);
  }

  /** Delete the stored text, because the server has saved it. */
  forgetStored(account: string, place: string): void {
    try { this.#store().removeItem(keyOf(account, place)); } catch { /* private mode */ }
  }

  /** Delete a text that was sent or discarded. */
  discard(account: string, place: string): void {
    this.#inThisTab.delete(place);
    this.forgetStored(account, place);
  }

  /** Delete all texts of an account that signs out. */
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
