/** Converts between UTC (ISO 8601) and the value of a `datetime-local` field in this browser's time zone. */

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
