/** Telling the server what a form holds, a moment after the last key and when a field is left. */
import { useCallback, useEffect, useRef, type RefObject } from "react";
import { valuesOf } from "./form_values.ts";

const PAUSE_MS = 600;

/** Returns a function that gives what the server was, or would be, told. */
export function useDraftReports(form: RefObject<HTMLFormElement | null>, onDraft?: (content: string) => void): () => string {
  const touched = useRef(new Set<string>());
  const handler = useRef(onDraft);
  useEffect(() => { handler.current = onDraft; }, [onDraft]);
  const reports = onDraft !== undefined;

  const content = useCallback(() => {
    const element = form.current;
    if (!element) return "";
    if (!reports) return element.querySelector("textarea")?.value ?? "";
    return JSON.stringify({ values: valuesOf(element), touched: [...touched.current] });
  }, [form, reports]);

  useEffect(() => {
    const element = form.current;
    if (!element || !reports) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const cancel = () => {
      clearTimeout(timer);
      timer = undefined;
    };
    const report = () => {
      cancel();
      handler.current?.(content());
    };
    const reportPending = () => { if (timer !== undefined) report(); };
    const onChange = ({ target }: Event) => {
      const { name, form: owner } = target as HTMLInputElement;
      if (!name || owner !== element) return;
      touched.current.add(name);
      cancel();
      timer = setTimeout(report, PAUSE_MS);
    };
    const onVisibility = () => { if (document.hidden) reportPending(); };
    // Enter ends a line of a long form; it does not send it.
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as Element;
      if (event.key === "Enter" && target.matches("input:not([type=submit],[type=file])")) event.preventDefault();
    };
    element.addEventListener("input", onChange);
    element.addEventListener("change", onChange);
    element.addEventListener("focusout", reportPending);
    element.addEventListener("keydown", onKeyDown);
    element.addEventListener("submit", cancel, true);
    document.addEventListener("visibilitychange", onVisibility);
    addEventListener("pagehide", reportPending);
    return () => {
      cancel();
      element.removeEventListener("input", onChange);
      element.removeEventListener("change", onChange);
      element.removeEventListener("focusout", reportPending);
      element.removeEventListener("keydown", onKeyDown);
      element.removeEventListener("submit", cancel, true);
      document.removeEventListener("visibilitychange", onVisibility);
      removeEventListener("pagehide", reportPending);
    };
  }, [form, reports, content]);
  return content;
}
