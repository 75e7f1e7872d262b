"""Each event looks up the session once; after it has ended, the next event stops."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.event import Event
from sqlalchemy import Engine, event

from tests.cast import PASSWORD, Cast
from ticket_app.core.people.authentication import authenticate_cookie
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import sign_out, start_browser_session
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work
from ticket_app.ui import bridge, tab_session
from ticket_app.ui.tab_session import EndedSessionMiddleware, check_and_remember_session

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Tab:
    """Stands in for a tab's state."""

    def __init__(self, cookie: str) -> None:
        self.router = SimpleNamespace(
            headers=SimpleNamespace(cookie=f"desk_session={cookie}", raw_headers={}),
            session=SimpleNamespace(client_token=cookie, client_ip="127.0.0.1"),
            url=SimpleNamespace(path="/desk", query=""),
        )

    def _get_root_state(self) -> Tab:
        return self

    def reset(self) -> None:
        pass


def come_in(username: str) -> str:
    with open_unit_of_work(writes=True) as uow:
        proven = verify_credentials(uow, username, PASSWORD, ClientInfo())
        return start_browser_session(uow, proven, ClientInfo())


def leave(cookie: str) -> None:
    with open_unit_of_work(writes=True) as uow:
        uow.actor = authenticate_cookie(uow, cookie)
        sign_out(uow)


@contextmanager
def look_ups(engine: Engine) -> Iterator[list[str]]:
    """The statements that ask whom a cookie stands for, while the block runs."""
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT") and "cookie_hash" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


async def begins(tab: Any) -> Any:
    """What the tab is told when an event begins."""
    return await EndedSessionMiddleware(check_and_remember_session).preprocess(
        None, tab, Event(name="x")
    )  # type: ignore[arg-type]


def who(uow: UnitOfWork) -> str:
    return uow.actor.username


async def read(tab: Any) -> str:
    return await bridge.read(tab, who)


async def test_an_event_that_reads_asks_once(database: Engine, cast: Cast) -> None:
    tab = Tab(come_in("agent"))
    with look_ups(database) as asked:
        for n in range(1, 4):
            assert await begins(tab) is None
            assert await read(tab) == "agent"
            assert len(asked) == n


async def test_only_the_first_read_does_without_asking(database: Engine, cast: Cast) -> None:
    cookie = come_in("agent")
    tab = Tab(cookie)
    await begins(tab)
    with look_ups(database) as asked:
        await read(tab)
        assert asked == []
        await read(tab)
        assert len(asked) == 1
        leave(cookie)
        with pytest.raises(Unauthenticated):
            await read(tab)


async def test_a_session_that_ended_between_two_events_is_stopped(
    database: Engine, cast: Cast
) -> None:
    cookie = come_in("agent")
    tab = Tab(cookie)
    assert await begins(tab) is None
    leave(cookie)
    assert await begins(tab) is not None
    with pytest.raises(Unauthenticated):
        await read(tab)


async def test_a_write_asks_in_its_own_transaction(database: Engine, cast: Cast) -> None:
    cookie = come_in("agent")
    tab: Any = Tab(cookie)
    await begins(tab)
    with look_ups(database) as asked:
        assert await bridge.write(tab, who) == "agent"
        assert len(asked) == 1
        # What was written may have changed who they are.
        await read(tab)
        assert len(asked) == 2
    await begins(tab)
    leave(cookie)
    with pytest.raises(Unauthenticated):
        await bridge.write(tab, who)


async def test_what_was_found_is_for_its_own_cookie_and_for_a_moment(
    database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, owner = Tab(come_in("agent")), Tab(come_in("owner"))
    await begins(agent)
    assert await read(owner) == "owner"
    monkeypatch.setattr(tab_session, "KNOWN_ACTOR_SECONDS", -1.0)
    await begins(agent)
    with look_ups(database) as asked:
        assert await read(agent) == "agent"
        assert len(asked) == 1


async def test_what_goes_on_after_its_event_asks_anew(database: Engine, cast: Cast) -> None:
    cookie = come_in("agent")
    tab = Tab(cookie)
    await begins(tab)
    woken = asyncio.Event()

    async def later() -> str:
        await woken.wait()
        return await read(tab)

    task = asyncio.create_task(later())
    await read(tab)
    leave(cookie)
    woken.set()
    with pytest.raises(Unauthenticated):
        await task
