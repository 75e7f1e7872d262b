/** Sends a form's values to the server, shortly after the last key press and when a field loses the focus. */
import { useCallback, useEffect, useRef, type RefObject } from "react";
import { valuesOf } from "./form_values.ts";

const DELAY_MS = 600;

/** Returns a function that returns the text that is sent to the server. */
export function useDraftReports(form: RefObject<HTMLFormElement | null>, onDraft?: (content: string) => void): () => string {
  const touched = useRef(new Set<string>());
  const handler = useRef(onDraft);
  useEffect(() => { handler.current = onDraft; }, [onDraft]);
  const isReporting = onDraft !== undefined;

  const content = useCallback(() => {
    const element = form.current;
    if (!element) return "";
    if (!isReporting) return element.querySelector("textarea")?.value ?? "";
    return JSON.stringify({ values: valuesOf(element), touched: [...touched.current] });
  }, [form, isReporting]);

  useEffect(() => {
    const element = form.current;
    if (!element || !isReporting) return undefined;
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
      timer = setTimeout(report, DELAY_MS);
    };
    const onVisibility = () => { if (document.hidden) reportPending(); };
    // In a form of several fields, Enter does not submit.
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
  }, [form, isReporting, content]);
  return content;
}
