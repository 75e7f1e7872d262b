/** Reads and writes a query parameter, or one end of a parameter that is a range (`first..last`). */

const RANGE_SEPARATOR = "..";
const SIDES = { first: 0, last: 1 } as const;
export type Side = "" | keyof typeof SIDES;

export function readParam(search: string, param: string, side: Side): string {
  const value = new URLSearchParams(search).get(param) ?? "";
  if (!side) return value;
  return value.includes(RANGE_SEPARATOR) ? (value.split(RANGE_SEPARATOR)[SIDES[side]] ?? "") : "";
}

/** Returns the query with the parameter set to `text` and without the parameters in `resets`. */
export function writeParam(search: string, param: string, side: Side, text: string, resets: readonly string[]): string {
  const params = new URLSearchParams(search);
  let value = text;
  if (side) {
    const sides = [readParam(search, param, "first"), readParam(search, param, "last")];
    sides[SIDES[side]] = text;
    value = sides.some(Boolean) ? sides.join(RANGE_SEPARATOR) : "";
  }
  if (value) params.set(param, value);
  else params.delete(param);
  for (const name of resets) params.delete(name);
  const query = params.toString();
  return query ? `?${query}` : "";
}
