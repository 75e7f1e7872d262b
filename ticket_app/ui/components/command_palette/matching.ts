/** Fuzzy matching of a query with a label: word starts, initials, letters in order, one typo. */

export interface Match { score: number; /** The positions of the matched letters. */ at: readonly number[] }

/** Folds a text letter by letter, so that positions stay those of the label. */
const fold = (text: string): string[] => [...text].map((letter) => letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().charAt(0) || letter);

const isWordStart = (letters: readonly string[], at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(letters[at - 1] ?? "");

const range = (from: number, length: number): number[] => Array.from({ length }, (_, n) => from + n);

/** The first position of `word` in the letters, at the start of a word if possible. */
function findWord(letters: readonly string[], word: readonly string[], from = 0): Match | null {
  let inside: Match | null = null;
  for (let at = from; at + word.length <= letters.length; at++) {
    if (!word.every((letter, n) => letters[at + n] === letter)) continue;
    if (isWordStart(letters, at)) return { score: at === 0 ? 100 : 80, at: range(at, word.length) };
    inside ??= { score: 40, at: range(at, word.length) };
  }
  return inside;
}

/** Each letter begins a word or follows the letter before: "nt" and "newt" in "New ticket". */
function findInitials(letters: readonly string[], word: readonly string[]): Match | null {
  const search = (from: number, n: number): number[] | null => {
    if (n === word.length) return [];
    for (let at = from; at < letters.length; at++) {
      if (letters[at] !== word[n] || !(isWordStart(letters, at) || (n > 0 && at === from))) continue;
      const rest = search(at + 1, n + 1);
      if (rest) return [at, ...rest];
    }
    return null;
  };
  const at = search(0, 0);
  return at && { score: 60, at };
}

/** A word of the label that begins like `word` with one letter wrong, missing, too many or swapped. */
function findTypo(letters: readonly string[], word: readonly string[]): Match | null {
  if (word.length < 4) return null;
  for (let at = 0; at < letters.length; at++) {
    if (!isWordStart(letters, at)) continue;
    const rest = letters.slice(at);
    const same = word.findIndex((letter, n) => rest[n] !== letter);
    if (same < 1) continue;
    const fits = (skipTyped: number, skipLabel: number) => word.slice(same + skipTyped).every((letter, n) => rest[same + skipLabel + n] === letter);
    const isSwapped = word[same] === rest[same + 1] && word[same + 1] === rest[same];
    for (const [typed, label] of [[1, 1], [1, 0], [0, 1], ...(isSwapped ? [[2, 2]] : [])] as [number, number][]) {
      if (fits(typed, label)) return { score: 20, at: [...range(at, same), ...range(at + same + label, Math.max(0, word.length - same - typed))] };
    }
  }
  return null;
}

/** Returns how well a query matches a label; null if one of its words does not match. */
export function matchLabel(query: string, label: string): Match | null {
  const letters = fold(label);
  const words = query.trim().split(/\s+/).filter(Boolean);
  let score = 0;
  const at = new Set<number>();
  for (const text of words) {
    const word = fold(text);
    const found = findWord(letters, word) ?? findInitials(letters, word) ?? findTypo(letters, word);
    if (!found) return null;
    score += found.score;
    for (const position of found.at) at.add(position);
  }
  return { score: words.length ? score / words.length - letters.length / 100 : 0, at: [...at].sort((a, b) => a - b) };
}
