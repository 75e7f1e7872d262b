/** Forms that save what is typed in this browser until the server has saved it. */
import {
  createContext, useCallback, useContext, useEffect, useMemo, useRef, useState,
  type ComponentProps, type ReactNode, type RefObject,
} from "react";
import { CLEARED } from "../dom/fields.ts";
import { unsubscribe } from "../browser_notifications/push_subscription.ts";
import { showUnreadCount } from "../installed_app/badge.ts";
import { useIsOffline } from "../network_status/connection.ts";
import { currentAccount, useAccount } from "./account.ts";
import { hasText, restoreValues, valuesOf } from "./form_values.ts";
import { useDraftReports } from "./reports.ts";
import { unsentText } from "./storage.ts";

/** Where a form's text is saved: on the server, only in this browser, or in Reflex's queue while offline. */
type Saved = "on-server" | "on-device" | "queued";

interface DraftContextValue {
  saved: Saved;
  confirm: (savedAt: string, length: number) => void;
  /** Called by a `DraftStatus`, which shows that the form waits for the connection. */
  registerStatus: () => void;
}
const DraftContext = createContext<DraftContextValue>({ saved: "on-server", confirm: () => {}, registerStatus: () => {} });

const waitingForConnection = new WeakSet<HTMLFormElement>();
/** Returns whether a form was submitted offline and shows that in its own status. */
export const showsWaiting = (form: HTMLFormElement): boolean => waitingForConnection.has(form);

/** The field that had the focus last, so that it can be focused when its form is rendered again. */
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
  /** The key under which the text is saved; by default the page's address and the form's id. */
  place?: string;
  /** Receives the form's values as JSON, shortly after the last key press and when a field loses the focus. */
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

  const showSaved = useCallback((next: Saved) => {
    isUnsaved.current = next === "on-device";
    if (form.current && next !== "queued") waitingForConnection.delete(form.current);
    setSaved(next);
  }, [form]);

  useEffect(() => {
    const element = form.current;
    if (!element) return undefined;
    places.set(element, currentPlace);
    const save = (event: Event) => {
      if ((event.target as HTMLInputElement).form !== element) return;
      const values = valuesOf(element);
      if (!hasText(element)) {
        unsentText.saveEmpty(currentAccount(), currentPlace(), values);
        showSaved("on-server");
      } else showSaved(unsentText.save(currentAccount(), currentPlace(), values) ? "on-device" : "on-server");
    };
    const discard = () => {
      unsentText.discard(currentAccount(), currentPlace());
      showSaved("on-server");
    };
    const onClick = (event: Event) => {
      if ((event.target as Element).closest("[data-discards-draft]")) discard();
    };
    const onSubmit = () => {
      if (!isOffline.current()) return;
      if (hasStatus.current) waitingForConnection.add(element);
      showSaved("queued");
    };
    const listeners: [string, (event: Event) => void, boolean][] = [
      ["input", save, false], ["change", save, false], [CLEARED, discard, false], ["click", onClick, false], ["submit", onSubmit, true],
    ];
    for (const [kind, listener, capture] of listeners) element.addEventListener(kind, listener, capture);
    return () => { for (const [kind, listener, capture] of listeners) element.removeEventListener(kind, listener, capture); };
  }, [form, currentPlace, isOffline, showSaved]);

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
    showSaved("on-server");
  }, [content, currentPlace, showSaved]);
  const registerStatus = useCallback(() => { hasStatus.current = true; }, []);
  const context = useMemo(() => ({ saved, confirm, registerStatus }), [saved, confirm, registerStatus]);

  return (
    <DraftContext value={context}>
      <form {...props} ref={form}>{children}</form>
    </DraftContext>
  );
}

interface DraftStatusProps { at?: string; length?: number; children?: ReactNode }

/** Shows where the text of the enclosing form is saved: portal.css shows the child of that class only. */
export function DraftStatus({ at = "", length = 0, children }: DraftStatusProps) {
  const { saved, confirm, registerStatus } = useContext(DraftContext);
  useEffect(() => confirm(at, length), [at, length, confirm]);
  useEffect(() => registerStatus(), [registerStatus]);
  return <span role="status" data-save-state={saved}>{children}</span>;
}

/** A button that restores a draft. It clicks itself in the tab in which the draft was typed. */
export function ContinueDraftButton({ place, ...props }: ComponentProps<"button"> & { place: string }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (unsentText.wasTypedInThisTab(place)) button.current?.click(); }, [place]);
  return <button {...props} ref={button} />;
}

/** The sign-out form; submitting it deletes the unsent texts of this account, the number on the app's icon and its notifications. */
export function SignOutForm(props: ComponentProps<"form">) {
  const forget = () => {
    unsentText.discardAccount(currentAccount());
    void showUnreadCount(0);
    unsubscribe().catch(() => undefined);
  };
  return <form {...props} onSubmit={forget} />;
}
