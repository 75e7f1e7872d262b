/** What a person does on the page of a ticket, from what they last typed and touched. */
import { fieldValue, isTextField } from "../dom/fields.ts";

export type Activity = "away" | "viewing" | "editing" | "note" | "reply";
export type Writing = Extract<Activity, "editing" | "note" | "reply">;

/** After this long without a key they no longer write. */
export const WRITING_MS = 20_000;
/** After this long without a key, a click or a move of the pointer they are away. */
export const IDLE_MS = 120_000;

export interface Signs { writing: Writing | null; typedAt: number; touchedAt: number; isHidden: boolean }

export function activityOf({ writing, typedAt, touchedAt, isHidden }: Signs, now: number): Activity {
  if (isHidden) return "away";
  if (writing && now - typedAt < WRITING_MS) return writing;
  return now - touchedAt < IDLE_MS ? "viewing" : "away";
}

/** When the activity can change next without anything happening; null if it cannot. */
export function nextChange({ writing, typedAt, touchedAt, isHidden }: Signs, now: number): number | null {
  if (isHidden) return null;
  if (writing && now - typedAt < WRITING_MS) return typedAt + WRITING_MS - now;
  return now - touchedAt < IDLE_MS ? touchedAt + IDLE_MS - now : null;
}

/** What is written in a field: a comment in the composer, a change in other forms; null in a search field or an empty composer. */
export function writingIn(field: EventTarget | null): Writing | null {
  if (!isTextField(field) || field.type === "search" || field.closest("[role=search],[role=menu]")) return null;
  if (field.form?.id !== "composer") return field.form ? "editing" : null;
  if (!(field instanceof HTMLTextAreaElement) || !field.value.trim()) return null;
  return fieldValue(field.form, "audience") === "note" ? "note" : "reply";
}
