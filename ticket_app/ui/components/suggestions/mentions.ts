/** Finds the mention that is being typed in a text. */

const MENTION_BEFORE_CARET = /(?:^|[^\p{L}\p{N}_.@+/-])@([\p{L}\p{N}_.+-]{0,50})$/u;

/** The text after the @ before the caret, and where the @ is; null if no mention is being typed. */
export function mentionAt(text: string, caret: number): { query: string; start: number } | null {
  const query = MENTION_BEFORE_CARET.exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { query, start: caret - query.length - 1 };
}

/** Replaces the text from `start` to the caret, so that the field notices it and can undo it. */
export function insertText(field: HTMLTextAreaElement, start: number, text: string): void {
  field.focus();
  field.setSelectionRange(start, field.selectionStart);
  // Deprecated, but the only way that keeps the browser's undo history.
  if (document.execCommand?.("insertText", false, text)) return;
  field.setRangeText(text, start, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
