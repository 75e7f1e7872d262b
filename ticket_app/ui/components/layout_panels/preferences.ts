/** Layout preferences of this browser. assets/js/before_paint.js applies them before the first paint. */

// The keys in the browser's storage never change, so that a new version finds what people have chosen.
const STORAGE_KEYS = {
  sidebar: "desk.rail", density: "desk.density", keys: "desk.keys", list: "desk.list", theme: "desk.theme",
};
export type Preference = keyof typeof STORAGE_KEYS;
/** Those that the page shows as an attribute of its root element. */
type RootPreference = "sidebar" | "density" | "keys";

export function storedPreference(name: Preference): string | null {
  try { return localStorage.getItem(STORAGE_KEYS[name]); } catch { return null; /* private mode */ }
}

export function storePreference(name: Preference, value: string): void {
  try { localStorage.setItem(STORAGE_KEYS[name], value); } catch { /* private mode */ }
}

/** The value that applies to this page. */
export const preference = (name: RootPreference): string => document.documentElement.dataset[name] ?? "";

export function setPreference(name: RootPreference, value: string): void {
  document.documentElement.dataset[name] = value;
  storePreference(name, value);
}
