// Moments are typed and shown in the browser's own time zone; what is sent is universal time.
// A [data-moment] holds a [data-local] field for the person and a [data-utc] field for the form;
// [data-zone] is told the zone's name.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone?.replaceAll("_", " ") ?? "";
const localOf = (iso) => {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? "" : new Date(at.getTime() - at.getTimezoneOffset() * 60e3).toISOString().slice(0, 16);
};
const utcOf = (typed) => {
  const at = new Date(typed);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
};

// What was not touched is sent as it came, to the second.
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (!event.target.matches?.("[data-local]")) return;
    event.target.closest("[data-moment]").querySelector("[data-utc]").value = utcOf(event.target.value);
  });
}

// What React has not taken over yet may not be touched.
const taken = (el) => { for (const key in el) if (key.startsWith("__reactFiber")) return true; return false; };
const MARKS = "[data-moment],[data-zone]";
function begin(node) {
  for (const el of [...(node.matches?.(MARKS) ? [node] : []), ...(node.querySelectorAll?.(MARKS) ?? [])]) {
    if (!taken(el)) setTimeout(() => begin(el), 60);
    else if ("zone" in el.dataset) el.textContent = zone;
    else el.querySelector("[data-local]").value = localOf(el.querySelector("[data-utc]").value);
  }
}
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) begin(node);
}).observe(document.documentElement, { subtree: true, childList: true });
begin(document);
