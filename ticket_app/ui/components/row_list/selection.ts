/** Selection of ranges of rows. */

/** Returns the indexes from one to another, both included, in ascending order. */
export function range(one: number, other: number): number[] {
  const [from, to] = one < other ? [one, other] : [other, one];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** A selection that Shift and an arrow key extend and shrink from the row where it began. */
export class RangeSelection {
  #anchor: Element | null = null;
  #edge: Element | null = null;

  /** Returns the changes of a move from `row` as [row, whether it is selected], and the row to focus. */
  move(rows: readonly Element[], row: Element, isDown: boolean): { changes: [Element, boolean][]; next: Element | undefined } {
    if (row !== this.#edge || !this.#anchor?.isConnected) this.#anchor = row;
    const at = rows.indexOf(row), from = rows.indexOf(this.#anchor);
    const next = rows[at + (isDown ? 1 : -1)];
    if (!next) return { changes: [], next };
    this.#edge = next;
    const isShrinking = isDown ? at < from : at > from;
    if (isShrinking) return { changes: [[row, false]], next };
    return { changes: row === this.#anchor ? [[row, true], [next, true]] : [[next, true]], next };
  }
}
