// Keys: any element with data-key="g h", "Shift+N" or "/" is focused (fields) or clicked.
// Lists: j, k and arrows move in [data-roving], x ticks, space peeks. html[data-keys="off"] stops all
// single keys; those with Ctrl stay.
import { keyOf, modifiersOf } from "./keyboard.js";

const writes = (el) => el.matches?.("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable=true]");
const isOff = () => document.documentElement.dataset.keys === "off";
const seen = (el) => el.closest("[hidden]") || el.getClientRects().length > 0;

// A field that vanishes while somebody types into it must not turn their letters into shortcuts.
const TYPING = 1500;
let typed = { field: null, at: 0 };
document.addEventListener("input", (event) => { if (writes(event.target)) typed = { field: event.target, at: Date.now() }; }, true);
// Who leaves a field by a key or a click knows that it is gone.
document.addEventListener("keydown", (event) => { if (["Escape", "Enter", "Tab"].includes(event.key)) typed.field = null; }, true);
document.addEventListener("pointerdown", () => { typed.field = null; }, true);
const lostTheField = () => typed.field && !typed.field.isConnected && Date.now() - typed.at < TYPING;

function named(event) {
  const key = keyOf(event);
  const letter = /^[a-z]$/.test(key);
  const { ctrl, alt } = modifiersOf(event);
  const parts = [];
  if (ctrl) parts.push("ctrl");
  if (alt) parts.push("alt");
  if (event.shiftKey && (letter || key.length > 1)) parts.push("shift");
  parts.push(key.toLowerCase());
  return parts.join("+");
}

let begun = "", timer;
function find(combo) {
  for (const el of document.querySelectorAll("[data-key]")) {
    if (el.dataset.key && el.dataset.key.toLowerCase() === combo && !el.disabled && seen(el)) return el;
  }
  return null;
}
const leads = (combo) => [...document.querySelectorAll("[data-key]")].some((el) => el.dataset.key.toLowerCase().startsWith(`${combo} `));

function run(el) {
  if (writes(el)) { el.focus(); el.select?.(); return; }
  if (el.matches("[data-then-focus]")) el.dataset.byKey = "true";
  if (el.matches("input[type=radio]") && el.checked) { el.form?.querySelector("textarea")?.focus(); return; }
  // Radix opens its menus on pointerdown or Enter, not on a click made by a script.
  if (el.getAttribute("aria-haspopup") === "menu") { el.focus(); el.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true })); return; }
  el.click();
}

function rove(event) {
  const list = event.target.closest?.("[data-roving]") ?? document.querySelector("[data-roving]");
  const { ctrl, alt } = modifiersOf(event);
  if (!list || ctrl || alt) return false;
  const rows = [...list.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const go = (i) => { const link = rows[Math.min(Math.max(i, 0), rows.length - 1)].querySelector("a"); link.focus(); link.scrollIntoView({ block: "nearest" }); return true; };
  const inside = at >= 0;
  const key = keyOf(event);
  if (event.shiftKey && /^[a-z]$/.test(key)) return false;
  if (key === "j" || (inside && key === "ArrowDown")) return go(at + 1);
  if (key === "k" || (inside && key === "ArrowUp")) return go(at - 1);
  if (inside && key === "Home") return go(0);
  if (inside && key === "End") return go(rows.length - 1);
  const press = (selector) => { const el = rows[at].querySelector(selector); el?.click(); return Boolean(el); };
  if (inside && key === "x") return press("[data-mark]");
  if (inside && key === " ") return press("[data-peek]");
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !keyOf(event) || ["Shift", "Control", "Alt", "AltGraph", "Meta"].includes(event.key)) return;
  const strong = modifiersOf(event).ctrl;
  if (!strong && lostTheField()) { typed.at = Date.now(); return; }
  if (!strong && (writes(event.target) || isOff() || event.target.closest?.("[role=menu],[role=dialog],[role=listbox]"))) return;
  if (!strong && rove(event)) { event.preventDefault(); return; }
  const key = named(event);
  const combo = begun ? `${begun} ${key}` : key;
  const el = find(combo) ?? (begun ? find(key) : null);
  clearTimeout(timer);
  begun = "";
  if (el) { event.preventDefault(); run(el); }
  else if (!strong && leads(combo)) { begun = combo; timer = setTimeout(() => { begun = ""; }, 1200); }
});
