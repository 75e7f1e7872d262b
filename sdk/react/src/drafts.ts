/** Tickets that are written and not submitted, kept in the browser. */

import type { NewTicket } from './client/centcom.js';
import { readFiles, saveFiles } from './draftFiles.js';

/** A submission that got no response: sent again with its key, it creates no second ticket. */
export interface Attempt {
  key: string;
  /** The body that was sent, as JSON: another body needs another key. */
  body: string;
}

export interface Draft {
  id: string;
  /** When it was saved (ISO 8601). */
  savedAt: string;
  ticket: NewTicket;
  /** The names of its files, for those that the browser could not keep. */
  fileNames: string[];
  /** True if it could not be submitted because the connection failed. */
  isUnsent: boolean;
  attempt?: Attempt;
}

const MAX_DRAFTS = 20;

/** The drafts of one person on one help desk. Without local storage they last until a reload. */
export class DraftStore {
  readonly #prefix: string;
  readonly #memory = new Map<string, string>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Return the drafts, the last saved first. */
  list(): Draft[] {
    try {
      const drafts = JSON.parse(this.#read('drafts') ?? '[]') as Draft[];
      return drafts.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
    } catch {
      return [];
    }
  }

  /** Add a draft, or replace the one with its id; return whether it is stored for later. */
  save(draft: Draft): boolean {
    const others = this.list().filter((other) => other.id !== draft.id);
    return this.#write('drafts', JSON.stringify([draft, ...others].slice(0, MAX_DRAFTS)));
  }

  /** Delete a draft and its files. */
  remove(id: string): void {
    const others = this.list().filter((draft) => draft.id !== id);
    if (others.length > 0) this.#write('drafts', JSON.stringify(others));
    else this.#remove('drafts');
    void this.saveFiles(id, []);
  }

  /** Keep the files of a draft, instead of those that were. */
  async saveFiles(id: string, files: readonly File[]): Promise<void> {
    await saveFiles(`${this.#prefix}:${id}`, files);
  }

  /** Return the files of a draft, as far as the browser could keep them. */
  async files(id: string): Promise<File[]> {
    return readFiles(`${this.#prefix}:${id}`);
  }

  /** Return the comment that was written on a ticket and not sent. */
  comment(ticketId: string): string {
    return this.#read(`comment:${ticketId}`) ?? '';
  }

  /** Keep an unsent comment on a ticket; an empty text deletes it. */
  saveComment(ticketId: string, text: string): void {
    if (text) this.#write(`comment:${ticketId}`, text);
    else this.#remove(`comment:${ticketId}`);
  }

  #read(name: string): string | null {
    const key = `${this.#prefix}:${name}`;
    try {
      return localStorage.getItem(key) ?? this.#memory.get(key) ?? null;
    } catch {
      return this.#memory.get(key) ?? null;
    }
  }

  #write(name: string, value: string): boolean {
    const key = `${this.#prefix}:${name}`;
    try {
      localStorage.setItem(key, value);
      this.#memory.delete(key);
      return true;
    } catch {
      this.#memory.set(key, value);
      return false;
    }
  }

  #remove(name: string): void {
    const key = `${this.#prefix}:${name}`;
    this.#memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing is stored where storage is forbidden.
    }
  }
}
