/** Formats times and due times. All numbers are milliseconds since 1970. */
import { TEXTS } from "../texts/texts.ts";

export type TimeStyle = "relative" | "short" | "exact" | "clock";
export type SlaState = "" | "running" | "paused" | "met" | "breached" | "not_applicable";
export type Tone = "gray" | "amber" | "red" | "green" | "blue";
export interface Shown { text: string; title: string }
export interface DueTimes { due: string; since?: string; state?: SlaState | string; goal?: string }

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const NOTHING: Shown = { text: "", title: "" };

// The interface is in English; dates and times follow the locale of the browser.
const ago = new Intl.RelativeTimeFormat("en", { style: "narrow" });
const unitFormat = (unit: "minute" | "hour" | "day") =>
  new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "narrow" });
const UNITS = { minute: unitFormat("minute"), hour: unitFormat("hour"), day: unitFormat("day") };
const dateFormat = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options);
const exact = dateFormat({ dateStyle: "medium", timeStyle: "short" });
const clock = dateFormat({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayAndMonth = dateFormat({ day: "numeric", month: "short" });
const monthAndYear = dateFormat({ month: "short", year: "numeric" });
const wholeDate = dateFormat({ day: "numeric", month: "short", year: "numeric" });

/** Returns a duration in its largest unit; at least one minute. */
function measure(ms: number): [number, "minute" | "hour" | "day"] {
  if (ms < HOUR) return [Math.max(1, Math.floor(ms / MINUTE)), "minute"];
  if (ms < DAY) return [Math.floor(ms / HOUR), "hour"];
  return [Math.floor(ms / DAY), "day"];
}

function formatDuration(ms: number): string {
  const [count, unit] = measure(ms);
  return UNITS[unit].format(count);
}

/** Shows the minutes, too, between one and two hours. */
function formatTimeLeft(ms: number): string {
  if (ms < HOUR || ms >= 2 * HOUR) return formatDuration(ms);
  return `${UNITS.hour.format(1)} ${UNITS.minute.format(Math.floor((ms - HOUR) / MINUTE))}`;
}

function formatDate(at: number, isShort: boolean, now: number): string {
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) return dayAndMonth.format(at);
  return (isShort ? monthAndYear : wholeDate).format(at);
}

/** Formats a time in the past; an empty or invalid `at` is an empty text. */
export function formatTime(at: string, style: TimeStyle, now: number): Shown {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return NOTHING;
  const title = exact.format(then);
  const age = now - then;
  const isShort = style === "short";
  if (style === "exact") return { text: title, title };
  if (style === "clock") return { text: clock.format(then), title };
  if (age < MINUTE) return { text: isShort ? TEXTS.time.now : TEXTS.time.justNow, title };
  if (age >= 7 * DAY) return { text: formatDate(then, isShort, now), title };
  const [count, unit] = measure(age);
  return { text: isShort ? UNITS[unit].format(count) : ago.format(-count, unit), title };
}

/** Formats a due time: the time that is left, or the result. The last quarter is amber, the last tenth red. */
export function formatDueTime({ due, since = "", state = "", goal = "" }: DueTimes, now: number): Shown & { tone: Tone } {
  const at = Date.parse(due);
  if (Number.isNaN(at)) return { ...NOTHING, tone: "gray" };
  const prefix = goal ? `${goal}: ` : "";
  if (state === "not_applicable") {
    return { text: TEXTS.time.notApplicable, title: prefix + TEXTS.time.notApplicableTitle, tone: "gray" };
  }
  const title = prefix + TEXTS.time.due(exact.format(at));
  const left = at - now, start = Date.parse(since);
  if (state === "met") return { text: TEXTS.time.met, title, tone: "green" };
  if (state === "paused") return { text: TEXTS.time.paused, title, tone: "blue" };
  if (left < 0) return { text: TEXTS.time.over(formatDuration(-left)), title, tone: "red" };
  if (state === "breached") return { text: TEXTS.time.missed, title, tone: "red" };
  const isWithoutStart = Number.isNaN(start) || at <= start;
  const share = isWithoutStart ? (left < HOUR ? 0.2 : 1) : left / (at - start);
  return { text: formatTimeLeft(left), title, tone: share < 0.1 ? "red" : share < 0.25 ? "amber" : "gray" };
}
