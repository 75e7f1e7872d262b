/** What this browser remembers of the layout. assets/js/before_paint.js applies it before the first paint. */

export type Preference = "rail" | "density" | "keys" | "list" | "theme";

// The prefix stays what it was, so that a new version finds what people have chosen.
const keyOf = (name: Preference): string => `desk.${name}`;

export function storedPreference(name: Preference): string | null {
  try { return localStorage.getItem(keyOf(name)); } catch { return null; /* private mode */ }
}

export function storePreference(name: Preference, value: string): void {
  try { localStorage.setItem(keyOf(name), value); } catch { /* private mode */ }
}

/** What is in force on this page. */
export const preference = (name: "rail" | "density" | "keys"): string => document.documentElement.dataset[name] ?? "";

export function setPreference(name: "rail" | "density" | "keys", value: string): void {
  document.documentElement.dataset[name] = value;
  storePreference(name, value);
}
