"""Both SDKs list the events that the product sends, and no others."""

from __future__ import annotations

import re
from typing import get_args

from ticket_system_sdk.webhooks import Event

from scripts import sdk_events
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.settings import PROJECT_ROOT


def test_python_sdk_names_every_event() -> None:
    assert get_args(Event) == EVENT_NAMES


def test_javascript_sdk_names_every_event() -> None:
    source = (PROJECT_ROOT / "sdk/javascript/src/events.ts").read_text(encoding="utf-8")
    union = re.search(r"type WebhookEventName =(.+?);", source, re.DOTALL)
    assert union
    assert tuple(re.findall(r"'([a-z_.]+)'", union[1])) == EVENT_NAMES


def test_sdk_lists_are_what_the_script_writes() -> None:
    for path, write in (
        (sdk_events.PYTHON, sdk_events.python_list),
        (sdk_events.JAVASCRIPT, sdk_events.javascript_list),
    ):
        source = path.read_text(encoding="utf-8")
        assert write(source.replace("ticket.assigned", "ticket.gone")) == source


def test_documentation_lists_every_event() -> None:
    page = (PROJECT_ROOT / "docs/api/webhooks.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", page, re.MULTILINE)) == EVENT_NAMES


def test_events_are_listed_in_the_registry_and_in_the_text_catalogue_only() -> None:
    """A new event changes two files of the product, and the list of each SDK.

    The Enterprise document uses the same words for the actions of its history.
    """
    lists = {
        path.relative_to(PROJECT_ROOT).as_posix()
        for path in (PROJECT_ROOT / "ticket_app").rglob("*.py")
        if "api/dialects" not in path.as_posix()
        and all(f'"{name}"' in path.read_text(encoding="utf-8") for name in EVENT_NAMES)
    }
    assert lists == {"ticket_app/core/webhooks/events.py", "ticket_app/ui/pages/admin/texts.py"}
