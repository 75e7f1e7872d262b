// Forms that lose nothing. form[data-draft] tells its [data-whole] field all that it holds, a moment
// after the last key and when a field is left; form[data-remember] outlives a refusal by the server;
// [data-surroundings] is filled with what the browser says of the machine.
const SOON = 600;
const waiting = new WeakMap();
const touched = new WeakMap();

const setValue = (field, value) => {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

function told(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
  return JSON.stringify({ values, touched: [...(touched.get(form) ?? [])] });
}
function tell(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const whole = form.querySelector("[data-whole]");
  if (whole) setValue(whole, told(form));
}

// Text that is not sent yet is kept in this browser as it is typed, for the account that types it:
// it outlives a session that ended, a connection that broke and a tab that was closed. What the
// server has confirmed is its draft from then on. A place is form[data-unsent], a draft's name, or
// the composer of this address.
const PREFIX = "desk.unsent.";
const KEPT_FOR = 30 * 24 * 3600e3;
const written = new Map();
const keyOf = (form) => form.dataset.unsent || form.dataset.draft || (form.matches(".composer") ? `${location.pathname}#${form.id}` : "");
const accountOf = () => document.querySelector("[data-account]")?.dataset.account ?? "";
const stored = (place) => `${PREFIX}${accountOf()}.${place}`;
const isText = (el) => el.matches?.("textarea,input[type=text],input:not([type])") && el.name;

function read(place) {
  if (written.has(place)) return written.get(place);
  if (!accountOf()) return undefined;
  try {
    const found = JSON.parse(localStorage.getItem(stored(place)) ?? "null");
    if (found && Date.now() - found.at < KEPT_FOR) return found.values;
  } catch { /* private mode */ }
  return undefined;
}
function dropStored(place) {
  try { localStorage.removeItem(stored(place)); } catch { /* private mode */ }
}
function drop(place) {
  written.delete(place);
  dropStored(place);
}
function note(form) {
  const place = keyOf(form);
  if (!place) return;
  const values = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  written.set(place, values);
  delete form.dataset.queued;
  if (![...form.elements].some((el) => isText(el) && el.form === form && el.value.trim())) {
    dropStored(place);
    delete form.dataset.unsaved;
    return;
  }
  if (!accountOf()) return;
  try {
    localStorage.setItem(stored(place), JSON.stringify({ values, at: Date.now() }));
    form.dataset.unsaved = "";
  } catch { delete form.dataset.unsaved; /* private mode, or full: the server's draft is all there is */ }
}
// The server says how much it was told and when it kept that.
function confirm(line) {
  const form = line.closest("form");
  if (!form || !("unsaved" in form.dataset) || !line.dataset.savedAt) return;
  const now = form.matches("[data-draft]") ? told(form) : form.querySelector("textarea")?.value ?? "";
  if (Number(line.dataset.savedLength) !== [...now].length) return;
  delete form.dataset.unsaved;
  dropStored(keyOf(form));
}
document.addEventListener("forget", (event) => drop(event.detail));
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (keyOf(form) && (!navigator.onLine || document.querySelector(".away:not(.when-offline)"))) form.dataset.queued = "";
  if (!form.matches("form[action='/session/logout']")) return;
  const own = stored("");
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(own)) localStorage.removeItem(key);
  } catch { /* private mode */ }
}, true);
let cursor = null;
document.addEventListener("focusin", (event) => { cursor = { id: event.target.id, form: event.target.form && keyOf(event.target.form) }; });
function putBack(form, tries = 40) {
  if (!accountOf() && tries) { setTimeout(() => { if (form.isConnected) putBack(form, tries - 1); }, 100); return; }
  const values = read(keyOf(form));
  for (const el of values ? form.elements : []) {
    const value = values[el.name];
    if (el.type === "radio") { if (el.value === value && !el.checked) el.click(); }
    else if (el.type === "checkbox") { if (el.name && el.checked !== (el.name in values)) el.click(); }
    else if (el.matches("select,textarea,input:not([type=file],[type=checkbox])") && el.form === form && typeof value === "string" && el.value !== value) {
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(el), "value").set.call(el, value);
      el.dispatchEvent(new Event(el.matches("select") ? "change" : "input", { bubbles: true }));
      el.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
    }
  }
  if (values && cursor?.form === keyOf(form) && document.activeElement === document.body) document.getElementById(cursor.id)?.focus();
}
// The form was open in this very page when the connection broke: nobody need ask whether to go on.
function goOn(button) {
  if (written.has(button.dataset.goOn)) button.click();
}
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => { if (event.target.form) note(event.target.form); });
}
document.addEventListener("cleared", (event) => {
  const form = event.target.form;
  if (!form) return;
  drop(keyOf(form));
  delete form.dataset.unsaved;
  delete form.dataset.queued;
});
document.addEventListener("click", (event) => {
  const forgets = event.target.closest?.("[data-forget]");
  if (forgets) drop(forgets.dataset.forget);
});

const draftOf = (event) => event.target.closest?.("form[data-draft]");

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = draftOf(event), { name, form: owner } = event.target;
    if (!form || !name || owner !== form) return;
    if (!touched.has(form)) touched.set(form, new Set());
    touched.get(form).add(name);
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => tell(form), SOON));
  });
}
document.addEventListener("focusout", (event) => {
  const form = draftOf(event);
  if (form && waiting.has(form)) tell(form);
});
const tellAll = () => { for (const form of document.querySelectorAll("form[data-draft]")) if (waiting.has(form)) tell(form); };
document.addEventListener("visibilitychange", () => { if (document.hidden) tellAll(); });
addEventListener("pagehide", tellAll);
// Enter ends a line of a long form; it does not send it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("input:not([type=submit],[type=file])") && draftOf(event)) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-draft]")) { clearTimeout(waiting.get(form)); waiting.delete(form); }
  if (form.matches("form[data-remember]")) {
    const kept = {};
    for (const el of form.elements) if (el.name && ["text", "email"].includes(el.type)) kept[el.name] = el.value;
    try { sessionStorage.setItem(`form.${form.dataset.remember}`, JSON.stringify(kept)); } catch { /* private mode */ }
  }
}, true);

function restore(form) {
  if (form.dataset.restored) return;
  form.dataset.restored = "";
  const key = `form.${form.dataset.remember}`;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    sessionStorage.removeItem(key);
    if (!new URLSearchParams(location.search).has("error")) return;
    for (const name in kept) { const el = form.elements.namedItem(name); if (el && !el.value) el.value = kept[name]; }
    // What was refused is typed again: the password, as a rule.
    form.querySelector("input[type=password]")?.focus();
  } catch { /* private mode */ }
}

const browserOf = (agent) => {
  for (const [name, mark] of [["Edge", "Edg"], ["Opera", "OPR"], ["Samsung Internet", "SamsungBrowser"], ["Firefox", "Firefox"], ["Firefox", "FxiOS"], ["Chrome", "CriOS"], ["Chrome", "Chrome"]]) {
    const found = new RegExp(`${mark}/([\\d]+)`).exec(agent);
    if (found) return `${name} ${found[1]}`;
  }
  const safari = /Version\/([\d.]+).*Safari/.exec(agent);
  return safari ? `Safari ${safari[1]}` : "";
};
const systemOf = (agent) => {
  const found = /Android [\d.]+|(?:iPhone )?OS [\d_]+ like Mac|Mac OS X [\d_.]+|Windows NT [\d.]+|CrOS|Linux/.exec(agent)?.[0] ?? "";
  const version = found.replaceAll("_", ".");
  if (version.includes("like Mac")) return version.replace(" like Mac", "").replace(/^(iPhone )?OS/, "iOS");
  return version.replace("Mac OS X", "macOS").replace("Windows NT 10.0", "Windows 10 or 11").replace("CrOS", "ChromeOS");
};
function facts() {
  const { userAgent, language, userAgentData } = navigator;
  const zoom = devicePixelRatio === 1 ? "" : ` at ${Math.round(devicePixelRatio * 100)}%`;
  return {
    browser: browserOf(userAgent),
    os: systemOf(userAgent) || userAgentData?.platform || "",
    screen: `${screen.width} × ${screen.height}${zoom}, window ${innerWidth} × ${innerHeight}`,
    language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
function survey(box) {
  if (box.dataset.surroundings !== "fill" || box.dataset.filled) return;
  box.dataset.filled = "";
  const known = facts();
  for (const field of box.querySelectorAll("[data-fact]")) if (!field.value) field.value = known[field.dataset.fact] ?? "";
}
document.addEventListener("click", (event) => {
  const clear = event.target.closest?.("[data-clear-facts]");
  if (!clear) return;
  for (const field of clear.closest("[data-surroundings]").querySelectorAll("[data-fact]")) setValue(field, "");
});

// What React has not taken over yet may not be touched.
const isTaken = (el) => { for (const key in el) if (key.startsWith("__reactFiber")) return true; return false; };
const MARKS = "[data-surroundings],form[data-remember],form[data-draft],form[data-unsent],form.composer,[data-go-on]";
function begin(node) {
  for (const el of [...(node.matches?.(MARKS) ? [node] : []), ...(node.querySelectorAll?.(MARKS) ?? [])]) {
    if (!isTaken(el)) setTimeout(() => begin(el), 60);
    else if (el.dataset.goOn) goOn(el);
    else if (el.dataset.remember) restore(el);
    else if (el.matches("form")) putBack(el);
    else survey(el);
  }
}
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") confirm(change.target);
    else for (const node of change.addedNodes) if (node.nodeType === 1) begin(node);
  }
}).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-saved-at", "data-saved-length"] });
begin(document);
