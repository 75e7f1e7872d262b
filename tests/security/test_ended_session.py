"""A tab whose session has ended: emptied before any handler runs, and sent to sign in."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.event import Event

from ticket_app.ui.tab_session import EndedSessionMiddleware

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Tab:
    """Stands in for a tab's state: where it is, its cookie, and how often it was emptied."""

    def __init__(self, path: str, cookie: str, query: str = "") -> None:
        self.emptied = 0
        self.router = SimpleNamespace(
            headers=SimpleNamespace(cookie=cookie, raw_headers={}),
            session=SimpleNamespace(client_token="tab", client_ip="127.0.0.1"),
            url=SimpleNamespace(path=path, query=query),
        )

    def _get_root_state(self) -> Tab:
        return self

    def reset(self) -> None:
        self.emptied += 1


async def is_alive(secret: str) -> bool:
    return secret == "alive"


async def answer(gate: EndedSessionMiddleware, tab: Tab, name: str = "page.tap") -> Any:
    return await gate.preprocess(None, tab, Event(name=name))  # type: ignore[arg-type]


@pytest.mark.parametrize("cookie", ["", "desk_session=alive", "other=1"])
async def test_a_living_session_and_nobody_pass(cookie: str) -> None:
    tab = Tab("/desk", cookie)
    assert await answer(EndedSessionMiddleware(is_alive), tab) is None
    assert tab.emptied == 0


async def test_an_ended_session_is_emptied_and_led_back_after_signing_in() -> None:
    tab = Tab("/desk/tickets/BUG-1", "desk_session=over", "tab=files")
    update = await answer(EndedSessionMiddleware(is_alive), tab)
    assert tab.emptied == 1
    (event,) = update.events
    assert json.loads(event.payload["value"]) == {"signInAgain": True}


async def test_the_sign_in_page_works_on_with_an_old_cookie() -> None:
    gate, tab = EndedSessionMiddleware(is_alive), Tab("/login/", "desk_session=over")
    for _ in range(3):
        assert await answer(gate, tab) is None
    assert tab.emptied == 1
