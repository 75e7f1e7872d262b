/** A menu whose items have keys of their own: pressing one in the open menu chooses its item. */
import { DropdownMenu } from "@radix-ui/themes";
import type { ComponentProps, KeyboardEvent } from "react";

function chooseByKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  const key = event.key.toLowerCase();
  const item = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-key]")].find((one) => one.dataset.key === key);
  if (!item) return;
  event.preventDefault();
  event.stopPropagation();
  item.click();
}

export function KeyedMenuContent(props: ComponentProps<typeof DropdownMenu.Content>) {
  return <DropdownMenu.Content {...props} onKeyDownCapture={chooseByKey} />;
}

/** An item with its key; `shownKeys` says how it is reached from outside of the menu. */
export function KeyedMenuItem({ itemKey = "", shownKeys = "", onChoose, ...props }: ComponentProps<typeof DropdownMenu.Item> & { itemKey?: string; shownKeys?: string; onChoose?: () => void }) {
  return <DropdownMenu.Item {...props} data-key={itemKey || undefined} shortcut={shownKeys || undefined} onSelect={() => onChoose?.()} />;
}
