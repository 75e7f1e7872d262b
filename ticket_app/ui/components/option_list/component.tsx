/** A list of options with a search field: arrow keys move, Enter chooses the first result. */
import { useEffect, useRef, type ComponentProps, type KeyboardEvent } from "react";
import { keyOf, modifiersOf } from "../dom/keyboard.ts";

const MAX_QUERY_LENGTH = 100;
/** How long Enter waits for the results of the text that was typed. */
const MAX_WAIT_MS = 3000;

interface Props extends ComponentProps<"div"> {
  /** The query whose results are shown. */
  answeredFor?: string;
}

export function OptionList({ answeredFor, ...props }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const chooseUntil = useRef(0);
  const typed = () => list.current?.querySelector("input")?.value.slice(0, MAX_QUERY_LENGTH) ?? "";

  const chooseFirst = () => {
    chooseUntil.current = 0;
    const found = list.current?.querySelector<HTMLElement>("button[data-search-result]");
    (found ?? (typed() ? null : list.current?.querySelector("button")))?.click();
  };
  useEffect(() => {
    if (Date.now() < chooseUntil.current && answeredFor === typed()) chooseFirst();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event.nativeEvent), { ctrl, alt } = modifiersOf(event.nativeEvent);
    if (event.defaultPrevented || ctrl || alt) return;
    const options = [...(list.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    const at = options.indexOf(document.activeElement as HTMLElement);
    if (key === "Enter" && at < 0) {
      event.preventDefault();
      if (answeredFor === undefined || answeredFor === typed()) chooseFirst();
      else chooseUntil.current = Date.now() + MAX_WAIT_MS;
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      const next = at + (key === "ArrowDown" ? 1 : -1);
      if (next < 0) list.current?.querySelector("input")?.focus();
      else options[Math.min(next, options.length - 1)]?.focus();
    }
  };
  return <div {...props} ref={list} onKeyDown={onKeyDown} />;
}
