"""The page that the service worker shows when a page cannot be loaded.

It is complete in itself, because nothing else can be loaded then. The values of the colours are
those of the Radix scales that the other pages use.
"""

from __future__ import annotations

import json
from html import escape
from string import Template
from typing import Final

from ticket_app.settings import PROJECT_ROOT
from ticket_app.ui import theme
from ticket_app.ui.installed_app import texts
from ticket_app.ui.texts import PRODUCT_NAME

RETRY_SECONDS: Final = 10
REACHABLE_URL: Final = "/healthz"
LOGO: Final = PROJECT_ROOT / "assets" / theme.ICON.removeprefix("/")

STYLES: Final = """
:root { color-scheme: light; --page: #f9f9fb; --card: #fff; --text: #1c2024; --muted: #60646c;
  --note: #f0f0f3; --accent: #3e63dd; --accent-hover: #3358d4; --focus: #8da4ef;
  --shadow: 0 0 0 1px #00005503, 0 12px 32px -16px #0002, 0 2px 12px -4px #0003; }
:root.dark { color-scheme: dark; --page: #111113; --card: #18191b; --text: #edeef0;
  --muted: #b0b4ba; --note: #272a2d; --accent: #3e63dd; --accent-hover: #5472e4; --focus: #435db1;
  --shadow: 0 0 0 1px #ddeaf814, 0 12px 32px -16px #0007, 0 2px 12px -4px #0008; }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100dvh; display: grid; place-items: center; padding: 24px 16px;
  background: var(--page); color: var(--text);
  font: 14px/20px Inter, system-ui, sans-serif; -webkit-font-smoothing: antialiased; }
main { width: 100%; max-width: 400px; display: grid; gap: 16px; padding: 32px; border-radius: 10px;
  background: var(--card); box-shadow: var(--shadow); }
.brand { display: flex; align-items: center; gap: 8px; font-weight: 600; }
.brand svg { width: 20px; height: 20px; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; letter-spacing: -0.01em; }
.hint { color: var(--muted); margin-top: -8px; }
.unsent { padding: 12px; border-radius: 6px; background: var(--note); }
button { height: 40px; border: 0; border-radius: 6px; background: var(--accent); color: #fff;
  font: inherit; font-weight: 500; cursor: pointer; }
button:hover { background: var(--accent-hover); }
button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
@media (max-width: 480px) { main { padding: 24px 20px; } }
"""

SCRIPT: Final = Template("""
const TEXTS = $texts;
let theme = null;
try { theme = localStorage.getItem("theme"); } catch { /* private mode */ }
const isDark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle(
  "dark", theme === "dark" || (theme !== "light" && isDark.matches));
paint();
isDark.addEventListener("change", paint);
addEventListener("DOMContentLoaded", () => {
  const [title, hint, button] = ["title", "hint", "retry"].map((id) => document.getElementById(id));
  const explain = () => {
    const [heading, text] = navigator.onLine ? TEXTS.unreachable : TEXTS.offline;
    title.textContent = document.title = heading;
    hint.textContent = text;
  };
  // The address of the page that could not be loaded; its own address leads to the home page.
  const open = () => (location.pathname === "/offline" ? location.replace("/") : location.reload());
  const check = async () => {
    explain();
    if (!navigator.onLine || document.hidden) return;
    try { if ((await fetch("$url", { cache: "no-store" })).ok) open(); } catch { /* not yet */ }
  };
  explain();
  button.addEventListener("click", () => { button.textContent = TEXTS.trying; open(); });
  for (const kind of ["online", "offline"]) addEventListener(kind, check);
  document.addEventListener("visibilitychange", check);
  setInterval(check, $milliseconds);
});
""")

PAGE: Final = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="theme-color" content="$light" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="$dark" media="(prefers-color-scheme: dark)">
<title>$title</title>
<link rel="icon" href="data:,">
<link rel="manifest" href="$manifest">
<style>$styles</style>
<script>$script</script>
</head>
<body>
<main>
<div class="brand">$logo$product</div>
<h1 id="title">$title</h1>
<p class="hint" id="hint" role="status">$hint</p>
<p class="unsent">$unsent</p>
<button type="button" id="retry">$try_again</button>
</main>
</body>
</html>
""")


def render_offline_page() -> str:
    """Return the page with its styles, its script and the product's logo."""
    script = SCRIPT.substitute(
        texts=json.dumps(
            {
                "offline": (texts.OFFLINE_TITLE, texts.OFFLINE_HINT),
                "unreachable": (texts.UNREACHABLE_TITLE, texts.UNREACHABLE_HINT),
                "trying": texts.TRYING,
            }
        ),
        url=REACHABLE_URL,
        milliseconds=RETRY_SECONDS * 1000,
    )
    return PAGE.substitute(
        light=theme.WINDOW_COLORS["light"],
        dark=theme.WINDOW_COLORS["dark"],
        manifest=theme.MANIFEST,
        styles=STYLES,
        script=script,
        logo=LOGO.read_text(encoding="utf-8").strip().replace("<svg ", '<svg aria-hidden="true" '),
        product=escape(PRODUCT_NAME),
        title=escape(texts.OFFLINE_TITLE),
        hint=escape(texts.OFFLINE_HINT),
        unsent=escape(texts.UNSENT_TEXT),
        try_again=escape(texts.TRY_AGAIN),
    )
