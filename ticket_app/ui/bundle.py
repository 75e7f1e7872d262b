"""What the compiled frontend does differently from stock Reflex, as one compile-time plugin."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import reflex as rx

from ticket_app.settings import ROOT

STATE_JS = "utils/state.js"
ROOT_JSX = "app/root.jsx"

# Stock Reflex bakes the port of the build into the bundle; ours is served by the process it
# talks to, whatever host, port and scheme the browser used to reach it.
SAME_HOST = re.compile(r"export const getBackendURL = \(url_str\) => \{.*?\n\};\n", re.DOTALL)
SAME_HOST_JS = """export const getBackendURL = (url_str) => {
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
SENT_SCRIPT = re.compile(
    r'  if \(event\.name == "_call_script" \|\| event\.name == "_call_function"\) \{.*?\n'
    r"    return;\n  \}\n",
    re.DOTALL,
)
SENT_SCRIPT_JS = """  if (event.name == "_call_script" || event.name == "_call_function") {
    console.error("this page runs no text that the server sends");
    return;
  }
"""

# Stock Reflex keeps whole libraries reachable for components sent as source text. None are sent
# here, and without the table the bundler drops the half of Radix that no page uses.
LIBRARY_TABLE = re.compile(
    r'if \(typeof window !== "undefined"\) \{\n  window\.__reflex = .*?\n\}\n', re.DOTALL
)


# A Radix colour costs 1 KB compressed and there are thirty: only those are sent that are named
# anywhere in the pages' sources. Radix itself falls back to these.
ALWAYS: Final = frozenset({"gray", "red"})
COLORS: Final = re.compile(
    r"\b(amber|blue|bronze|brown|crimson|cyan|gold|grass|gray|green|indigo|iris|jade|lime|mauve|mint|"
    r"olive|orange|pink|plum|purple|red|ruby|sage|sand|sky|slate|teal|tomato|violet|yellow)\b"
)
WRITTEN_IN: Final = (("ticket_app/ui", "*.py"), ("ticket_app/ui", "*.ts*"), ("assets", "*.css"))


@lru_cache(maxsize=1)
def colors_in_use() -> frozenset[str]:
    """The Radix colours whose names are written somewhere in the pages, scripts and styles."""
    words: set[str] = set()
    for folder, pattern in WRITTEN_IN:
        for path in (ROOT / folder).rglob(pattern):
            if path != Path(__file__):
                words.update(COLORS.findall(path.read_text(encoding="utf-8")))
    return ALWAYS | words


class LeanRadix(rx.plugins.RadixThemesPlugin):
    """Radix Themes with its components and only the colours in use."""

    def get_stylesheet_paths(self, **_: Any) -> tuple[str, ...]:
        """The parts of Radix's stylesheet, in Radix's order."""
        return (
            *(f"@radix-ui/themes/tokens/colors/{name}.css" for name in sorted(colors_in_use())),
            "@radix-ui/themes/tokens/base.css",
            "@radix-ui/themes/components.css",
            "@radix-ui/themes/utilities.css",
        )


def replacing(name: str, pattern: re.Pattern[str], replacement: str) -> Callable[[str], str]:
    """An edit of the source `name` that fails loudly where the source is not what it was."""

    def edit(source: str) -> str:
        edited, count = pattern.subn(lambda _: replacement, source)
        if count == 0 and replacement and replacement in source:
            return source
        if count != 1:
            raise RuntimeError(
                f"{name} is not what it was: {pattern.pattern!r} found {count} times"
            )
        return edited

    return edit


class OwnBundle(rx.plugins.Plugin):
    """Talks to the host it came from, runs no text the server sends, carries no spare library."""

    def pre_compile(self, **context: Any) -> None:
        """Edit Reflex's client before it is bundled."""
        for name, pattern, replacement in (
            (STATE_JS, SAME_HOST, SAME_HOST_JS),
            (STATE_JS, SENT_SCRIPT, SENT_SCRIPT_JS),
            (ROOT_JSX, LIBRARY_TABLE, ""),
        ):
            context["add_modify_task"](name, replacing(name, pattern, replacement))
