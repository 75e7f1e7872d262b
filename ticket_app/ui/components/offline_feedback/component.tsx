/** Tells a person who clicks while offline what becomes of it: Reflex keeps the event without a word. */
import { useContext, useEffect, useLayoutEffect, useRef } from "react";
import { EventLoopContext, eventLoop } from "$/utils/context-registry";
import { showsWaiting } from "../draft_form/component.tsx";
import { useIsOffline } from "../network_status/connection.ts";
import { showToast } from "../page_commands/toasts.ts";
import { TEXTS } from "../texts/texts.ts";

const JUST_NOW_MS = 500;
const AGAIN_MS = 6000;

export function OfflineFeedback() {
  const [addEvents] = useContext(EventLoopContext);
  const isOffline = useIsOffline();
  const pressed = useRef<{ at: number; form: HTMLFormElement | null }>({ at: 0, form: null });
  const shownAt = useRef(0);

  useEffect(() => {
    const note = ({ type, target }: Event) => {
      pressed.current = { at: Date.now(), form: type === "submit" ? (target as HTMLFormElement) : null };
    };
    for (const kind of ["click", "submit"]) document.addEventListener(kind, note, true);
    return () => { for (const kind of ["click", "submit"]) document.removeEventListener(kind, note, true); };
  }, []);

  // Reflex puts its own function back whenever it draws the app; this is drawn with it.
  useLayoutEffect(() => {
    const explain = () => {
      const { at, form } = pressed.current;
      const now = Date.now();
      if (now - at > JUST_NOW_MS || now - shownAt.current < AGAIN_MS || !isOffline.current()) return;
      if (form && showsWaiting(form)) return;
      shownAt.current = now;
      showToast({ text: form ? TEXTS.offline.sentLater : TEXTS.offline.doneLater, tone: "amber" });
    };
    eventLoop.addEvents = (...args) => {
      const result = addEvents(...args);
      explain();
      return result;
    };
    return () => { eventLoop.addEvents = addEvents; };
  });
  return null;
}
