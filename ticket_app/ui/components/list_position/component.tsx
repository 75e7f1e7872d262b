/** Remembers the scroll position and the focused row of a list while one of its tickets is open, and
 * restores them with the Back button, a shortcut or a link to the same list. */
import { useLayoutEffect } from "react";
import { useLocation, useNavigationType, type NavigationType } from "react-router";
import { loadPosition, nameOf, savePosition, START, type Position } from "./storage.ts";

/** How long to wait for a row that the server has not sent yet. */
const MAX_WAIT_MS = 5000;
/** After this time a list counts as complete, even without the row. */
const COMPLETE_AFTER_MS = 1500;
const TICKET_PATH = /\/tickets\/[^/]+$/;
const INPUT_EVENTS = ["pointerdown", "keydown", "wheel", "touchstart"];
const POSITION_EVENTS = ["scroll", "focusin", "click"];
let previousPath: string | null = null;

// The desk scrolls its main element, the portal the whole document.
const main = () => document.getElementById("main");
const scroller = () => (main()?.matches(".desk-body") ? main() : document.scrollingElement);
const rows = () => [...(main()?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
const links = () => [...(main()?.querySelectorAll<HTMLAnchorElement>("a[href]") ?? [])];
const pathOf = (link: HTMLAnchorElement) => new URL(link.href, window.location.href).pathname;
const linkTo = (path: string | null) => (path ? links().find((link) => pathOf(link) === path) : undefined);

type Arrival = "new" | "back" | "reload";
function arrivalBy(type: NavigationType): Arrival {
  if (previousPath !== null) return TICKET_PATH.test(previousPath) || type === "POP" ? "back" : "new";
  const loaded = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
  if (loaded?.type === "reload") return "reload";
  return loaded?.type === "back_forward" ? "back" : "new";
}

/** Restores a position; returns a function that stops it. Input of the person stops it, too. */
function restore(position: Position, cameFrom: string | null, takesFocus: boolean): () => void {
  const start = performance.now();
  let frame = 0, isDone = false;
  let focused: HTMLElement | null = null;
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const kind of INPUT_EVENTS) document.removeEventListener(kind, stop, true);
  };
  const isFree = () => !document.activeElement || document.activeElement === document.body;
  const focus = (link: HTMLElement | null | undefined) => {
    if (!link || !takesFocus || !isFree()) return;
    link.focus({ preventScroll: true });
    (link.closest("[data-row]") ?? link).scrollIntoView({ block: "nearest" });
    focused = link;
  };
  const nearest = () => rows()[Math.min(position.index, rows().length - 1)]?.querySelector<HTMLElement>("a[href]");
  const step = () => {
    const waited = performance.now() - start;
    const box = scroller();
    if (!isDone && box) {
      const link = linkTo(cameFrom) ?? linkTo(position.href);
      const isLong = box.scrollHeight - box.clientHeight >= position.top;
      if ((isLong && (link || !position.href)) || (waited > COMPLETE_AFTER_MS && rows().length)) {
        box.scrollTop = position.top;
        focus(link ?? nearest());
        isDone = true;
      }
    } else if (focused && !focused.isConnected) focus(nearest()); // the ticket is no longer in the list
    if (waited < MAX_WAIT_MS) frame = requestAnimationFrame(step);
    else stop();
  };
  for (const kind of INPUT_EVENTS) document.addEventListener(kind, stop, { capture: true, passive: true });
  step();
  return stop;
}

export function ListPosition() {
  const location = useLocation();
  const type = useNavigationType();
  const name = nameOf(location);

  useLayoutEffect(() => {
    const arrival = arrivalBy(type), cameFrom = previousPath;
    previousPath = location.pathname;
    if (TICKET_PATH.test(location.pathname)) return undefined;
    const position = { ...START, ...(arrival === "new" ? {} : loadPosition(name)) };
    let stop = () => {};
    if (position.top || position.href) stop = restore({ ...position }, cameFrom, arrival === "back");
    else if (cameFrom !== null && main()?.matches(".desk-body")) main()!.scrollTop = 0;

    const updatePosition = ({ type: kind, target }: Event) => {
      if (kind === "scroll") {
        const box = scroller();
        if (box && (target === box || target === document)) position.top = box.scrollTop;
        return;
      }
      const link = main()?.contains(target as Node) ? (target as Element).closest<HTMLAnchorElement>("a[href]") : null;
      if (!link) return;
      position.href = pathOf(link);
      position.index = Math.max(0, rows().indexOf(link.closest<HTMLElement>("[data-row]")!));
    };
    const save = () => savePosition(name, position);
    for (const kind of POSITION_EVENTS) document.addEventListener(kind, updatePosition, { capture: true, passive: true });
    window.addEventListener("pagehide", save);
    return () => {
      stop();
      save();
      for (const kind of POSITION_EVENTS) document.removeEventListener(kind, updatePosition, true);
      window.removeEventListener("pagehide", save);
    };
  }, [name]);
  return null;
}
