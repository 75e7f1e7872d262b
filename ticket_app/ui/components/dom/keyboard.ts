/** The key that a press means, whatever the keyboard layout. A Latin letter counts as it is typed, so
 * that AZERTY, QWERTZ and Dvorak work; on a layout of another script (Cyrillic, Greek, Hebrew,
 * Arabic...) the key's position on the board decides. */

const LATIN = /^\p{Script=Latin}$/u;
const LETTER = /^\p{L}/u;
const NAMED = /^[A-Z][A-Za-z0-9]+$/;
const UNFINISHED = new Set(["Process", "Dead", "Compose", "Unidentified"]);
const SIGNS: Readonly<Record<string, string>> = {
  BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"",
  Comma: ",<", Period: ".>", Slash: "/?", Minus: "-_", Equal: "=+", Backquote: "`~",
};

export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "keyCode" | "getModifierState">;

interface LayoutMap { get(code: string): string | undefined }
interface WithKeyboard { keyboard?: { getLayoutMap?: () => Promise<LayoutMap> } }

/** Whether the person's layout types Latin letters; the last letter typed says so. */
let isLatin = true;
const { keyboard } = (typeof navigator === "undefined" ? {} : navigator) as WithKeyboard;
keyboard?.getLayoutMap?.().then((map) => { isLatin = LATIN.test(map.get("KeyA") ?? "a"); }, () => {});

function byPosition({ code, key, shiftKey }: KeyPress): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter?.toLowerCase() ?? SIGNS[code]?.[shiftKey ? 1 : 0] ?? key;
}

const hasAltGraph = (event: KeyPress): boolean => event.getModifierState("AltGraph");

/** The key as shortcuts name it: a small letter, a sign, or a name such as "Enter"; "" for none. */
export function keyOf(event: KeyPress): string {
  const { key } = event;
  if (event.isComposing || event.keyCode === 229 || UNFINISHED.has(key)) return "";
  if (NAMED.test(key)) return key;
  if (LETTER.test(key)) {
    isLatin = LATIN.test(key);
    if (hasAltGraph(event)) return "";
    return isLatin ? key.toLowerCase() : byPosition(event);
  }
  return isLatin || hasAltGraph(event) ? key : byPosition(event);
}

/** Ctrl (or Cmd) and Alt. AltGr, which Windows reports as both, only chooses the sign. */
export function modifiersOf(event: KeyPress): { ctrl: boolean; alt: boolean } {
  const isChoosing = hasAltGraph(event);
  return { ctrl: !isChoosing && (event.ctrlKey || event.metaKey), alt: !isChoosing && event.altKey };
}

/** The press as a shortcut is written: Shift counts for letters and named keys, not for signs. */
export function asShortcutEvent(event: KeyPress): KeyboardEvent {
  const key = keyOf(event);
  const shiftKey = event.shiftKey && (/^[a-z]$/.test(key) || key.length > 1);
  return new KeyboardEvent("keydown", { key, code: event.code || key, shiftKey });
}
