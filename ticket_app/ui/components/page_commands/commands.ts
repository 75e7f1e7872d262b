/** Commands that the server can send to an open page: data, never code. */
import { clearField, isTextField } from "../dom/fields.ts";
import { currentAccount } from "../draft_form/account.ts";
import { unsentText } from "../draft_form/storage.ts";
import { signInAgain } from "../sign_in_again/open.ts";
import { setPreference, storedPreference, storePreference } from "../layout_panels/preferences.ts";
import { settle } from "./settled.ts";
import { dismissToastsOf, showToast, type NewToast } from "./toasts.ts";

export type Theme = "light" | "dark" | "system";
export interface Page { setTheme: (theme: Theme) => void }
type Command = (argument: never, options: Record<string, unknown>, page: Page) => void;

const MAX_TRIES = 20, PAUSE_MS = 50;

/** Waits for an element, which may be rendered shortly after the command that names it. */
async function waitForElement(id: string): Promise<HTMLElement | null> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const element = document.getElementById(id);
    if (element) return element;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return null;
}

function remember([name, value]: [string, string], { setTheme }: Page): void {
  if (name === "keys" || name === "density") setPreference(name, value);
  // The theme of the account is applied once; afterwards this browser's own theme switch wins.
  else if (name === "theme" && storedPreference("theme") !== value) {
    setTheme(value as Theme);
    storePreference("theme", value);
  }
}

/** Loads another page of this site as a new document, with a new socket and current cookies. */
function go(path: string): void {
  const target = new URL(path, location.origin);
  if (target.origin === location.origin) location.assign(target);
}

const COMMANDS: Readonly<Record<string, Command>> = {
  toast: (text: string, options) => showToast({ ...(options as unknown as NewToast), text }),
  dismiss: dismissToastsOf,
  focus: async (id: string) => (await waitForElement(id))?.focus(),
  click: async (id: string) => (await waitForElement(id))?.click(),
  clear: async (id: string) => {
    const field = await waitForElement(id);
    if (isTextField(field)) clearField(field);
  },
  go,
  signInAgain,
  settled: () => settle(),
  forget: (place: string) => unsentText.discard(currentAccount(), place),
  remember: (pair: [string, string], _, page) => remember(pair, page),
};

/** Runs the commands of a JSON object {command: argument, option: value...}; unknown ones are ignored. */
export function runCommands(text: string, page: Page): void {
  let message: Record<string, unknown>;
  try { message = JSON.parse(text); } catch { return; }
  for (const [name, argument] of Object.entries(message)) {
    if (Object.hasOwn(COMMANDS, name)) COMMANDS[name]?.(argument as never, message, page);
  }
}
