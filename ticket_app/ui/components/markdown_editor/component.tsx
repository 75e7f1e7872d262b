/** A Markdown editor: formatting by buttons and keys, and a preview. */
import {
  createContext, use, useEffect, useLayoutEffect, useMemo, useRef, useState,
  type ComponentProps, type KeyboardEvent, type RefObject,
} from "react";
import { CLEARED, fieldValue } from "../dom/fields.ts";
import { useUploads, UploadsContext, type UploadOptions } from "../file_uploads/uploads.ts";
import { keyOf, modifiersOf } from "../dom/keyboard.ts";
import { Lookup } from "../suggestions/lookup.ts";
import { insertMention, mentionAt } from "../suggestions/mentions.ts";
import { SuggestionList, useSuggestions } from "../suggestions/suggestions.tsx";
import { TEXTS } from "../texts/texts.ts";
import { applyFormat, SHORTCUTS } from "./formatting.ts";

type View = "write" | "preview";
interface Editor { view: View; show: (view: View) => void; field: RefObject<HTMLTextAreaElement | null> }
const EditorContext = createContext<Editor | null>(null);

/** Sends the text of the enclosing composer by Ctrl+Enter, with or without Shift. */
export const SendContext = createContext<((withShift: boolean) => void) | null>(null);

export function MarkdownEditor({ uploadUrl, uploadFields, onUploaded, children, ...props }: ComponentProps<"div"> & UploadOptions) {
  const place = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [view, setView] = useState<View>("write");
  const uploads = useUploads(place, { uploadUrl, uploadFields, onUploaded });
  const editor = useMemo(() => ({ view, show: setView, field }), [view]);
  return (
    <EditorContext value={editor}>
      <UploadsContext value={uploads}>
        <div {...props} ref={place} className="markdown-editor" data-view={view} data-drop-target={uploads.isDropping || undefined}>{children}</div>
      </UploadsContext>
    </EditorContext>
  );
}

/** A tab that switches between writing and preview. */
export function EditorTab({ view, onClick, ...props }: ComponentProps<"button"> & { view: View }) {
  const editor = use(EditorContext);
  const isSelected = editor?.view === view;
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && isSelected && view === "write") editor?.field.current?.focus();
    isFirst.current = false;
  }, [isSelected, view, editor?.field]);
  return (
    <button
      {...props} type="button" role="tab" aria-selected={isSelected}
      onClick={(event) => { editor?.show(view); onClick?.(event); }}
    />
  );
}

/** Formats the selected text. */
export function FormatButton({ before, after, ...props }: ComponentProps<"button"> & { before: string; after: string }) {
  const editor = use(EditorContext);
  const onClick = () => { if (editor?.field.current) applyFormat(editor.field.current, before, after); };
  return <button {...props} type="button" tabIndex={-1} onClick={onClick} />;
}

/** Whether the browser can fit the height of a field to its text. */
const supportsFieldSizing = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

function fitHeight(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

type TextareaProps = ComponentProps<"textarea"> & {
  /** Where to ask for people while a mention is typed; without it none are offered. */
  mentionsUrl?: string;
};

/** The text field, as high as its text; Ctrl+Enter sends it. */
export function MarkdownTextarea({ mentionsUrl = "", onInput, onBlur, ...props }: TextareaProps) {
  const editor = use(EditorContext);
  const send = use(SendContext);
  const ownField = useRef<HTMLTextAreaElement>(null);
  const field = editor?.field ?? ownField;

  useLayoutEffect(() => {
    const element = field.current;
    if (supportsFieldSizing || !element) return undefined;
    const fit = () => fitHeight(element);
    fit();
    for (const kind of ["input", CLEARED]) element.addEventListener(kind, fit);
    return () => { for (const kind of ["input", CLEARED]) element.removeEventListener(kind, fit); };
  }, [field]);

  const lookup = useRef(new Lookup());
  const mentionStart = useRef(0);
  const mentions = useSuggestions({
    choosesFirst: true,
    choose: ({ value }) => { if (field.current) insertMention(field.current, mentionStart.current, value); },
  });
  useEffect(() => () => lookup.current.cancel(), []);
  const offerPeople = (element: HTMLTextAreaElement) => {
    const mention = mentionsUrl ? mentionAt(element.value, element.selectionStart) : null;
    if (!mention) {
      lookup.current.cancel();
      mentions.close();
      return;
    }
    mentionStart.current = mention.start;
    const isNote = element.form !== null && fieldValue(element.form, "audience") === "note";
    lookup.current.ask(`${mentionsUrl}&q=${encodeURIComponent(mention.query)}${isNote ? "&note=true" : ""}`, mentions.offer);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mentions.onKeyDown(event)) return;
    const key = keyOf(event.nativeEvent), { ctrl, alt } = modifiersOf(event.nativeEvent);
    const shortcut = SHORTCUTS[key];
    if (key === "Escape") event.currentTarget.blur();
    else if (ctrl && key === "Enter") {
      event.preventDefault();
      if (send) send(event.shiftKey);
      else event.currentTarget.form?.requestSubmit();
    } else if (ctrl && !event.shiftKey && !alt && shortcut) {
      event.preventDefault();
      event.stopPropagation();
      applyFormat(event.currentTarget, ...shortcut);
    }
  };
  const mentionProps = mentionsUrl ? mentions.fieldProps : {};
  return (
    <>
      {mentionsUrl && <SuggestionList suggestions={mentions} label={TEXTS.suggestions.people} floats />}
      <textarea
        {...props} {...mentionProps} ref={field} onKeyDown={onKeyDown}
        onInput={(event) => { offerPeople(event.currentTarget); onInput?.(event); }}
        onBlur={(event) => { lookup.current.cancel(); mentions.close(); onBlur?.(event); }}
      />
    </>
  );
}
