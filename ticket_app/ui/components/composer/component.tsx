/** The form in which a reply or an internal note is written. */
import { DropdownMenu } from "@radix-ui/themes";
import {
  createContext, use, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ComponentProps,
} from "react";
import { CLEARED, fieldValue } from "../dom/fields.ts";
import { DraftForm, type DraftFormProps } from "../draft_form/component.tsx";
import { useUploads, UploadsContext, type UploadOptions } from "../file_uploads/uploads.ts";
import { SendContext } from "../markdown_editor/component.tsx";
import { selectVariable, typeSlash } from "../suggestions/saved_replies.ts";
import { TEXTS } from "../texts/texts.ts";
import { emptyText, NO_WARNING, warnAbout, type Audience, type Warning } from "./rules.ts";

interface Choice { status?: string; sendAt?: string }
interface ComposerValue { warning: Warning; send: (choice: Choice) => void; field: () => HTMLTextAreaElement | null }
export const ComposerContext = createContext<ComposerValue>({ warning: NO_WARNING, send: () => {}, field: () => null });

const audienceOf = (form: HTMLFormElement): Audience => (fieldValue(form, "audience") === "note" ? "note" : "reply");
const textFieldOf = (form: HTMLFormElement) => form.querySelector("textarea");

type Props = DraftFormProps & UploadOptions & {
  /** The status that Ctrl+Shift+Enter sets with a public reply. */
  firstStatus?: string;
};

export function Composer({ firstStatus = "", uploadUrl, uploadFields, onUploaded, children, ...props }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const thenField = useRef<HTMLInputElement>(null);
  const sendAtField = useRef<HTMLInputElement>(null);
  const [warning, setWarning] = useState(NO_WARNING);
  const uploads = useUploads(form, { uploadUrl, uploadFields, onUploaded });

  const choose = useCallback(({ status = "", sendAt = "" }: Choice) => {
    if (thenField.current) thenField.current.value = status;
    if (sendAtField.current) sendAtField.current.value = sendAt;
  }, []);
  const send = useCallback((choice: Choice) => {
    choose(choice);
    form.current?.requestSubmit();
  }, [choose]);
  const sendByKeys = useCallback((withShift: boolean) => {
    const isPublic = form.current && audienceOf(form.current) === "reply";
    send({ status: withShift && isPublic ? firstStatus : "" });
  }, [send, firstStatus]);

  // An empty text is not sent. The event stops here, so that no other listener treats it as sent.
  useLayoutEffect(() => {
    const element = form.current;
    const onSubmit = (event: SubmitEvent) => {
      // A button sends at once, without changing the status; menus and keys make their choice before they submit.
      if (event.submitter instanceof HTMLButtonElement) choose({});
      const field = element && textFieldOf(element);
      if (!field || field.value.trim()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      setWarning(emptyText(audienceOf(element)));
      field.focus();
    };
    element?.addEventListener("submit", onSubmit, true);
    return () => element?.removeEventListener("submit", onSubmit, true);
  }, [choose]);

  useEffect(() => {
    const element = form.current;
    const onChange = ({ target }: Event) => {
      if (!element || (target as HTMLInputElement).form !== element) return;
      setWarning(warnAbout(textFieldOf(element)?.value ?? "", audienceOf(element)));
    };
    const kinds = ["input", "change", CLEARED];
    for (const kind of kinds) element?.addEventListener(kind, onChange);
    return () => { for (const kind of kinds) element?.removeEventListener(kind, onChange); };
  }, []);
  useEffect(() => {
    const field = form.current && textFieldOf(form.current);
    if (warning.isError) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }, [warning]);

  const field = useCallback(() => form.current && textFieldOf(form.current), []);
  const composer = useMemo(() => ({ warning, send, field }), [warning, send, field]);
  return (
    <ComposerContext value={composer}>
      <SendContext value={sendByKeys}>
        <UploadsContext value={uploads}>
          <DraftForm {...props} formRef={form} data-drop-target={uploads.isDropping || undefined}>
            {children}
            <input ref={thenField} type="hidden" name="then" defaultValue="" />
            <input ref={sendAtField} type="hidden" name="send_at" defaultValue="" />
          </DraftForm>
        </UploadsContext>
      </SendContext>
    </ComposerContext>
  );
}

/** Shows a warning about the text before it is sent. */
export function ComposerWarning() {
  const { warning, field } = use(ComposerContext);
  const showVariable = () => { const element = field(); if (element) selectVariable(element); };
  return (
    <div className="composer-warning" role="status" data-tone={warning.isError ? "red" : undefined}>
      {warning.hasVariable ? <mark>{warning.text}</mark> : warning.text}
      {warning.hasVariable && <button type="button" className="button quiet" onClick={showVariable}>{TEXTS.composer.showVariable}</button>}
    </div>
  );
}

/** Opens the list of saved replies at the caret, for the mouse and the phone. */
export function SavedRepliesButton({ onClick, ...props }: ComponentProps<"button">) {
  const { field } = use(ComposerContext);
  const open = () => { const element = field(); if (element) typeSlash(element); };
  return (
    <button
      {...props} type="button"
      onPointerDown={(event) => event.preventDefault()} onClick={(event) => { open(); onClick?.(event); }}
    />
  );
}

/** Gives the text, as it is written now, to `onSave`. */
export function SaveTextButton({ onSave, ...props }: ComponentProps<"button"> & { onSave?: (text: string) => void }) {
  const { field } = use(ComposerContext);
  return <button {...props} type="button" onClick={() => onSave?.(field()?.value ?? "")} />;
}

/** A menu item that sends the text and sets a status. */
export function SendWithStatus({ status, ...props }: ComponentProps<typeof DropdownMenu.Item> & { status: string }) {
  const { send } = use(ComposerContext);
  return <DropdownMenu.Item {...props} onSelect={() => send({ status })} />;
}
