/** Adds Markdown around the selected text. */

export interface Selection { value: string; start: number; end: number }
/** Replace `from`..`to` by `text`, then select `selectFrom`..`selectTo` of the new value. */
export interface Edit { from: number; to: number; text: string; selectFrom: number; selectTo: number }

/** `after` is empty for formats that begin each line, such as lists and quotes. */
export function format({ value, start, end }: Selection, before: string, after: string): Edit {
  const selected = value.slice(start, end);
  if (!after) {
    const from = value.lastIndexOf("\n", start - 1) + 1;
    const text = value.slice(from, end).split("\n").map((line) => before + line).join("\n");
    return { from, to: end, text, selectFrom: from + text.length, selectTo: from + text.length };
  }
  const isCodeBlock = before === "`" && selected.includes("\n");
  const [opening, closing] = isCodeBlock ? ["```\n", "\n```"] : [before, after];
  const selectFrom = start + opening.length;
  return { from: start, to: end, text: opening + selected + closing, selectFrom, selectTo: selectFrom + selected.length };
}

/** The formats with a shortcut (Ctrl or Cmd and the letter). */
export const SHORTCUTS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  b: ["**", "**"],
  i: ["_", "_"],
  e: ["`", "`"],
  k: ["[", "](https://)"],
};

export function applyFormat(field: HTMLTextAreaElement, before: string, after: string): void {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const edit = format({ value, start, end }, before, after);
  field.focus();
  field.setSelectionRange(edit.from, edit.to);
  // Deprecated, but the only way that keeps the browser's undo history.
  if (!document.execCommand("insertText", false, edit.text)) field.setRangeText(edit.text);
  field.setSelectionRange(edit.selectFrom, edit.selectTo);
}
