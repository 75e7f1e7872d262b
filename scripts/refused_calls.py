"""Finds in ticket_app/ui what the page refuses or the server has closed, and names what to use.

The page's policy allows no evaluated text (so no `rx.toast`, `rx.call_script` from the server) and
the gate closes Reflex's upload endpoint. Better said here than found in a browser.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFUSED = {
    "rx.call_script": "page_commands.command",
    "rx.run_script": "page_commands.command",
    "rx.call_function": "page_commands.command",
    "rx.toast": "widgets.toast",
    "rx.toast.success": "widgets.toast",
    "rx.toast.error": "widgets.toast",
    "rx.toast.info": "widgets.toast",
    "rx.toast.warning": "widgets.toast",
    "rx.window_alert": "widgets.toast",
    "rx.upload": "our own API's upload",
    "rx.upload_files": "our own API's upload",
    "rx.Cookie": "the session cookie, which only the server sets",
}


def refused(path: Path) -> list[str]:
    """One line for each refused call in a file."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}: {name} does not work here; use {REFUSED[name]}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in REFUSED
    ]


if __name__ == "__main__":
    found = [
        line for path in sorted((ROOT / "ticket_app/ui").rglob("*.py")) for line in refused(path)
    ]
    print("\n".join(found) or "The pages ask for nothing that is refused.")
    sys.exit(bool(found))
