/** Stores the position in each list for this tab. */

export interface Position { top: number; href: string; index: number }
export const START: Position = { top: 0, href: "", index: 0 };

const KEY = "list-positions";
const MAX_POSITIONS = 30;

/** Returns the key of a list: its address, with the parameters in a fixed order. */
export function nameOf({ pathname, search }: { pathname: string; search: string }): string {
  const params = new URLSearchParams(search);
  params.sort();
  return `${pathname}?${params}`;
}

function readAll(): [string, Position][] {
  try { return JSON.parse(sessionStorage.getItem(KEY) ?? "[]"); } catch { return []; }
}

export function savePosition(name: string, position: Position): void {
  const others = readAll().filter(([other]) => other !== name);
  try { sessionStorage.setItem(KEY, JSON.stringify([...others, [name, position]].slice(-MAX_POSITIONS))); } catch { /* private mode */ }
}

export const loadPosition = (name: string): Position | undefined => readAll().find(([other]) => other === name)?.[1];
