/** A button that shows new rows. It clicks itself if the person is not using the list. */
import { useEffect, useRef, type ComponentProps } from "react";

function isListIdle(): boolean {
  const body = document.querySelector(".desk-body");
  if (document.hidden || !body || body.scrollTop > 4 || document.querySelector("[role=dialog],[role=menu]")) return false;
  const list = document.querySelector(".queue [data-row-list]");
  return !list || !(list.matches(":hover") || list.contains(document.activeElement) || list.querySelector("[data-row-checkbox]:checked"));
}

export function FreshRowsButton(props: ComponentProps<"button">) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => { if (isListIdle()) button.current?.click(); }, []);
  return <button {...props} ref={button} type="button" />;
}
