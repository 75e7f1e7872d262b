import assert from "node:assert/strict";
import { test } from "node:test";
import { useState } from "react";
import { click, find, press, render, wait } from "../testing/render.tsx";
import { RowList } from "./component.tsx";
import { rowAfter } from "./navigation.ts";
import { range } from "./selection.ts";

test("keys move within the list; arrows only from inside", () => {
  assert.deepEqual([rowAfter("j", -1, 3), rowAfter("j", 2, 3), rowAfter("k", 0, 3), rowAfter("End", 0, 3), rowAfter("Home", 2, 3)], [0, 2, 0, 2, 0]);
  assert.deepEqual([rowAfter("ArrowDown", 0, 3), rowAfter("ArrowUp", 1, 3), rowAfter("ArrowDown", -1, 3), rowAfter("q", 1, 3)], [1, 0, undefined, undefined]);
});

test("a range has both its ends", () => {
  assert.deepEqual(range(1, 3), [1, 2, 3]);
  assert.deepEqual(range(3, 1), [1, 2, 3]);
});

function Rows({ pressed }: { pressed: string[] }) {
  const [selected, select] = useState<number[]>([]);
  return (
    <RowList>
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} data-row="true">
          <input
            type="checkbox" data-row-checkbox="true" checked={selected.includes(row)}
            onChange={(event) => { const isOn = event.target.checked; select((all) => (isOn ? [...all, row] : all.filter((one) => one !== row))); }}
          />
          <a href={`/${row}`}>{row}</a>
          <button type="button" data-row-shortcut="p" onClick={() => pressed.push(`priority of ${row}`)} />
        </div>
      ))}
    </RowList>
  );
}

async function drawn() {
  const pressed: string[] = [];
  const list = await render(<Rows pressed={pressed} />);
  const boxes = [...list.place.querySelectorAll<HTMLInputElement>("input")];
  const links = [...list.place.querySelectorAll<HTMLAnchorElement>("a")];
  return { ...list, pressed, boxes, links, selected: () => boxes.flatMap((box, row) => (box.checked ? [row] : [])) };
}

test("Shift and a click select all between the last box and this one", async () => {
  const { boxes, selected, remove } = await drawn();
  await click(boxes[1]!);
  boxes[3]!.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
  await wait(20);
  assert.deepEqual(selected(), [1, 2, 3]);
  await remove();
});

test("Shift and an arrow extend the selection and shorten it on the way back", async () => {
  const { links, selected, remove } = await drawn();
  const arrow = (key: string) => press(document.activeElement as HTMLElement, key, { shiftKey: true });
  links[0]!.focus();
  for (let times = 0; times < 3; times++) await arrow("ArrowDown");
  assert.deepEqual(selected(), [0, 1, 2, 3]);
  await arrow("ArrowUp");
  await arrow("ArrowUp");
  assert.deepEqual(selected(), [0, 1]);
  assert.equal(document.activeElement, links[1]);
  await remove();
});

test("a row's own key acts on the row with the focus, unless rows are selected", async () => {
  const { links, boxes, pressed, place, remove } = await drawn();
  await press(links[2]!, "p");
  await click(boxes[0]!);
  await press(links[2]!, "p");
  assert.deepEqual(pressed, ["priority of 2"]);
  assert.equal(find(place, "[data-row-list]").contains(links[2]!), true);
  await remove();
});
