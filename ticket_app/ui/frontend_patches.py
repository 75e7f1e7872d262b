"""What the compiled frontend does differently from stock Reflex, as one compile-time plugin."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import reflex as rx

from ticket_app.settings import PROJECT_ROOT

STATE_JS = "utils/state.js"
ROOT_JSX = "app/root.jsx"

# Stock Reflex bakes the port of the build into the bundle; ours is served by the process it
# talks to, whatever host, port and scheme the browser used to reach it.
BACKEND_URL_PATTERN = re.compile(
    r"export const getBackendURL = \(url_str\) => \{.*?\n\};\n", re.DOTALL
)
BACKEND_URL_JS = """export const getBackendURL = (url_str) => {
  const endpoint = new URL(url_str ?? env.PING);
  if (typeof window !== "undefined") {
    const kind = endpoint.protocol.startsWith("ws") ? "ws" : "http";
    endpoint.protocol = kind + (window.location.protocol === "https:" ? "s:" : ":");
    endpoint.hostname = window.location.hostname;
    endpoint.port = window.location.port;
  }
  return endpoint;
};
"""

# Stock Reflex evaluates strings the server sends as scripts. Ours runs none, so that the policy
# needs no 'unsafe-eval'; what the server asks for is data (ui/components/page_commands).
CALL_SCRIPT_PATTERN = re.compile(
    r'  if \(event\.name == "_call_script" \|\| event\.name == "_call_function"\) \{.*?\n'
    r"    return;\n  \}\n",
    re.DOTALL,
)
CALL_SCRIPT_JS = """  if (event.name == "_call_script" || event.name == "_call_function") {
    console.error("this page runs no text that the server sends");
    return;
  }
"""

# Stock Reflex keeps whole libraries reachable for components sent as source text. None are sent
# here, and without the table the bundler drops the half of Radix that no page uses.
LIBRARY_TABLE_PATTERN = re.compile(
    r'if \(typeof window !== "undefined"\) \{\n  window\.__reflex = .*?\n\}\n', re.DOTALL
)


# A Radix colour costs 1 KB compressed and there are thirty: only those are sent that are named
# anywhere in the pages' sources. Radix itself falls back to these.
ALWAYS_INCLUDED_COLORS: Final = frozenset({"gray", "red"})
COLOR_PATTERN: Final = re.compile(
    r"\b(amber|blue|bronze|brown|crimson|cyan|gold|grass|gray|green|indigo|iris|jade|lime|mauve|mint|"
    r"olive|orange|pink|plum|purple|red|ruby|sage|sand|sky|slate|teal|tomato|violet|yellow)\b"
)
COLOR_SOURCES: Final = (("ticket_app/ui", "*.py"), ("ticket_app/ui", "*.ts*"), ("assets", "*.css"))


@lru_cache(maxsize=1)
def colors_in_use() -> frozenset[str]:
    """The Radix colours whose names are written somewhere in the pages, scripts and styles."""
    names: set[str] = set()
    for folder, pattern in COLOR_SOURCES:
        for path in (PROJECT_ROOT / folder).rglob(pattern):
            if path != Path(__file__):
                names.update(COLOR_PATTERN.findall(path.read_text(encoding="utf-8")))
    return ALWAYS_INCLUDED_COLORS | names


class MinimalRadixThemesPlugin(rx.plugins.RadixThemesPlugin):
    """Radix Themes with its components and only the colours in use."""

    def get_stylesheet_paths(self, **_: Any) -> tuple[str, ...]:
        """The parts of Radix's stylesheet, in Radix's order."""
        return (
            *(f"@radix-ui/themes/tokens/colors/{name}.css" for name in sorted(colors_in_use())),
            "@radix-ui/themes/tokens/base.css",
            "@radix-ui/themes/components.css",
            "@radix-ui/themes/utilities.css",
        )


def make_patch(name: str, pattern: re.Pattern[str], replacement: str) -> Callable[[str], str]:
    """An edit of the source `name` that fails loudly where the source is not what it was."""

    def apply_patch(source: str) -> str:
        edited, count = pattern.subn(lambda _: replacement, source)
        if count == 0 and replacement and replacement in source:
            return source
        if count != 1:
            raise RuntimeError(
                f"{name} is not what it was: {pattern.pattern!r} found {count} times"
            )
        return edited

    return apply_patch


class FrontendPatchPlugin(rx.plugins.Plugin):
    """Talks to the host it came from, runs no text the server sends, carries no spare library."""

    def pre_compile(self, **context: Any) -> None:
        """Edit Reflex's client before it is bundled."""
        for name, pattern, replacement in (
            (STATE_JS, BACKEND_URL_PATTERN, BACKEND_URL_JS),
            (STATE_JS, CALL_SCRIPT_PATTERN, CALL_SCRIPT_JS),
            (ROOT_JSX, LIBRARY_TABLE_PATTERN, ""),
        ):
            context["add_modify_task"](name, make_patch(name, pattern, replacement))
