/** Finds the key of a key press on any keyboard layout. A Latin letter is taken as it is typed, so that
 * AZERTY, QWERTZ and Dvorak work; on a layout of another script (Cyrillic, Greek, Hebrew, Arabic...) the
 * position of the key decides. */

const LATIN = /^\p{Script=Latin}$/u;
const LETTER = /^\p{L}/u;
const NAMED_KEY = /^[A-Z][A-Za-z0-9]+$/;
const COMPOSING_KEYS = new Set(["Process", "Dead", "Compose", "Unidentified"]);
const SYMBOLS: Readonly<Record<string, string>> = {
  BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"",
  Comma: ",<", Period: ".>", Slash: "/?", Minus: "-_", Equal: "=+", Backquote: "`~",
};

export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "keyCode" | "getModifierState">;

interface LayoutMap { get(code: string): string | undefined }
interface WithKeyboard { keyboard?: { getLayoutMap?: () => Promise<LayoutMap> } }

/** Whether the keyboard layout has Latin letters, judged by the last letter that was typed. */
let isLatin = true;
const { keyboard } = (typeof navigator === "undefined" ? {} : navigator) as WithKeyboard;
keyboard?.getLayoutMap?.().then((map) => { isLatin = LATIN.test(map.get("KeyA") ?? "a"); }, () => {});

function byPosition({ code, key, shiftKey }: KeyPress): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter?.toLowerCase() ?? SYMBOLS[code]?.[shiftKey ? 1 : 0] ?? key;
}

const hasAltGraph = (event: KeyPress): boolean => event.getModifierState("AltGraph");

/** Returns the key as shortcuts name it: a lower-case letter, a symbol or a name such as "Enter"; "" for none. */
export function keyOf(event: KeyPress): string {
  const { key } = event;
  if (event.isComposing || event.keyCode === 229 || COMPOSING_KEYS.has(key)) return "";
  if (NAMED_KEY.test(key)) return key;
  if (LETTER.test(key)) {
    isLatin = LATIN.test(key);
    if (hasAltGraph(event)) return "";
    return isLatin ? key.toLowerCase() : byPosition(event);
  }
  return isLatin || hasAltGraph(event) ? key : byPosition(event);
}

/** Returns whether Ctrl (or Cmd) and Alt are pressed. Windows reports AltGr as both; it only selects a symbol. */
export function modifiersOf(event: KeyPress): { ctrl: boolean; alt: boolean } {
  const isAltGraph = hasAltGraph(event);
  return { ctrl: !isAltGraph && (event.ctrlKey || event.metaKey), alt: !isAltGraph && event.altKey };
}

/** Returns the event as shortcuts are written: Shift counts for letters and named keys, not for symbols. */
export function asShortcutEvent(event: KeyPress): KeyboardEvent {
  const key = keyOf(event);
  const shiftKey = event.shiftKey && (/^[a-z]$/.test(key) || key.length > 1);
  return new KeyboardEvent("keydown", { key, code: event.code || key, shiftKey });
}
