// Signing in again over the page, when the session has ended while somebody was working: what they
// wrote stays where it is. The page is loaded anew afterwards, and forms.js puts the text back.
import { createElement as h, useEffect, useRef, useState } from "react";

const LOGIN = "/session/login";

function signInPage() {
  const here = location.pathname + location.search;
  return here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`;
}

// Nobody has done anything here yet: there is nothing to lose, so the sign-in page will do.
let isUsed = false;
if (typeof document !== "undefined") {
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { isUsed = true; }, { capture: true, once: true });
  }
}

export function SignInAgain({ account = "" }) {
  const dialog = useRef(null);
  const password = useRef(null);
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState("");

  useEffect(() => {
    window.desk = Object.assign(window.desk ?? {}, {
      signInAgain() {
        if (isUsed) setOpen(true);
        else location.assign(signInPage());
      },
    });
  }, []);
  useEffect(() => {
    if (!isOpen || !dialog.current || dialog.current.open) return;
    // Another open dialog hides everything beside it from screen readers; this one is above it.
    for (let el = dialog.current; el; el = el.parentElement) el.removeAttribute("aria-hidden");
    dialog.current.showModal();
    // The username is known: what is to be typed is the password.
    if (account) password.current?.focus();
  }, [isOpen]);

  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      const answer = await fetch(LOGIN, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new FormData(event.target),
      });
      if (answer.ok) { location.reload(); return; }
      setError((await answer.json()).error ?? "Signing in failed. Try again.");
      password.current?.select();
    } catch {
      setError("The server cannot be reached. Try again in a moment.");
    }
    setBusy(false);
  };

  return h(
    "span",
    { "data-account": account, hidden: !isOpen },
    isOpen && h(
      "dialog",
      { ref: dialog, className: "sign-in-again", "aria-labelledby": "sign-in-again", onCancel: (event) => event.preventDefault() },
      h("form", { onSubmit: submit, className: "small-form" },
        h("h2", { id: "sign-in-again" }, "Your session has ended"),
        h("p", { className: "soft" }, "Sign in again to go on. What you wrote is kept on this device."),
        h("label", null, "Username or e-mail",
          h("input", { name: "username", className: "input", defaultValue: account, autoComplete: "username", required: true })),
        h("label", null, "Password",
          h("input", { ref: password, name: "password", type: "password", className: "input", autoComplete: "current-password", required: true })),
        h("p", { className: "field-error", role: "alert" }, error),
        h("div", { className: "end" },
          h("a", { href: signInPage(), className: "text-link" }, "Go to the sign-in page"),
          h("button", { type: "submit", className: "button primary", disabled: isBusy }, "Sign in"))),
    ),
  );
}
