/** A dialog to sign in again when the session has ended, so that the person keeps what they wrote. The
 * page is loaded again afterwards, and its draft forms restore the text. */
import { useEffect, useRef, useState, type FormEvent } from "react";
import { setAccount } from "../draft_form/account.ts";
import { reportUnreachable } from "../failure_reports/reports.ts";
import { TEXTS } from "../texts/texts.ts";
import { setDialog, signInPage } from "./open.ts";

const LOGIN = "/session/login";
const T = TEXTS.signInAgain;

/** Returns an error message; empty if the person is signed in again. */
async function signIn(form: HTMLFormElement): Promise<string> {
  try {
    const answer = await fetch(LOGIN, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
    return answer.ok ? "" : ((await answer.json()).error ?? T.failed);
  } catch {
    reportUnreachable("sign_in");
    return T.unreachable;
  }
}

export function SignInAgain({ account = "" }: { account?: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState("");

  useEffect(() => setAccount(account), [account]);
  useEffect(() => setDialog(() => setOpen(true)), []);
  useEffect(() => {
    if (!isOpen || !dialog.current || dialog.current.open) return;
    // Another open dialog hides all other elements from screen readers, but this dialog is above it.
    for (let element: Element | null = dialog.current; element; element = element.parentElement) element.removeAttribute("aria-hidden");
    dialog.current.showModal();
    // The username is known, so the password comes next.
    if (account) password.current?.focus();
  }, [isOpen, account]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setError("");
    const problem = await signIn(form);
    if (!problem) {
      location.reload();
      return;
    }
    setError(problem);
    password.current?.select();
    setBusy(false);
  };

  if (!isOpen) return null;
  return (
    <dialog ref={dialog} className="sign-in-again" aria-labelledby="sign-in-again" onCancel={(event) => event.preventDefault()}>
      <form onSubmit={(event) => void submit(event)} className="compact-form">
        <h2 id="sign-in-again">{T.title}</h2>
        <p className="text-muted">{T.text}</p>
        <label>{T.username}<input name="username" className="input" defaultValue={account} autoComplete="username" required /></label>
        <label>{T.password}<input ref={password} name="password" type="password" className="input" autoComplete="current-password" required /></label>
        <p className="field-error" role="alert">{error}</p>
        <div className="align-end">
          <a href={signInPage()} className="text-link">{T.page}</a>
          <button type="submit" className="button primary" disabled={isBusy}>{T.submit}</button>
        </div>
      </form>
    </dialog>
  );
}
