// Times and clocks that stay true without the server: data-time, data-due, corrected by data-now.
let skew = 0;
const now = () => Date.now() + skew;
const MINUTE = 60e3, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

const span = (ms) => {
  if (ms < HOUR) return `${Math.max(1, Math.floor(ms / MINUTE))} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
};
const left = (ms) => {
  if (ms < 2 * HOUR && ms >= HOUR) return `1 h ${Math.floor((ms - HOUR) / MINUTE)} min`;
  return span(ms);
};
const date = (at, short) => (new Date(at).getFullYear() === new Date(now()).getFullYear() ? day : short ? month : dayOfYear).format(at);

function showTime(el) {
  const at = Date.parse(el.dataset.time);
  if (Number.isNaN(at)) return write(el, "", "");
  const age = now() - at;
  let words;
  if (el.dataset.exact) words = exact.format(at);
  else if (el.dataset.clock) words = clock.format(at);
  else if (age < MINUTE) words = el.dataset.short ? "now" : "just now";
  else if (age < 7 * DAY) words = el.dataset.short ? span(age) : `${span(age)} ago`;
  else words = date(at, el.dataset.short);
  write(el, words, exact.format(at));
}

function showDue(el) {
  const due = Date.parse(el.dataset.due);
  if (Number.isNaN(due)) return write(el, "", "");
  const state = el.dataset.sla;
  const rest = due - now();
  const since = Date.parse(el.dataset.since);
  const share = Number.isNaN(since) || due <= since ? (rest < HOUR ? 0.2 : 1) : rest / (due - since);
  let tone = "gray", words = left(Math.abs(rest));
  const goal = el.dataset.goal ? `${el.dataset.goal}: ` : "";
  if (el.dataset.tone !== "gray" && state === "not_applicable") el.dataset.tone = "gray";
  if (state === "not_applicable") return write(el, "Not applicable", `${goal}the ticket was done before anyone replied`);
  if (state === "met") { tone = "green"; words = "Met"; }
  else if (state === "paused") { tone = "blue"; words = "Paused"; }
  else if (state === "breached" || rest < 0) { tone = "red"; words = rest < 0 ? `${span(-rest)} over` : "Missed"; }
  else if (share < 0.1) tone = "red";
  else if (share < 0.25) tone = "amber";
  if (el.dataset.tone !== tone) el.dataset.tone = tone;
  write(el, words, `${goal}due ${exact.format(due)}`);
}

function write(el, words, title) {
  if (el.textContent !== words) el.textContent = words;
  if (el.title !== title) el.title = title;
}

// What React has not taken over yet may not be touched: its first pass would find other children.
const taken = (el) => { for (const key in el) if (key.startsWith("__reactFiber")) return true; return false; };
let waiting = false;
function show(el) {
  if (!taken(el)) {
    if (!waiting) { waiting = true; setTimeout(() => { waiting = false; showAll(document); }, 60); }
    return;
  }
  if ("due" in el.dataset) showDue(el);
  else if ("time" in el.dataset) showTime(el);
  else if ("now" in el.dataset) { const at = Date.parse(el.dataset.now); if (!Number.isNaN(at)) skew = at - Date.now(); }
}
const MARKS = "[data-now],[data-due],[data-time]";
function showAll(node) {
  if (node.matches?.(MARKS)) show(node);
  node.querySelectorAll?.(MARKS).forEach(show);
}
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") show(change.target);
    else for (const node of change.addedNodes) if (node.nodeType === 1) showAll(node);
  }
}).observe(document.documentElement, {
  subtree: true, childList: true, attributes: true,
  attributeFilter: ["data-time", "data-due", "data-sla", "data-since", "data-now"],
});
showAll(document);
setInterval(() => { if (!document.hidden) showAll(document); }, 20e3);
document.addEventListener("visibilitychange", () => { if (!document.hidden) showAll(document); });
