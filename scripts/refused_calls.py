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
    "rx.call_script": "page_calls.page_call",
    "rx.run_script": "page_calls.page_call",
    "rx.call_function": "page_calls.page_call",
    "rx.toast": "page_calls.toast",
    "rx.toast.success": "page_calls.toast",
    "rx.toast.error": "page_calls.toast",
    "rx.toast.info": "page_calls.toast",
    "rx.toast.warning": "page_calls.toast",
    "rx.window_alert": "page_calls.toast",
    "rx.upload": "our own API's upload",
    "rx.upload_files": "our own API's upload",
    "rx.Cookie": "the session cookie, which only the server sets",
}
ALLOWED = ROOT / "ticket_app/ui/page_calls.py"


def refused(path: Path) -> list[str]:
    """One line for each refused call in a file."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}: {name} does not work here; use {REFUSED[name]}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in REFUSED
    ]


if __name__ == "__main__":
    found = [
        line
        for path in sorted((ROOT / "ticket_app/ui").rglob("*.py"))
        if path != ALLOWED
        for line in refused(path)
    ]
    print("\n".join(found) or "The pages ask for nothing that is refused.")
    sys.exit(bool(found))
