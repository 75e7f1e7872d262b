"""The HTML of `/status`: complete in itself, so that it can be shown when nothing else works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import cast

from ticket_app.core.operations.system_status import State

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
REFRESH_SECONDS = 30
HEADINGS: dict[State, str] = {"up": "All systems are working", "degraded": "Degraded"}
EXPLANATIONS: dict[State, str] = {
    "up": "You can create, read and change tickets.",
    "degraded": "Some functions may be slow or unavailable. This page is updated by itself.",
}
STYLES = """
@font-face { font-family: Inter; src: url("/fonts/inter.woff2") format("woff2");
  font-weight: 400 600; font-display: swap; }
:root { color-scheme: light dark; --background: #fcfcfd; --panel: #fff; --text: #1c2024;
  --muted: #60646c; --line: #e0e1e6; --up: #18794e; --degraded: #b54708; }
@media (prefers-color-scheme: dark) { :root { --background: #111113; --panel: #18191b;
  --text: #edeef0; --muted: #b0b4ba; --line: #363a3f; --up: #3dd68c; --degraded: #ffa057; } }
body { margin: 0; background: var(--background); color: var(--text);
  font: 15px/1.5 Inter, system-ui, sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 2rem 1rem; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px;
  padding: 1.25rem; margin-top: 1rem; }
h1 { display: flex; align-items: center; gap: .75rem; margin: 0; font-size: 1.25rem;
  font-weight: 600; letter-spacing: -.01em; }
h1::before { content: ""; flex: none; width: .875rem; height: .875rem; border-radius: 50%;
  background: var(--state); }
h2 { margin: 0 0 .5rem; font-size: 1rem; font-weight: 600; }
p { margin: .5rem 0 0; color: var(--muted); }
dl { display: grid; grid-template-columns: minmax(8rem, 2fr) 3fr; gap: .375rem 1rem; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.up { --state: var(--up); } .degraded { --state: var(--degraded); }
a { color: inherit; }
"""


def render_page(state: State, checked_at: datetime, details: Mapping[str, object] | None) -> str:
    """Return the page; `details` are those of `/status.json`, for administrators."""
    sections = "".join(_render_sections(details)) if details else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="{REFRESH_SECONDS}">
<title>{HEADINGS[state]} - Help desk status</title>
<link rel="icon" href="data:,">
<style>{STYLES}</style>
</head>
<body>
<main>
<section class="{state}">
<h1>{HEADINGS[state]}</h1>
<p>{EXPLANATIONS[state]}</p>
<p>Checked at <time datetime="{checked_at:%Y-%m-%dT%H:%M:%SZ}">{checked_at:%Y-%m-%d %H:%M:%S}
UTC</time>. <a href="/">Open the help desk</a></p>
</section>
{sections}</main>
</body>
</html>
"""


def _render_sections(details: Mapping[str, object]) -> Iterator[str]:
    plain = {name: value for name, value in details.items() if not isinstance(value, Mapping)}
    yield _render_section("Installation", plain)
    for name, value in details.items():
        if isinstance(value, Mapping):
            yield _render_section(_to_words(name), cast("Mapping[str, object]", value))


def _render_section(heading: str, values: Mapping[str, object]) -> str:
    rows = "".join(
        f"<dt>{escape(_to_words(name))}</dt><dd>{escape(_format_value(name, value))}</dd>\n"
        for name, value in values.items()
    )
    return f"<section>\n<h2>{escape(heading)}</h2>\n<dl>\n{rows}</dl>\n</section>\n"


def _to_words(name: str) -> str:
    return name.removesuffix("_bytes").replace("_", " ").capitalize()


def _format_value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or value == []:
        return "None"
    if isinstance(value, int) and name.endswith("_bytes"):
        return f"{value / 1024**2:,.1f} MB"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, object]", value)
        return ", ".join(f"{_to_words(key)}: {_format_value(key, inner[key])}" for key in inner)
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[object]", value)))
    return str(value)
