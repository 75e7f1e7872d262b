// Before the first paint: the layout that this browser remembers (ui/components/layout_panels keeps
// it), and the person's time zone, which the server reads with the first request. A module would run
// after the first paint, and the page would jump.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `time_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
  const root = document.documentElement;
  try {
    for (const name of ["rail", "density", "keys"]) {
      const value = localStorage.getItem(`desk.${name}`);
      if (value) root.dataset[name] = value;
    }
    const width = parseInt(localStorage.getItem("desk.list") ?? "", 10);
    if (width) root.style.setProperty("--list-width", `${width}px`);
  } catch { /* private mode */ }
})();
