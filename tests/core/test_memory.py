"""Memory grows neither with the emails received nor with the people whose actions are counted."""

from __future__ import annotations

import gc
import re
from collections import Counter

from sqlalchemy import Engine

from tests.core import samples
from tests.core.mailing import Deliver, write
from ticket_app.core.email import own_addresses
from ticket_app.core.platform import action_limits

WARM_UP, MEASURED = 40, 40
LEFT_OUT = {
    "weakref.ReferenceType",
    "builtins.builtin_function_or_method",
    "logging.LogRecord",
}
"""Weak references and their callbacks come and go with caches inside Python (those of `abc`);
pytest keeps the log records of a test until it ends.
"""


def count_objects() -> Counter[str]:
    """Return how many objects there are of each type, without those of the `re` module's cache."""
    re.purge()
    gc.collect()
    names = (f"{type(one).__module__}.{type(one).__name__}" for one in gc.get_objects())
    return Counter(name for name in names if name not in LEFT_OUT)


def receive_conversations(deliver: Deliver, first: int, count: int) -> None:
    """Receive a new message and an answer of each of so many people."""
    for number in range(first, first + count):
        sender = f"Person {number} <person{number}@customer.example>"
        dot = [("dot.png", "image/png", samples.png())]
        receipt = deliver(write(sender, files=dot))
        assert receipt.ticket
        answer = write(sender, to=own_addresses.format_reply_address(receipt.ticket))
        assert deliver(answer).status == "accepted"


def test_received_emails_leave_no_objects_behind(database: Engine, deliver: Deliver) -> None:
    receive_conversations(deliver, 0, WARM_UP)
    before = count_objects()
    receive_conversations(deliver, WARM_UP, MEASURED)
    grown = {name: count for name, count in (count_objects() - before).items() if count > 3}
    assert grown == {}


def test_actions_of_many_people_leave_no_objects_behind() -> None:
    action_limits.count_submission(0)
    before = count_objects()
    for person_id in range(1, 2_000):
        action_limits.count_submission(person_id)
    assert sum((count_objects() - before).values()) < 20
