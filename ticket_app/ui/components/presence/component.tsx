/** Reports what a person does on the page of a ticket, when it changes. */
import { useEffect, useRef } from "react";
import { CLEARED } from "../dom/fields.ts";
import { activityOf, nextChange, writingIn, type Activity, type Signs } from "./activity.ts";

interface Props { ticketId?: number; visit?: number; onActivity?: (ticketId: number, activity: Activity) => void }

/** `visit` grows when the page has loaded, also after the connection was lost: then all is reported again. */
export function PresenceReporter({ ticketId = 0, visit = 0, onActivity }: Props) {
  const report = useRef(onActivity);
  report.current = onActivity;
  useEffect(() => {
    if (!ticketId || !visit) return undefined;
    const signs: Signs = { writing: null, typedAt: 0, touchedAt: Date.now(), isHidden: document.hidden };
    let last: Activity | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = () => {
      const now = Date.now();
      const activity = activityOf(signs, now);
      if (activity !== last) report.current?.(ticketId, activity);
      last = activity;
      clearTimeout(timer);
      const wait = nextChange(signs, now);
      if (wait !== null) timer = setTimeout(update, wait);
    };
    const touch = () => {
      // Moves of the pointer are many: what follows from them is looked at only after a pause.
      const wasIdle = last === "away";
      signs.touchedAt = Date.now();
      if (wasIdle) update();
    };
    const onInput = ({ target }: Event) => {
      const now = Date.now();
      const writing = writingIn(target);
      Object.assign(signs, { touchedAt: now, typedAt: writing ? now : signs.typedAt, writing });
      update();
    };
    const stopWriting = () => { signs.writing = null; update(); };
    const onVisibility = () => {
      signs.isHidden = document.hidden;
      if (!document.hidden) signs.touchedAt = Date.now();
      update();
    };
    const listeners: [string, (event: Event) => void][] = [
      ["pointermove", touch], ["pointerdown", touch], ["keydown", touch], ["wheel", touch],
      ["input", onInput], [CLEARED, stopWriting], ["visibilitychange", onVisibility],
    ];
    for (const [kind, listener] of listeners) document.addEventListener(kind, listener, { passive: true });
    update();
    return () => {
      clearTimeout(timer);
      for (const [kind, listener] of listeners) document.removeEventListener(kind, listener);
    };
  }, [ticketId, visit]);
  return null;
}
