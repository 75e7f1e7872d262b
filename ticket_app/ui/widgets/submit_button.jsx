// A button that sends its form once: from the press until the server has answered it is busy, and
// the form cannot be sent again. The server says "settled" when a submission is done (bridge.py).
import { createElement, useCallback, useEffect, useRef, useState } from "react";

const PATIENCE = 30_000;

export function SubmitButton({ ref: outer, disabled = false, children, ...props }) {
  const button = useRef(null);
  const [isBusy, setBusy] = useState(false);
  const busy = useRef(false);
  const attach = useCallback((el) => {
    button.current = el;
    if (typeof outer === "function") outer(el);
    else if (outer) outer.current = el;
  }, [outer]);

  useEffect(() => {
    const form = button.current?.form;
    if (!form) return undefined;
    let timer = 0, hadFocus = false;
    const end = () => {
      if (!busy.current) return;
      clearTimeout(timer);
      busy.current = false;
      setBusy(false);
      // A disabled button loses the focus.
      if (hadFocus) setTimeout(() => { if (document.activeElement === document.body) button.current?.focus({ preventScroll: true }); });
    };
    const begin = (event) => {
      if (busy.current) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      busy.current = true;
      hadFocus = document.activeElement === button.current;
      setBusy(true);
      timer = setTimeout(end, PATIENCE);
    };
    form.addEventListener("submit", begin);
    window.addEventListener("settled", end);
    window.addEventListener("pageshow", end);
    return () => {
      clearTimeout(timer);
      form.removeEventListener("submit", begin);
      window.removeEventListener("settled", end);
      window.removeEventListener("pageshow", end);
    };
  }, []);

  return createElement(
    "button",
    { ...props, ref: attach, type: "submit", disabled: disabled || isBusy, "aria-busy": isBusy },
    isBusy ? createElement("span", { className: "spinner", "aria-hidden": true }) : null,
    children,
  );
}
