"""Both SDKs name the events that the product sends, and no others."""

from __future__ import annotations

import re
from typing import get_args

from ticket_system_sdk.webhooks import Event

from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.settings import PROJECT_ROOT


def test_python_sdk_names_every_event() -> None:
    assert get_args(Event) == EVENT_NAMES


def test_javascript_sdk_names_every_event() -> None:
    source = (PROJECT_ROOT / "sdk/javascript/src/events.ts").read_text(encoding="utf-8")
    union = re.search(r"type WebhookEventName =(.+?);", source, re.DOTALL)
    assert union
    assert tuple(re.findall(r"'([a-z_.]+)'", union[1])) == EVENT_NAMES
