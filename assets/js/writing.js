// Writing: formatting, counters, send keys, preview tabs, tags. Fields belong to the browser;
// Reflex hears of a change by the usual "input" event.
import { keyOf, modifiersOf } from "./keyboard.js";

const setValue = (field, value) => {
  const proto = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(proto.prototype, "value").set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const grows = CSS.supports("field-sizing", "content");

function wrap(field, before, after) {
  const { selectionStart: a, selectionEnd: b, value } = field;
  const chosen = value.slice(a, b);
  field.focus();
  let text, from, to;
  if (!after) {
    const start = value.lastIndexOf("\n", a - 1) + 1;
    text = value.slice(start, b).split("\n").map((line) => before + line).join("\n");
    field.setSelectionRange(start, b);
    from = to = start + text.length;
  } else if (before === "`" && chosen.includes("\n")) {
    text = `\`\`\`\n${chosen}\n\`\`\``;
    from = a + 4; to = from + chosen.length;
  } else {
    text = before + chosen + after;
    from = a + before.length; to = from + chosen.length;
  }
  // insertText keeps the browser's own undo.
  if (!document.execCommand("insertText", false, text)) field.setRangeText(text);
  field.setSelectionRange(from, to);
}

function send(form, then) {
  const field = form.elements.namedItem("then");
  if (field) field.value = then ?? "";
  form.requestSubmit();
}

// A reply without words is not sent; the composer says so until something is written.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const field = form.matches?.("form.composer") && form.querySelector("textarea[data-writing]");
  if (!field || field.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const place = form.querySelector("[data-warn]");
  place.textContent = form.elements.namedItem("audience")?.value === "note" ? "Write a note first." : "Write a reply first.";
  place.dataset.tone = "red";
  field.setAttribute("aria-invalid", "true");
  field.focus();
}, true);

const SHORT = { b: ["**", "**"], i: ["_", "_"], e: ["`", "`"], k: ["[", "](https://)"] };
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea[data-writing]") || event.isComposing) return;
  const { ctrl, alt } = modifiersOf(event);
  const key = keyOf(event);
  if (ctrl && key === "Enter" && field.form) {
    event.preventDefault();
    const first = event.shiftKey && field.form.elements.namedItem("audience")?.value !== "note" ? field.form.dataset.first : "";
    send(field.form, first);
  } else if (ctrl && !event.shiftKey && !alt && SHORT[key]) {
    event.preventDefault();
    event.stopPropagation();
    wrap(field, ...SHORT[key]);
  } else if (key === "Escape") field.blur();
}, true);

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  const tool = at("[data-wrap]");
  if (tool) return wrap(document.getElementById(tool.dataset.wrap), tool.dataset.before, tool.dataset.after);
  const then = at("[data-then]");
  if (then) {
    const form = then.dataset.form ? document.getElementById(then.dataset.form) : then.closest("form");
    const field = form?.elements.namedItem("then");
    if (field) field.value = then.dataset.then;
    if (then.dataset.form) form?.requestSubmit();
    return;
  }
  const tab = at("[data-view-tab]");
  if (tab) {
    const box = tab.closest(".writing");
    box.dataset.view = tab.dataset.viewTab;
    for (const other of box.querySelectorAll("[data-view-tab]")) other.setAttribute("aria-selected", String(other === tab));
    if (tab.dataset.viewTab === "write") box.querySelector("textarea")?.focus();
    return;
  }
  const offer = at("[data-offer]");
  if (offer) return addTag(offer.closest("[data-tag-input]"), offer.dataset.offer);
  at(".tag-input")?.querySelector(".entry")?.focus();
});

// Choosing who reads it puts the cursor back into the text.
document.addEventListener("change", (event) => {
  const form = event.target.dataset?.thenFocus && event.target.form;
  if (form && event.target.dataset.byKey) { delete event.target.dataset.byKey; form.querySelector("textarea")?.focus(); }
  if (form) warn(form);
});

// A public reply that calls a colleague by @name was perhaps meant as a note.
function warn(form) {
  const place = form?.querySelector("[data-warn]");
  if (!place) return;
  const isPublic = form.elements.namedItem("audience")?.value !== "note";
  const mention = isPublic && /(^|\s)@[\w.-]{2,}/.exec(form.querySelector("textarea")?.value ?? "");
  const words = mention ? `The requester will read this, ${mention[0].trim()} too.` : "";
  if (place.textContent !== words) place.textContent = words;
  delete place.dataset.tone;
  form.querySelector("textarea")?.removeAttribute("aria-invalid");
}

function measure(field) {
  if (!grows && field.matches("textarea[data-writing]")) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
  const counter = field.id && document.querySelector(`[data-counts="${CSS.escape(field.id)}"]`);
  if (!counter) return;
  const limit = Number(counter.dataset.limit), used = [...field.value].length;
  counter.textContent = used > limit * 0.8 ? `${used} / ${limit}` : "";
  counter.dataset.over = String(used > limit);
}
for (const kind of ["input", "cleared"]) {
  document.addEventListener(kind, (event) => {
    if (!event.target.matches?.("input,textarea")) return;
    measure(event.target);
    if (event.target.matches("[data-writing]")) warn(event.target.form);
  });
}

// --- tags ---
const store = (box) => box.querySelector("[data-tags]");
const tagsOf = (box) => store(box).value.split(",").map((word) => word.trim()).filter(Boolean);
function setTags(box, tags) {
  setValue(store(box), tags.join(","));
  drawTags(box);
}
function addTag(box, text) {
  const words = text.split(",").map((word) => word.trim().toLowerCase().replace(/\s+/g, "-")).filter(Boolean);
  const all = [...new Set([...tagsOf(box), ...words])].slice(0, Number(box.dataset.tagInput) || 20);
  setTags(box, all);
}
function drawTags(box) {
  const tags = tagsOf(box);
  const chips = tags.map((word) => {
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.role = "listitem";
    const text = document.createElement("span");
    text.className = "cut";
    text.textContent = word;
    text.dir = "auto";
    const away = document.createElement("button");
    away.type = "button";
    away.textContent = "×";
    away.setAttribute("aria-label", `Remove ${word}`);
    away.addEventListener("click", () => { setTags(box, tagsOf(box).filter((other) => other !== word)); box.querySelector(".entry").focus(); });
    chip.append(text, away);
    return chip;
  });
  box.querySelector("[data-chips]").replaceChildren(...chips);
  box.querySelectorAll("[data-offer]").forEach((offer) => { offer.hidden = tags.includes(offer.dataset.offer); });
}
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-entry]")) return;
  const box = event.target.closest("[data-tag-input]");
  if ((event.key === "Enter" || event.key === ",") && !event.isComposing) {
    if (event.target.value.trim() || event.key === ",") event.preventDefault();
    if (event.target.value.trim()) { addTag(box, event.target.value); event.target.value = ""; }
    else if (event.key === "Enter") event.preventDefault();
  } else if (event.key === "Backspace" && !event.target.value) setTags(box, tagsOf(box).slice(0, -1));
});
document.addEventListener("restored", (event) => {
  const box = event.target.closest("[data-tag-input]");
  if (box) drawTags(box);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-entry]") && event.target.value.trim()) {
    addTag(event.target.closest("[data-tag-input]"), event.target.value);
    event.target.value = "";
  }
});

const taken = (el) => { for (const key in el) if (key.startsWith("__reactFiber")) return true; return false; };
function begin(node) {
  for (const box of node.querySelectorAll?.("[data-tag-input]") ?? []) {
    if (taken(box)) drawTags(box); else setTimeout(() => begin(document), 60);
  }
  for (const field of node.querySelectorAll?.("textarea[data-writing]") ?? []) if (taken(field)) measure(field);
}
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) begin(node.parentElement ?? node);
}).observe(document.documentElement, { subtree: true, childList: true });
begin(document);
