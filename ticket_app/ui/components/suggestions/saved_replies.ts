/** Finds the saved reply that is being typed in a text, and the variables that are still to be filled in. */
import { insertText } from "./mentions.ts";

const SLASH_BEFORE_CARET = /(?:^|\s)\/([^\s/]{0,40})$/u;
const VARIABLE = /\{\{\s*(?:ticket|requester|agent|company)\.[a-z_]+\s*\}\}/u;

/** The text after the / before the caret, and where the / is; null if no saved reply is being typed. */
export function savedReplyAt(text: string, caret: number): { query: string; start: number } | null {
  const query = SLASH_BEFORE_CARET.exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { query, start: caret - query.length - 1 };
}

/** The first variable of a text and where it is, or null. */
export function firstVariable(text: string): { variable: string; start: number } | null {
  const found = VARIABLE.exec(text);
  return found && { variable: found[0], start: found.index };
}

/** Selects the first variable from `from` on, so that typing replaces it. */
export function selectVariable(field: HTMLTextAreaElement, from = 0): void {
  const found = firstVariable(field.value.slice(from));
  if (!found) return;
  field.focus();
  field.setSelectionRange(from + found.start, from + found.start + found.variable.length);
}

/** Types a / at the caret, as a word of its own, which opens the list of saved replies. */
export function typeSlash(field: HTMLTextAreaElement): void {
  const before = field.value.slice(0, field.selectionStart);
  insertText(field, field.selectionStart, before === "" || /\s$/u.test(before) ? "/" : " /");
}
