/** What the server may ask an open page to do: data, never code. */
import { clearField, isTextField } from "../dom/fields.ts";
import { currentAccount } from "../draft_form/account.ts";
import { unsentText } from "../draft_form/storage.ts";
import { signInAgain } from "../sign_in_again/open.ts";
import { setPreference, storedPreference, storePreference } from "../layout_panels/preferences.ts";
import { settle } from "./settled.ts";
import { showToast, type NewToast } from "./toasts.ts";

export type Theme = "light" | "dark" | "system";
export interface Page { setTheme: (theme: Theme) => void }
type Command = (argument: never, options: Record<string, unknown>, page: Page) => void;

const TRIES = 20, PAUSE_MS = 50;

/** What the server has just drawn may appear a moment after its command about it. */
async function appears(id: string): Promise<HTMLElement | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const element = document.getElementById(id);
    if (element) return element;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return null;
}

function remember([name, value]: [string, string], { setTheme }: Page): void {
  if (name === "keys" || name === "density") setPreference(name, value);
  // A theme kept with the account reaches this browser once; its own switch is stronger afterwards.
  else if (name === "theme" && storedPreference("theme") !== value) {
    setTheme(value as Theme);
    storePreference("theme", value);
  }
}

/** Load another page of this site as a new document, with a new socket and today's cookies. */
function go(path: string): void {
  const target = new URL(path, location.origin);
  if (target.origin === location.origin) location.assign(target);
}

const COMMANDS: Readonly<Record<string, Command>> = {
  toast: (text: string, options) => showToast({ ...(options as unknown as NewToast), text }),
  focus: async (id: string) => (await appears(id))?.focus(),
  click: async (id: string) => (await appears(id))?.click(),
  clear: async (id: string) => {
    const field = await appears(id);
    if (isTextField(field)) clearField(field);
  },
  go,
  signInAgain,
  settled: () => settle(),
  forget: (place: string) => unsentText.discard(currentAccount(), place),
  remember: (pair: [string, string], _, page) => remember(pair, page),
};

/** `text` is JSON: {command: argument, option: value...}. What it does not know it ignores. */
export function runCommands(text: string, page: Page): void {
  let words: Record<string, unknown>;
  try { words = JSON.parse(text); } catch { return; }
  for (const [name, argument] of Object.entries(words)) {
    if (Object.hasOwn(COMMANDS, name)) COMMANDS[name]?.(argument as never, words, page);
  }
}
