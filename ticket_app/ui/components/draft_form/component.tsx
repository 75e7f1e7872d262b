/** Forms that lose nothing: what is typed is kept in this browser until the server has it. */
import {
  createContext, useCallback, useContext, useEffect, useMemo, useRef, useState,
  type ComponentProps, type ReactNode, type RefObject,
} from "react";
import { CLEARED } from "../dom/fields.ts";
import { useIsOffline } from "../network_status/connection.ts";
import { currentAccount, useAccount } from "./account.ts";
import { hasText, restoreValues, valuesOf } from "./form_values.ts";
import { useDraftReports } from "./reports.ts";
import { unsentText } from "./storage.ts";

/** Where a form's text is: with the server, in this browser only, or waiting for the connection. */
type Saved = "on-server" | "on-device" | "queued";

interface DraftContextValue {
  saved: Saved;
  confirm: (savedAt: string, length: number) => void;
  /** Called by a status line: the form itself shows that it is waiting. */
  registerStatus: () => void;
}
const DraftContext = createContext<DraftContextValue>({ saved: "on-server", confirm: () => {}, registerStatus: () => {} });

const waitingForConnection = new WeakSet<HTMLFormElement>();
/** Whether a form was sent while the server could not be reached, and shows that itself. */
export const showsWaiting = (form: HTMLFormElement): boolean => waitingForConnection.has(form);

/** The field that had the focus last, to give it back when its form is drawn again. */
const lastFocus = { id: "", place: "" };
if (typeof document !== "undefined") {
  document.addEventListener("focusin", ({ target }) => {
    const control = target as HTMLInputElement;
    Object.assign(lastFocus, { id: control.id, place: control.form ? placeOf(control.form) : "" });
  });
}
const places = new WeakMap<HTMLFormElement, () => string>();
const placeOf = (form: HTMLFormElement): string => places.get(form)?.() ?? "";

export interface DraftFormProps extends ComponentProps<"form"> {
  /** Names where the text is written; without it, the page's address and the form's id do. */
  place?: string;
  /** Gets all that the form holds as JSON, a moment after the last key and when a field is left. */
  onDraft?: (content: string) => void;
  formRef?: RefObject<HTMLFormElement | null>;
  children?: ReactNode;
}

export function DraftForm({ place = "", onDraft, formRef, children, ...props }: DraftFormProps) {
  const ownForm = useRef<HTMLFormElement>(null);
  const form = formRef ?? ownForm;
  const account = useAccount();
  const isOffline = useIsOffline();
  const [saved, setSaved] = useState<Saved>("on-server");
  const isUnsaved = useRef(false);
  const hasStatus = useRef(false);
  const id = props.id ?? "";
  const currentPlace = useCallback(() => place || `${location.pathname}#${id}`, [place, id]);
  const content = useDraftReports(form, onDraft);

  const settle = useCallback((next: Saved) => {
    isUnsaved.current = next === "on-device";
    if (form.current && next !== "queued") waitingForConnection.delete(form.current);
    setSaved(next);
  }, [form]);

  useEffect(() => {
    const element = form.current;
    if (!element) return undefined;
    places.set(element, currentPlace);
    const keep = (event: Event) => {
      if ((event.target as HTMLInputElement).form !== element) return;
      const values = valuesOf(element);
      if (!hasText(element)) {
        unsentText.saveEmpty(currentAccount(), currentPlace(), values);
        settle("on-server");
      } else settle(unsentText.save(currentAccount(), currentPlace(), values) ? "on-device" : "on-server");
    };
    const discard = () => {
      unsentText.discard(currentAccount(), currentPlace());
      settle("on-server");
    };
    const onClick = (event: Event) => {
      if ((event.target as Element).closest("[data-discards-draft]")) discard();
    };
    const onSubmit = () => {
      if (!isOffline.current()) return;
      if (hasStatus.current) waitingForConnection.add(element);
      settle("queued");
    };
    const listeners: [string, (event: Event) => void, boolean][] = [
      ["input", keep, false], ["change", keep, false], [CLEARED, discard, false], ["click", onClick, false], ["submit", onSubmit, true],
    ];
    for (const [kind, listener, capture] of listeners) element.addEventListener(kind, listener, capture);
    return () => { for (const [kind, listener, capture] of listeners) element.removeEventListener(kind, listener, capture); };
  }, [form, currentPlace, isOffline, settle]);

  useEffect(() => {
    const element = form.current;
    if (!account || !element) return;
    const values = unsentText.read(account, currentPlace());
    if (!values) return;
    restoreValues(element, values);
    if (lastFocus.place === currentPlace() && document.activeElement === document.body) {
      document.getElementById(lastFocus.id)?.focus();
    }
  }, [form, account, currentPlace]);

  const confirm = useCallback((savedAt: string, length: number) => {
    if (!isUnsaved.current || !savedAt || length !== [...content()].length) return;
    unsentText.forgetStored(currentAccount(), currentPlace());
    settle("on-server");
  }, [content, currentPlace, settle]);
  const registerStatus = useCallback(() => { hasStatus.current = true; }, []);
  const context = useMemo(() => ({ saved, confirm, registerStatus }), [saved, confirm, registerStatus]);

  return (
    <DraftContext value={context}>
      <form {...props} ref={form}>{children}</form>
    </DraftContext>
  );
}

interface DraftStatusProps { at?: string; length?: number; children?: ReactNode }

/** Shows where the text of the form around it is: theme.css hides the lines of `children` that are not true. */
export function DraftStatus({ at = "", length = 0, children }: DraftStatusProps) {
  const { saved, confirm, registerStatus } = useContext(DraftContext);
  useEffect(() => confirm(at, length), [at, length, confirm]);
  useEffect(() => registerStatus(), [registerStatus]);
  return <span role="status" data-save-state={saved}>{children}</span>;
}

/** A button that goes on with a draft; it is not asked for in the tab in which the draft was typed. */
export function ContinueDraftButton({ place, ...props }: ComponentProps<"button"> & { place: string }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (unsentText.wasTypedInThisTab(place)) button.current?.click(); }, [place]);
  return <button {...props} ref={button} />;
}

/** The form that signs out: what this account has not sent is forgotten. */
export function SignOutForm(props: ComponentProps<"form">) {
  return <form {...props} onSubmit={() => unsentText.discardAccount(currentAccount())} />;
}
