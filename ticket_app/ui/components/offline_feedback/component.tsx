/** Shows a message to a person who clicks while offline: Reflex queues the event without any feedback. */
import { useContext, useEffect, useLayoutEffect, useRef } from "react";
import { EventLoopContext, eventLoop } from "$/utils/context-registry";
import { showsWaiting } from "../draft_form/component.tsx";
import { reportUnreachable, sendReports } from "../failure_reports/reports.ts";
import { useHasConnectionErrors, useIsOffline } from "../network_status/connection.ts";
import { showToast } from "../page_commands/toasts.ts";
import { TEXTS } from "../texts/texts.ts";

const RECENT_MS = 500;
const MIN_INTERVAL_MS = 6000;

export function OfflineFeedback() {
  const [addEvents] = useContext(EventLoopContext);
  const isOffline = useIsOffline();
  const hasErrors = useHasConnectionErrors();
  const pressed = useRef<{ at: number; form: HTMLFormElement | null }>({ at: 0, form: null });
  const shownAt = useRef(0);

  useEffect(() => {
    const recordPress = ({ type, target }: Event) => {
      pressed.current = { at: Date.now(), form: type === "submit" ? (target as HTMLFormElement) : null };
    };
    for (const kind of ["click", "submit"]) document.addEventListener(kind, recordPress, true);
    return () => { for (const kind of ["click", "submit"]) document.removeEventListener(kind, recordPress, true); };
  }, []);

  useEffect(() => {
    if (hasErrors) reportUnreachable("connection");
    else void sendReports();
  }, [hasErrors]);

  // Reflex replaces the function whenever it renders the app, and renders this component with it.
  useLayoutEffect(() => {
    const showMessage = () => {
      const { at, form } = pressed.current;
      const now = Date.now();
      if (now - at > RECENT_MS || now - shownAt.current < MIN_INTERVAL_MS || !isOffline.current()) return;
      if (form && showsWaiting(form)) return;
      shownAt.current = now;
      showToast({ text: form ? TEXTS.offline.sentLater : TEXTS.offline.doneLater, tone: "amber" });
    };
    eventLoop.addEvents = (...args) => {
      const result = addEvents(...args);
      showMessage();
      return result;
    };
    return () => { eventLoop.addEvents = addEvents; };
  });
  return null;
}
