import assert from "node:assert/strict";
import { test } from "node:test";
import { DropdownMenu, Theme } from "@radix-ui/themes";
import { press, render } from "../testing/render.tsx";
import { KeyedMenuContent, KeyedMenuItem } from "./component.tsx";

test("a key chooses its item of the open menu, other keys none", async () => {
  const chosen: string[] = [];
  const { remove } = await render(
    <Theme>
      <DropdownMenu.Root open modal={false}>
        <DropdownMenu.Trigger><button type="button">Macros</button></DropdownMenu.Trigger>
        <KeyedMenuContent>
          <KeyedMenuItem itemKey="1" onChoose={() => chosen.push("solve")}>Solve</KeyedMenuItem>
          <KeyedMenuItem itemKey="" onChoose={() => chosen.push("ask")}>Ask</KeyedMenuItem>
        </KeyedMenuContent>
      </DropdownMenu.Root>
    </Theme>,
  );
  const menu = document.querySelector<HTMLElement>("[role=menu]");
  assert.ok(menu);
  await press(menu, "2");
  await press(menu, "1", { ctrlKey: true });
  assert.deepEqual(chosen, []);
  await press(menu, "1");
  assert.deepEqual(chosen, ["solve"]);
  await remove();
});
