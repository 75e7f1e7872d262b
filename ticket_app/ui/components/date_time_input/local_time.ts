/** Between a time in UTC (ISO) and what a `datetime-local` field holds, in this browser's zone. */

export function toLocal(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function toUtc(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

export const timeZoneName = (): string =>
  (Intl.DateTimeFormat().resolvedOptions().timeZone ?? "").replaceAll("_", " ");
