"""The HTML of pages that links in emails open: complete in itself, without scripts."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
STYLES = """
:root { color-scheme: light dark; --background: #f4f5f7; --panel: #fff; --text: #1c2024;
  --muted: #60646c; --line: #e0e1e6; --accent: #3e63dd; }
@media (prefers-color-scheme: dark) { :root { --background: #111113; --panel: #18191b;
  --text: #edeef0; --muted: #b0b4ba; --line: #363a3f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--background); color: var(--text);
  font: 16px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { width: 100%; max-width: 28rem; padding: 2rem; background: var(--panel);
  border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0; color: var(--muted); }
form { margin-top: 1.25rem; }
button { font: inherit; font-weight: 600; color: #fff; background: var(--accent); border: 0;
  border-radius: 6px; padding: .6rem 1.1rem; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
"""


def page_response(
    heading: str, text: str, *, button_label: str = "", status_code: int = 200
) -> HTMLResponse:
    """Return a page with a heading and a sentence; with `button_label`, a button that posts to it.

    Opening the page changes nothing, as link scanners open every link.
    """
    form = ""
    if button_label:
        form = (
            '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
            f'<button type="submit">{escape(button_label)}</button></form>\n'
        )
    content = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(heading)}</title>
<link rel="icon" href="data:,">
<style>{STYLES}</style>
</head>
<body>
<main>
<h1>{escape(heading)}</h1>
<p>{escape(text)}</p>
{form}</main>
</body>
</html>
"""
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(content, status_code=status_code, headers=headers)
