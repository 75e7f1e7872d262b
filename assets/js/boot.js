// Before the first paint: what this browser remembers (rail, pane widths, density, keys).
// Then the few switches of the frame, by attribute: data-toggle="rail|drawer|side".
(() => {
  // Days are those of the person: the server learns their time zone with the first request.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `time_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

  const root = document.documentElement;
  const remembered = ["rail", "density", "keys"];
  const recall = (name) => { try { return localStorage.getItem(`desk.${name}`); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(`desk.${name}`, value); } catch { /* private mode */ } };
  for (const name of remembered) { const value = recall(name); if (value) root.dataset[name] = value; }
  const width = recall("list");
  if (width) root.style.setProperty("--list-w", `${parseInt(width, 10)}px`);
  window.desk = Object.assign(window.desk ?? {}, { remember(name, value) {
    // A theme kept with the account reaches this browser once; its own switch is stronger afterwards.
    if (name === "theme") { if (recall(name) !== value) document.getElementById(`theme-${value}`)?.click(); }
    else root.dataset[name] = value;
    keep(name, value);
  } });

  const showNetwork = () => { if (navigator.onLine) delete root.dataset.offline; else root.dataset.offline = ""; };
  for (const kind of ["online", "offline"]) addEventListener(kind, showNetwork);
  showNetwork();
  const drawer = (open) => {
    if (open) { root.dataset.drawer = "open"; document.querySelector("#rail a")?.focus(); }
    else if ("drawer" in root.dataset) { delete root.dataset.drawer; document.querySelector(".menu-button")?.focus(); }
  };
  // The router would follow the link (and forget the filters) without moving the focus.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".skip")) return;
    event.preventDefault();
    event.stopPropagation();
    document.getElementById("main")?.focus();
  }, true);
  // Radix leads back to a dialog's own trigger only; ours are opened by any button, row or key.
  let opener = null;
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest?.("[role=dialog],[role=alertdialog],[role=menu],[role=listbox]")) opener = event.target;
  });
  document.addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
    if (!changes.some((change) => [...change.removedNodes].some((node) => node.matches?.(".rt-BaseDialogOverlay")))) return;
    setTimeout(() => { if (document.activeElement === document.body && opener?.isConnected) opener.focus({ preventScroll: true }); });
  }).observe(document.body, { childList: true }));
  document.addEventListener("click", (event) => {
    const what = event.target.closest?.("[data-toggle]")?.dataset.toggle;
    if (what === "rail") window.desk.remember("rail", root.dataset.rail === "small" ? "wide" : "small");
    else if (what === "drawer") drawer(!("drawer" in root.dataset));
    else if (what === "side") { if (root.dataset.side === "open") delete root.dataset.side; else root.dataset.side = "open"; }
    else if ("drawer" in root.dataset && event.target.closest?.("#rail a")) delete root.dataset.drawer;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if ("drawer" in root.dataset || "side" in root.dataset) event.preventDefault();
    drawer(false);
    delete root.dataset.side;
  });

  const setWidth = (px) => {
    const value = Math.round(Math.min(Math.max(px, 280), 720));
    root.style.setProperty("--list-w", `${value}px`);
    keep("list", value);
  };
  const listOf = (line) => line.previousElementSibling.getBoundingClientRect();
  document.addEventListener("pointerdown", (event) => {
    const line = event.target.closest?.("[data-splitter]");
    if (!line) return;
    event.preventDefault();
    line.setPointerCapture(event.pointerId);
    line.dataset.dragging = "";
    const move = (e) => setWidth(e.clientX - listOf(line).left);
    line.addEventListener("pointermove", move);
    line.addEventListener("lostpointercapture", () => { delete line.dataset.dragging; line.removeEventListener("pointermove", move); }, { once: true });
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[data-splitter]")) return;
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (step) { event.preventDefault(); setWidth(listOf(event.target).width + step); }
  });
})();
