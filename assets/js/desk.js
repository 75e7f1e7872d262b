// The queue's hands: news is taken in while nobody is busy with the list, rows are ticked in ranges,
// a, s, p act on the row with the focus, and menus one types into are walked with the arrows.
import { keyOf, modifiersOf } from "./keyboard.js";

const one = (selector) => document.querySelector(selector);

let pointer = null;
document.addEventListener("pointermove", (event) => { pointer = event.target; }, { passive: true });
function isCalm() {
  const body = one(".desk-body");
  const list = one(".queue [data-roving]");
  if (!body || body.scrollTop > 4 || one("[role=dialog],[role=menu]")) return false;
  if (!list) return true;
  return !list.contains(document.activeElement) && !list.querySelector("[data-mark]:checked") && !(pointer?.isConnected && list.contains(pointer));
}
const takeNews = () => { const news = one("[data-news]"); if (news && !document.hidden && isCalm()) news.click(); };
new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some((node) => node.nodeType === 1 && (node.matches("[data-news]") || node.querySelector("[data-news]"))))) takeNews();
}).observe(document.documentElement, { subtree: true, childList: true });

let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-mark]");
  if (!box) return;
  const boxes = [...document.querySelectorAll("[data-mark]")];
  if (event.shiftKey && last?.isConnected) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const other of boxes.slice(from, to + 1)) if (other !== box && other.checked !== box.checked) setTimeout(() => other.click());
  }
  last = box;
}, true);

// Enter takes the first that was found by what is typed now: an answer under way is waited for.
function choose(finder, tries = 60) {
  const typed = finder.querySelector("input")?.value.slice(0, 100) ?? "";
  const list = finder.querySelector("[data-for]");
  if (list && list.dataset.for !== typed) { if (tries && finder.isConnected) setTimeout(() => choose(finder, tries - 1), 50); return; }
  const first = finder.querySelector("button[data-found]");
  (first ?? (typed ? null : finder.querySelector("button")))?.click();
}

// Shift and an arrow extend the selection from the row where it began, and shorten it on the way back.
// A box that the server draws lags behind: each press says what the row is to be.
let anchor = null, edge = null;
function setMark(row, isMarked) {
  const box = row.querySelector("[data-mark]");
  if (!box) return;
  if (box.checked === isMarked) box.checked = !isMarked;
  box.click();
}
function extend(row, down) {
  const rows = [...row.closest("[data-roving]").querySelectorAll("[data-row]")];
  if (row !== edge || !anchor?.isConnected) anchor = row;
  const at = rows.indexOf(row), from = rows.indexOf(anchor);
  const next = rows[at + (down ? 1 : -1)];
  if (!next) return;
  if ((down ? at < from : at > from)) setMark(row, false);
  else {
    if (row === anchor) setMark(row, true);
    setMark(next, true);
  }
  edge = next;
  const link = next.querySelector("a");
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const key = keyOf(event), { ctrl, alt } = modifiersOf(event);
  if (event.defaultPrevented || !key || ctrl || alt) return;
  const finder = event.target.closest?.("[data-finder]");
  if (finder && ["ArrowDown", "ArrowUp", "Enter"].includes(key)) {
    const entries = [...finder.querySelectorAll("button")];
    const at = entries.indexOf(document.activeElement);
    if (key === "Enter") { if (at >= 0) return; event.preventDefault(); choose(finder); return; }
    event.preventDefault();
    const next = at + (key === "ArrowDown" ? 1 : -1);
    if (next < 0) finder.querySelector("input")?.focus();
    else entries[Math.min(next, entries.length - 1)]?.focus();
    return;
  }
  if (document.documentElement.dataset.keys === "off" || event.target.matches?.("input:not([type=checkbox]),textarea,select")) return;
  const row = event.target.closest?.("[data-row]");
  if (!row) return;
  if (event.shiftKey && ["ArrowDown", "ArrowUp"].includes(key) && row.querySelector("[data-mark]")) {
    event.preventDefault();
    extend(row, key === "ArrowDown");
    return;
  }
  if (event.shiftKey || one("[data-mark]:checked")) return;
  const act = row.querySelector(`[data-act="${CSS.escape(key)}"]`);
  if (act) { event.preventDefault(); event.stopPropagation(); act.click(); }
}, true);

// A conversation opens at its end, and stays there while one reads there.
let stuck = true;
document.addEventListener("scroll", (event) => { if (event.target.matches?.(".ticket-scroll")) stuck = event.target.scrollHeight - event.target.clientHeight - event.target.scrollTop < 80; }, { capture: true, passive: true });
let opened = "";
new MutationObserver(() => {
  const talk = one(".ticket-scroll");
  if (!talk?.querySelector("#description")) return;
  if (opened !== location.pathname) { opened = location.pathname; stuck = !location.hash; }
  if (stuck) talk.scrollTop = talk.scrollHeight;
}).observe(document.documentElement, { subtree: true, childList: true });

// In a row of tabs that is too narrow for all of them, the chosen one is scrolled into sight.
const CHOSEN = ".tabs > [aria-current=page], .tabs > [aria-selected=true]";
function showTab(tab) {
  const row = tab.parentElement;
  const { left, right } = row.getBoundingClientRect();
  const place = tab.getBoundingClientRect();
  if (place.left < left || place.right > right) row.scrollLeft += place.left - left - (row.clientWidth - place.width) / 2;
}
new MutationObserver((changes) => {
  if (changes.some(({ type, target, addedNodes }) => (type === "attributes" ? target.matches(CHOSEN) : [...addedNodes].some((node) => node.nodeType === 1 && (node.matches(".tabs, .tabs *") || node.querySelector(".tabs")))))) document.querySelectorAll(CHOSEN).forEach(showTab);
}).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-current", "aria-selected"] });
for (const tab of document.querySelectorAll(CHOSEN)) showTab(tab);
