/** A Markdown editor: formatting by buttons and keys, and a preview. */
import {
  createContext, use, useEffect, useLayoutEffect, useMemo, useRef, useState,
  type ComponentProps, type KeyboardEvent, type RefObject,
} from "react";
import { CLEARED, fieldValue } from "../dom/fields.ts";
import { useUploads, UploadsContext, type UploadOptions } from "../file_uploads/uploads.ts";
import { keyOf, modifiersOf } from "../dom/keyboard.ts";
import { Lookup } from "../suggestions/lookup.ts";
import { insertText, mentionAt } from "../suggestions/mentions.ts";
import { savedReplyAt, selectVariable } from "../suggestions/saved_replies.ts";
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
  /** Where to ask for saved replies after a /; without it none are offered. */
  savedRepliesUrl?: string;
  onInsertReply?: (id: string) => void;
};

/** The text field, as high as its text; Ctrl+Enter sends it. */
export function MarkdownTextarea({ mentionsUrl = "", savedRepliesUrl = "", onInsertReply, onInput, onBlur, ...props }: TextareaProps) {
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
    choose: ({ value }) => { if (field.current) insertText(field.current, mentionStart.current, `@${value} `); },
  });
  const replyStart = useRef(0);
  const [hasNoReplies, setHasNoReplies] = useState(false);
  const replies = useSuggestions({
    choosesFirst: true,
    choose: ({ value, text = "" }) => {
      if (!field.current) return;
      insertText(field.current, replyStart.current, text);
      selectVariable(field.current, replyStart.current);
      onInsertReply?.(value);
    },
  });
  useEffect(() => () => lookup.current.cancel(), []);
  /** Offers saved replies if one is being typed; returns whether it is. */
  const offerReplies = (element: HTMLTextAreaElement): boolean => {
    const typed = savedRepliesUrl ? savedReplyAt(element.value, element.selectionStart) : null;
    setHasNoReplies(false);
    if (!typed) {
      replies.close();
      return false;
    }
    mentions.close();
    replyStart.current = typed.start;
    lookup.current.ask(`${savedRepliesUrl}&q=${encodeURIComponent(typed.query)}`, (found) => {
      replies.offer(found);
      setHasNoReplies(found.length === 0 && typed.query === "");
    });
    return true;
  };
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
    if (mentions.onKeyDown(event) || replies.onKeyDown(event)) return;
    setHasNoReplies(false);
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
  const listProps = replies.isOpen ? replies.fieldProps : mentionsUrl ? mentions.fieldProps : {};
  return (
    <>
      {mentionsUrl && <SuggestionList suggestions={mentions} label={TEXTS.suggestions.people} floats />}
      {savedRepliesUrl && <SuggestionList suggestions={replies} label={TEXTS.suggestions.savedReplies} floats />}
      {hasNoReplies && <p className="no-saved-replies" role="status">{TEXTS.suggestions.noSavedReplies}</p>}
      <textarea
        {...props} {...listProps} ref={field} onKeyDown={onKeyDown}
        onInput={(event) => {
          if (!offerReplies(event.currentTarget)) offerPeople(event.currentTarget);
          onInput?.(event);
        }}
        onBlur={(event) => {
          lookup.current.cancel();
          mentions.close();
          replies.close();
          setHasNoReplies(false);
          onBlur?.(event);
        }}
      />
    </>
  );
}
