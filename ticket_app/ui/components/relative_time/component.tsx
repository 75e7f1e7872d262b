/** Times that stay current while the page is open. */
import { useEffect } from "react";
import { setServerTime, useNow } from "./clock.ts";
import { formatDueTime, formatTime, type DueTimes, type TimeStyle } from "./format.ts";

export function RelativeTime({ at = "", format = "relative" }: { at?: string; format?: TimeStyle }) {
  const now = useNow();
  const { text, title } = now ? formatTime(at, format, now) : { text: "", title: "" };
  return <time dateTime={at} title={title}>{text}</time>;
}

export function DueTime({ due = "", since, state, goal }: DueTimes) {
  const now = useNow();
  if (!now || !due) return <span className="sla-chip" />;
  const { text, title, tone } = formatDueTime({ due, since, state, goal }, now);
  return <span className="sla-chip" data-tone={tone} title={title}>{text}</span>;
}

export function ServerClock({ now = "" }: { now?: string }) {
  useEffect(() => setServerTime(now), [now]);
  return null;
}
