/** A list of rows with keyboard navigation and selection of ranges. */
import { useRef, type ComponentProps, type KeyboardEvent, type MouseEvent } from "react";
import { isTypedInto } from "../dom/fields.ts";
import { keyOf, modifiersOf } from "../dom/keyboard.ts";
import { preference } from "../layout_panels/preferences.ts";
import { focusRow } from "./navigation.ts";
import { range, RangeSelection } from "./selection.ts";

const boxIn = (row: Element) => row.querySelector<HTMLInputElement>("[data-row-checkbox]");

function setSelected(row: Element, isSelected: boolean): void {
  const box = boxIn(row);
  if (!box) return;
  // The server renders the checkbox and may lag behind: a click must always request the new state.
  if (box.checked === isSelected) box.checked = !isSelected;
  box.click();
}

/** A row has `data-row` and a link; the checkbox that selects it has `data-row-checkbox`. */
export function RowList(props: ComponentProps<"div">) {
  const list = useRef<HTMLDivElement>(null);
  const lastBox = useRef<HTMLInputElement>(null);
  const selection = useRef(new RangeSelection());

  const onClickCapture = (event: MouseEvent) => {
    const box = (event.target as Element).closest<HTMLInputElement>("[data-row-checkbox]");
    if (!box) return;
    const boxes = [...(list.current?.querySelectorAll<HTMLInputElement>("[data-row-checkbox]") ?? [])];
    if (event.shiftKey && lastBox.current?.isConnected) {
      for (const index of range(boxes.indexOf(lastBox.current), boxes.indexOf(box))) {
        const other = boxes[index];
        if (other && other !== box && other.checked !== box.checked) setTimeout(() => other.click());
      }
    }
    lastBox.current = box;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event.nativeEvent), { ctrl, alt } = modifiersOf(event.nativeEvent);
    const row = (event.target as Element).closest("[data-row]");
    if (event.defaultPrevented || !key || ctrl || alt || !row || preference("keys") === "off" || isTypedInto(event.target)) return;
    if (event.shiftKey && (key === "ArrowDown" || key === "ArrowUp") && boxIn(row)) {
      event.preventDefault();
      const rows = [...(list.current?.querySelectorAll("[data-row]") ?? [])];
      const { changes, next } = selection.current.move(rows, row, key === "ArrowDown");
      for (const [changed, isSelected] of changes) setSelected(changed, isSelected);
      focusRow(next);
      return;
    }
    // With a selection, the shortcuts of the bulk actions apply instead.
    if (event.shiftKey || list.current?.querySelector("[data-row-checkbox]:checked")) return;
    const action = row.querySelector<HTMLElement>(`[data-row-shortcut="${CSS.escape(key)}"]`);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action.click();
  };
  return <div {...props} ref={list} data-row-list="true" onClickCapture={onClickCapture} onKeyDown={onKeyDown} />;
}
