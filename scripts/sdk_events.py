"""Write the list of webhook events into the Python and JavaScript SDKs.

Run it after adding an event: `python -m scripts.sdk_events`.
"""

from __future__ import annotations

import re
from pathlib import Path

from ticket_app.core.webhooks.events import EVENT_NAMES

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / "sdk/python/ticket_system_sdk/webhooks.py"
JAVASCRIPT = ROOT / "sdk/javascript/src/events.ts"


def python_list(source: str) -> str:
    """Return the Python SDK's module with all events in its `Event` type."""
    lines = "".join(f'    "{name}",\n' for name in EVENT_NAMES)
    return re.sub(
        r"Event = Literal\[\n.*?\]", f"Event = Literal[\n{lines}]", source, flags=re.DOTALL
    )


def javascript_list(source: str) -> str:
    """Return the JavaScript SDK's module with all events in its `WebhookEventName` type."""
    lines = "".join(f"\n  | '{name}'" for name in EVENT_NAMES)
    union = f"type WebhookEventName ={lines};"
    return re.sub(r"type WebhookEventName =.*?;", union, source, flags=re.DOTALL)


def main() -> None:
    """Rewrite both lists."""
    for path, write in ((PYTHON, python_list), (JAVASCRIPT, javascript_list)):
        path.write_text(write(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
