/** An input whose value is a query parameter of the page's address, so that it always shows by what the
 * list is filtered. Typed text is written to the address after a pause; until then, neither the server
 * nor the router replaces it. */
import { useEffect, useLayoutEffect, useRef, type ComponentProps } from "react";
import { useLocation, useNavigate } from "react-router";
import { readParam, writeParam, type Side } from "./params.ts";

interface Props extends ComponentProps<"input"> {
  param: string;
  side?: Side;
  resets?: string[];
  /** Milliseconds between the last key press and the change of the address. */
  delay?: number;
  onEnter?: (text: string) => void;
}

export function AddressField({ param, side = "", resets = [], delay = 250, onEnter, ...props }: Props) {
  const location = useLocation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const written = useRef<string | null>(null);
  const current = useRef(location);
  current.current = location;

  const cancel = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
  };
  const commit = () => {
    cancel();
    const element = field.current;
    // An incomplete date has no value yet.
    if (!element?.validity.valid) return;
    const { pathname, search } = current.current;
    const text = element.value.trim();
    if (text === readParam(search, param, side).trim()) return;
    const next = writeParam(search, param, side, text, resets);
    written.current = pathname + next;
    void navigate({ pathname, search: next }, { replace: true, preventScrollReset: true });
  };
  const schedule = () => {
    cancel();
    timer.current = setTimeout(commit, delay);
  };

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    const isFirst = written.current === null;
    const isOwn = written.current === location.pathname + location.search;
    written.current = "";
    // The person typed before the page's scripts were loaded.
    if (isFirst && element.value && document.activeElement === element) {
      schedule();
      return;
    }
    if (isOwn) return;
    // The person went back or followed a link: the address wins over what they were typing.
    cancel();
    const value = readParam(location.search, param, side);
    if (element.value.trim() !== value.trim()) element.value = value;
  }, [location.pathname, location.search, param, side]);
  useEffect(() => cancel, []);

  return (
    <input
      {...props} ref={field} onCompositionEnd={schedule}
      onInput={(event) => { if (!(event.nativeEvent as InputEvent).isComposing) schedule(); }}
      onBlur={() => { if (timer.current !== undefined) commit(); }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
        commit();
        onEnter?.(event.currentTarget.value.trim());
      }}
    />
  );
}
