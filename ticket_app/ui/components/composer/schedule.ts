/** The times that a reply can be scheduled for with one click, in this browser's time zone. */

const MIN_HOURS_AHEAD = 2, LAST_HOUR = 22, MORNING_HOUR = 9;

/** The next full hour that is at least two hours ahead; undefined if that is late at night. */
export function laterToday(now: Date): Date | undefined {
  const at = new Date(now);
  at.setHours(Math.ceil(now.getHours() + now.getMinutes() / 60 + MIN_HOURS_AHEAD), 0, 0, 0);
  return at.getDate() === now.getDate() && at.getHours() <= LAST_HOUR ? at : undefined;
}

export function tomorrowMorning(now: Date): Date {
  const at = new Date(now);
  at.setDate(at.getDate() + 1);
  at.setHours(MORNING_HOUR, 0, 0, 0);
  return at;
}

export const clockTime = (at: Date): string => at.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });
