// Runs before the first paint: applies the layout preferences that ui/components/layout_panels has
// stored, and sends the person's time zone with the first request. A module would run after the first
// paint, and the page would jump.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `time_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
  const root = document.documentElement;
  try {
    for (const [name, key] of [["sidebar", "rail"], ["density", "density"], ["keys", "keys"]]) {
      const value = localStorage.getItem(`desk.${key}`);
      if (value) root.dataset[name] = value;
    }
    const width = parseInt(localStorage.getItem("desk.list") ?? "", 10);
    if (width) root.style.setProperty("--list-width", `${width}px`);
  } catch { /* private mode */ }
})();
