/** A button that submits its form once: it is busy from the click until the server has answered, and the
 * form cannot be submitted again. The server reports when a submission is done (bridge.py). */
import { useEffect, useRef, useState, type ComponentProps } from "react";
import { onSettled } from "../page_commands/settled.ts";

/** After this time without an answer the form can be used again. */
const TIMEOUT_MS = 30_000;

export function SubmitButton({ disabled = false, children, ...props }: ComponentProps<"button">) {
  const button = useRef<HTMLButtonElement>(null);
  const [isBusy, setBusy] = useState(false);
  const busy = useRef(false);

  useEffect(() => {
    const form = button.current?.form;
    if (!form) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined, hadFocus = false;
    const end = () => {
      if (!busy.current) return;
      clearTimeout(timer);
      busy.current = false;
      setBusy(false);
      // A disabled button loses the focus.
      if (hadFocus) setTimeout(() => { if (document.activeElement === document.body) button.current?.focus({ preventScroll: true }); });
    };
    const begin = (event: Event) => {
      if (busy.current) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      busy.current = true;
      hadFocus = document.activeElement === button.current;
      setBusy(true);
      timer = setTimeout(end, TIMEOUT_MS);
    };
    form.addEventListener("submit", begin);
    const stopListening = onSettled(end);
    window.addEventListener("pageshow", end);
    return () => {
      clearTimeout(timer);
      form.removeEventListener("submit", begin);
      stopListening();
      window.removeEventListener("pageshow", end);
    };
  }, []);

  return (
    <button {...props} ref={button} type="submit" disabled={disabled || isBusy} aria-busy={isBusy}>
      {isBusy && <span className="spinner" aria-hidden />}
      {children}
    </button>
  );
}
