// An input whose value is a parameter of the page's address: the list is filtered by the address,
// so the field always shows what the list is filtered by. What a person types goes to the address
// after a pause; until then, nothing that the server or the router does replaces their text.
import { createElement, useEffect, useLayoutEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";

const BETWEEN = "..";
const SIDES = { first: 0, last: 1 };

function readParam(search, param, side) {
  const value = new URLSearchParams(search).get(param) ?? "";
  if (!(side in SIDES)) return value;
  return value.includes(BETWEEN) ? (value.split(BETWEEN)[SIDES[side]] ?? "") : "";
}

function writeParam(search, param, side, text, resets) {
  const params = new URLSearchParams(search);
  let value = text;
  if (side in SIDES) {
    const sides = [readParam(search, param, "first"), readParam(search, param, "last")];
    sides[SIDES[side]] = text;
    value = sides.some(Boolean) ? sides.join(BETWEEN) : "";
  }
  if (value) params.set(param, value);
  else params.delete(param);
  for (const name of resets) params.delete(name);
  const query = params.toString();
  return query ? `?${query}` : "";
}

export function AddressField({ param, side = "", resets = [], delay = 250, onEnter, ...props }) {
  const location = useLocation();
  const navigate = useNavigate();
  const field = useRef(null);
  const timer = useRef(0);
  const written = useRef(null);
  const here = useRef(location);
  here.current = location;

  const cancel = () => {
    clearTimeout(timer.current);
    timer.current = 0;
  };
  const commit = () => {
    cancel();
    const el = field.current;
    // A date that is typed halfway has no value yet.
    if (!el || !el.validity.valid) return;
    const { pathname, search } = here.current;
    const text = el.value.trim();
    if (text === readParam(search, param, side).trim()) return;
    const next = writeParam(search, param, side, text, resets);
    written.current = pathname + next;
    navigate({ pathname, search: next }, { replace: true, preventScrollReset: true });
  };
  const schedule = () => {
    cancel();
    timer.current = setTimeout(commit, delay);
  };

  useLayoutEffect(() => {
    const el = field.current;
    const isFirst = written.current === null;
    const isOwn = written.current === location.pathname + location.search;
    written.current = "";
    // Typed before the page's scripts had loaded.
    if (isFirst && el.value && document.activeElement === el) return schedule();
    if (isOwn) return;
    // Somebody went back, or followed a link: the address is right, whatever was being typed.
    cancel();
    const value = readParam(location.search, param, side);
    if (el.value.trim() !== value.trim()) el.value = value;
  }, [location.pathname, location.search, param, side]);
  useEffect(() => cancel, []);

  return createElement("input", {
    ...props,
    ref: field,
    onInput: (event) => { if (!event.nativeEvent.isComposing) schedule(); },
    onCompositionEnd: schedule,
    onBlur: () => { if (timer.current) commit(); },
    onKeyDown: (event) => {
      if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
      commit();
      onEnter?.(event.currentTarget.value.trim());
    },
  });
}
