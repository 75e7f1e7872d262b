"""The changes to Reflex's frontend, made at compile time by one plugin."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final, Unpack

import reflex as rx
from reflex_base.plugins.base import CommonContext, PreCompileContext

from ticket_app.settings import PROJECT_ROOT

STATE_JS = "utils/state.js"
ROOT_JSX = "app/root.jsx"

# Reflex bakes the port of the build into the bundle. Ours is served by the process it talks to,
# under any host, port and scheme.
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

# Reflex evaluates strings from the server as scripts. Ours does not, so that the policy needs no
# 'unsafe-eval'; the server sends data (ui/components/page_commands).
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

# Reflex keeps whole libraries reachable for components sent as source text. We send none, and
# without the table the bundler drops the half of Radix that no page uses.
LIBRARY_TABLE_PATTERN = re.compile(
    r'if \(typeof window !== "undefined"\) \{\n  window\.__reflex = .*?\n\}\n', re.DOTALL
)


# Each of the thirty Radix colours costs 1 KB compressed: only those are sent that the sources of
# the pages name. Radix itself falls back to these.
ALWAYS_INCLUDED_COLORS: Final = frozenset({"gray", "red"})
COLOR_PATTERN: Final = re.compile(
    r"\b(amber|blue|bronze|brown|crimson|cyan|gold|grass|gray|green|indigo|iris|jade|lime|mauve|mint|"
    r"olive|orange|pink|plum|purple|red|ruby|sage|sand|sky|slate|teal|tomato|violet|yellow)\b"
)
COLOR_SOURCES: Final = (("ticket_app/ui", "*.py"), ("ticket_app/ui", "*.ts*"), ("assets", "*.css"))


@lru_cache(maxsize=1)
def colors_in_use() -> frozenset[str]:
    """Return the Radix colours that the pages, scripts and styles name."""
    names: set[str] = set()
    for folder, pattern in COLOR_SOURCES:
        for path in (PROJECT_ROOT / folder).rglob(pattern):
            if path != Path(__file__):
                names.update(COLOR_PATTERN.findall(path.read_text(encoding="utf-8")))
    return ALWAYS_INCLUDED_COLORS | names


class MinimalRadixThemesPlugin(rx.plugins.RadixThemesPlugin):
    """Radix Themes with its components and only the colours in use."""

    def get_stylesheet_paths(self, **_: Unpack[CommonContext]) -> tuple[str, ...]:
        """Return the parts of Radix's stylesheet, in Radix's order."""
        return (
            *(f"@radix-ui/themes/tokens/colors/{name}.css" for name in sorted(colors_in_use())),
            "@radix-ui/themes/tokens/base.css",
            "@radix-ui/themes/components.css",
            "@radix-ui/themes/utilities.css",
        )


def make_patch(name: str, pattern: re.Pattern[str], replacement: str) -> Callable[[str], str]:
    """Return an edit of the source `name` that fails if the source is not as expected."""

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
    """Makes the frontend use its own host, run no scripts from the server and bundle less."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Edit Reflex's client before it is bundled."""
        for name, pattern, replacement in (
            (STATE_JS, BACKEND_URL_PATTERN, BACKEND_URL_JS),
            (STATE_JS, CALL_SCRIPT_PATTERN, CALL_SCRIPT_JS),
            (ROOT_JSX, LIBRARY_TABLE_PATTERN, ""),
        ):
            context["add_modify_task"](name, make_patch(name, pattern, replacement))
