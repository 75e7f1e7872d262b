// The shortcut that a key press means, whatever the keyboard layout. A Latin letter is taken as it
// is typed, so that AZERTY, QWERTZ and Dvorak work; on a layout that types another script (Cyrillic,
// Greek, Hebrew, Arabic...) the key's place on the board decides.
const LATIN = /^\p{Script=Latin}$/u;
const LETTER = /^\p{L}/u;
const NAMED = /^[A-Z][A-Za-z0-9]+$/;
const UNFINISHED = new Set(["Process", "Dead", "Compose", "Unidentified"]);
const SIGNS = {
  BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:", Quote: "'\"",
  Comma: ",<", Period: ".>", Slash: "/?", Minus: "-_", Equal: "=+", Backquote: "`~",
};
let typesLatin = true;
navigator.keyboard?.getLayoutMap?.().then((map) => { typesLatin = LATIN.test(map.get("KeyA") ?? "a"); }, () => {});

function byPlace(event) {
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return letter[1].toLowerCase();
  return SIGNS[event.code]?.[event.shiftKey ? 1 : 0] ?? event.key;
}

const isAltGraph = (event) => event.getModifierState?.("AltGraph") ?? false;

// The key as shortcuts name it: a small letter, a sign, or a name such as "Enter"; "" for none.
export function keyOf(event) {
  const { key } = event;
  if (event.isComposing || event.keyCode === 229 || UNFINISHED.has(key)) return "";
  if (NAMED.test(key)) return key;
  if (LATIN.test(key)) {
    typesLatin = true;
    return isAltGraph(event) ? "" : key.toLowerCase();
  }
  if (LETTER.test(key)) {
    typesLatin = false;
    return isAltGraph(event) ? "" : byPlace(event);
  }
  return typesLatin || isAltGraph(event) ? key : byPlace(event);
}

// Ctrl (or Cmd) and Alt; AltGr, which Windows reports as both, only chooses the sign.
export function modifiersOf(event) {
  const chooses = isAltGraph(event);
  return { ctrl: !chooses && (event.ctrlKey || event.metaKey), alt: !chooses && event.altKey };
}
