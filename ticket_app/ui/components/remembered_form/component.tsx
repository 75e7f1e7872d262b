/** A form that the browser posts itself, and that restores its text if the server rejects it. */
import { useEffect, useRef, type ComponentProps } from "react";
import { isTextField } from "../dom/fields.ts";

const isRemembered = (control: Element): control is HTMLInputElement =>
  control instanceof HTMLInputElement && control.name !== "" && ["text", "email"].includes(control.type);

function take(key: string): Record<string, string> {
  try {
    const values = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    sessionStorage.removeItem(key);
    return values;
  } catch { return {}; /* private mode */ }
}

export function RememberedForm({ name, ...props }: ComponentProps<"form"> & { name: string }) {
  const form = useRef<HTMLFormElement>(null);
  const key = `form.${name}`;
  useEffect(() => {
    const values = take(key);
    const element = form.current;
    if (!element || !new URLSearchParams(location.search).has("error")) return;
    for (const [field, value] of Object.entries(values)) {
      const control = element.elements.namedItem(field);
      if (isTextField(control) && !control.value) control.value = value;
    }
    // The password is not stored and has to be typed again.
    element.querySelector<HTMLInputElement>("input[type=password]")?.focus();
  }, [key]);
  const remember = () => {
    const controls = [...(form.current?.elements ?? [])].filter(isRemembered);
    const values = Object.fromEntries(controls.map((control) => [control.name, control.value]));
    try { sessionStorage.setItem(key, JSON.stringify(values)); } catch { /* private mode */ }
  };
  return <form {...props} ref={form} onSubmitCapture={remember} />;
}
