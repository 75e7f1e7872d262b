/** Keeps the position in a list while a ticket of it is open: where it was scrolled to and which row
 * had the focus. Both return with the Back button, with a key or with a link to the same list. */
import { useLayoutEffect } from "react";
import { useLocation, useNavigationType, type NavigationType } from "react-router";
import { loadPosition, nameOf, savePosition, START, type Position } from "./storage.ts";

/** How long a row is waited for that the server has still to send. */
const PATIENCE_MS = 5000;
/** After this a list counts as complete, although the row is not in it. */
const SETTLED_MS = 1500;
const TICKET = /\/tickets\/[^/]+$/;
const TAKING_OVER = ["pointerdown", "keydown", "wheel", "touchstart"];
const NOTED = ["scroll", "focusin", "click"];
let previousPath: string | null = null;

// The workspace scrolls its main part, the portal the whole document.
const main = () => document.getElementById("main");
const scroller = () => (main()?.matches(".desk-body") ? main() : document.scrollingElement);
const rows = () => [...(main()?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
const links = () => [...(main()?.querySelectorAll<HTMLAnchorElement>("a[href]") ?? [])];
const pathOf = (link: HTMLAnchorElement) => new URL(link.href, window.location.href).pathname;
const linkTo = (path: string | null) => (path ? links().find((link) => pathOf(link) === path) : undefined);

type Arrival = "new" | "back" | "reload";
function arrivalBy(type: NavigationType): Arrival {
  if (previousPath !== null) return TICKET.test(previousPath) || type === "POP" ? "back" : "new";
  const loaded = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
  if (loaded?.type === "reload") return "reload";
  return loaded?.type === "back_forward" ? "back" : "new";
}

/** Returns a function that gives up; what the person does gives up, too. */
function restore(position: Position, cameFrom: string | null, takesFocus: boolean): () => void {
  const start = performance.now();
  let frame = 0, isDone = false;
  let focused: HTMLElement | null = null;
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const kind of TAKING_OVER) document.removeEventListener(kind, stop, true);
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
      if ((isLong && (link || !position.href)) || (waited > SETTLED_MS && rows().length)) {
        box.scrollTop = position.top;
        focus(link ?? nearest());
        isDone = true;
      }
    } else if (focused && !focused.isConnected) focus(nearest()); // its ticket has left the list
    if (waited < PATIENCE_MS) frame = requestAnimationFrame(step);
    else stop();
  };
  for (const kind of TAKING_OVER) document.addEventListener(kind, stop, { capture: true, passive: true });
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
    if (TICKET.test(location.pathname)) return undefined;
    const position = { ...START, ...(arrival === "new" ? {} : loadPosition(name)) };
    let stop = () => {};
    if (position.top || position.href) stop = restore({ ...position }, cameFrom, arrival === "back");
    else if (cameFrom !== null && main()?.matches(".desk-body")) main()!.scrollTop = 0;

    const note = ({ type: kind, target }: Event) => {
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
    const keep = () => savePosition(name, position);
    for (const kind of NOTED) document.addEventListener(kind, note, { capture: true, passive: true });
    window.addEventListener("pagehide", keep);
    return () => {
      stop();
      keep();
      for (const kind of NOTED) document.removeEventListener(kind, note, true);
      window.removeEventListener("pagehide", keep);
    };
  }, [name]);
  return null;
}
