/** An input whose value is a parameter of the page's address: the list is filtered by the address, so
 * the field always shows what the list is filtered by. What a person types goes to the address after
 * a pause; until then, nothing that the server or the router does replaces their text. */
import { useEffect, useLayoutEffect, useRef, type ComponentProps } from "react";
import { useLocation, useNavigate } from "react-router";
import { readParam, writeParam, type Side } from "./params.ts";

interface Props extends ComponentProps<"input"> {
  param: string;
  side?: Side;
  resets?: string[];
  /** Milliseconds after the last key. */
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
    // A date that is typed halfway has no value yet.
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
    // Typed before the page's scripts had loaded.
    if (isFirst && element.value && document.activeElement === element) {
      schedule();
      return;
    }
    if (isOwn) return;
    // Somebody went back, or followed a link: the address is right, whatever was being typed.
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
