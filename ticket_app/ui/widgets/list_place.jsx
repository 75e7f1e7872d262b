// Keeps the place in a list while a ticket of it is open: where it was scrolled to and which row had
// the focus. Both return with the Back button, with a key or with a link to the same list.
import { useLayoutEffect } from "react";
import { useLocation, useNavigationType } from "react-router";

const STORE = "list-places";
const KEPT = 30;
const PATIENCE = 5000;
const SETTLED = 1500;
const TICKET = /\/tickets\/[^/]+$/;
const ENDS = ["pointerdown", "keydown", "wheel", "touchstart"];
let previous = null;

const nameOf = ({ pathname, search }) => {
  const params = new URLSearchParams(search);
  params.sort();
  return `${pathname}?${params}`;
};

function readAll() {
  try { return JSON.parse(sessionStorage.getItem(STORE) ?? "[]"); } catch { return []; }
}
function save(name, place) {
  const others = readAll().filter(([other]) => other !== name);
  try { sessionStorage.setItem(STORE, JSON.stringify([...others, [name, place]].slice(-KEPT))); } catch { /* private mode */ }
}
const load = (name) => readAll().find(([other]) => other === name)?.[1];

// The desk scrolls its main part, the portal the whole document.
const main = () => document.getElementById("main");
const scroller = () => (main()?.matches(".desk-body") ? main() : document.scrollingElement);
const rowsOf = () => [...(main()?.querySelectorAll("[data-row]") ?? [])];
const pathOf = (link) => new URL(link.href, window.location.href).pathname;
const linkTo = (path) => (path ? [...(main()?.querySelectorAll("a[href]") ?? [])].find((link) => pathOf(link) === path) : undefined);

function arrival(type) {
  if (previous !== null) return TICKET.test(previous) || type === "POP" ? "back" : "new";
  const loaded = performance.getEntriesByType("navigation")[0]?.type;
  return { reload: "again", back_forward: "back" }[loaded] ?? "new";
}

function restore(place, cameFrom, takesFocus) {
  const start = performance.now();
  let frame = 0, focused = null, isDone = false;
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const name of ENDS) document.removeEventListener(name, stop, true);
  };
  const isFree = () => !document.activeElement || document.activeElement === document.body;
  const focus = (link) => {
    if (!link || !takesFocus || !isFree()) return;
    link.focus({ preventScroll: true });
    (link.closest("[data-row]") ?? link).scrollIntoView({ block: "nearest" });
    focused = link;
  };
  const nearest = () => { const rows = rowsOf(); return rows[Math.min(place.index, rows.length - 1)]?.querySelector("a[href]"); };
  const step = () => {
    const waited = performance.now() - start;
    const box = scroller();
    if (!isDone && box) {
      const link = linkTo(cameFrom) ?? linkTo(place.href);
      const isLong = box.scrollHeight - box.clientHeight >= place.top;
      if ((isLong && (link || !place.href)) || (waited > SETTLED && rowsOf().length)) {
        box.scrollTop = place.top;
        focus(link ?? nearest());
        isDone = true;
      }
    } else if (focused && !focused.isConnected) focus(nearest()); // its ticket has left the list
    if (waited < PATIENCE) frame = requestAnimationFrame(step);
    else stop();
  };
  for (const name of ENDS) document.addEventListener(name, stop, { capture: true, passive: true });
  step();
  return stop;
}

export function ListPlace() {
  const location = useLocation();
  const type = useNavigationType();
  const name = nameOf(location);

  useLayoutEffect(() => {
    const how = arrival(type), cameFrom = previous;
    previous = location.pathname;
    if (TICKET.test(location.pathname)) return undefined;
    const place = { top: 0, href: "", index: 0, ...(how === "new" ? {} : load(name)) };
    let stop = () => {};
    if (how !== "new" && (place.top || place.href)) stop = restore({ ...place }, cameFrom, how === "back");
    else if (cameFrom !== null && main()?.matches(".desk-body")) main().scrollTop = 0;

    const note = (event) => {
      if (event.type === "scroll") {
        const box = scroller();
        if (box && (event.target === box || event.target === document)) place.top = box.scrollTop;
        return;
      }
      const link = main()?.contains(event.target) && event.target.closest("a[href]");
      if (!link) return;
      place.href = pathOf(link);
      place.index = Math.max(0, rowsOf().indexOf(link.closest("[data-row]")));
    };
    const keep = () => save(name, place);
    for (const kind of ["scroll", "focusin", "click"]) document.addEventListener(kind, note, { capture: true, passive: true });
    window.addEventListener("pagehide", keep);
    return () => {
      stop();
      keep();
      for (const kind of ["scroll", "focusin", "click"]) document.removeEventListener(kind, note, true);
      window.removeEventListener("pagehide", keep);
    };
  }, [name]);
  return null;
}
