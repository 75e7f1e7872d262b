"""Waking open tabs: who is woken, how often, and when a watch ends."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from ticket_app.ui import live
from ticket_app.ui.live import Watch, WatchRegistry

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class FakeApp:
    """Stands in for the app: sockets that are open, and events that are put in queues."""

    def __init__(self, *tokens: str) -> None:
        self.queued: list[tuple[str, str]] = []
        self.running: list[asyncio.Future[None]] = []
        records = {token: SimpleNamespace(sid=f"sid-{token}") for token in tokens}
        self.event_namespace = SimpleNamespace(
            _token_manager=SimpleNamespace(token_to_socket=records),
            sid_to_token={f"sid-{token}": token for token in tokens},
        )
        self.event_processor = self

    def set_contexts(self) -> Any:
        return anyio.CancelScope()

    async def enqueue(self, token: str, event: Any) -> asyncio.Future[None]:
        self.queued.append((token, event.name))
        self.running.append(asyncio.get_running_loop().create_future())
        return self.running[-1]

    def close(self, token: str) -> None:
        del self.event_namespace.sid_to_token[f"sid-{token}"]


async def let_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def watches(monkeypatch: pytest.MonkeyPatch) -> WatchRegistry:
    fresh = WatchRegistry()
    monkeypatch.setattr(live, "watches", fresh)
    return fresh


def watching(watches: WatchRegistry, app: Any, **topics: str) -> None:
    watches.app = app
    for token, topic in topics.items():
        watches.add(token, Watch("page.refresh", frozenset({topic})))


async def test_change_wakes_only_the_tabs_that_show_the_topic(watches: WatchRegistry) -> None:
    app = FakeApp("a", "b", "c")
    watching(watches, app, a="ticket:1", b="ticket:1", c="ticket:2")
    live.publish({"ticket:1", "ticket:9"})
    await let_run()
    assert sorted(app.queued) == [("a", "page.refresh"), ("b", "page.refresh")]


async def test_a_burst_costs_a_tab_one_refresh_and_one_more(watches: WatchRegistry) -> None:
    app = FakeApp("a")
    watching(watches, app, a="queue")
    for _ in range(50):
        live.publish({"queue"})
        await let_run()
    assert len(app.queued) == 1
    app.running[0].set_result(None)
    await let_run()
    assert len(app.queued) == 2
    app.running[1].set_result(None)
    await let_run()
    assert len(app.queued) == 2


async def test_a_refresh_that_fails_does_not_stop_the_next(watches: WatchRegistry) -> None:
    app = FakeApp("a")
    watching(watches, app, a="queue")
    live.publish({"queue"})
    await let_run()
    app.running[0].set_exception(RuntimeError("no"))
    await let_run()
    live.publish({"queue"})
    await let_run()
    assert len(app.queued) == 2


async def test_a_closed_tab_is_forgotten_and_not_woken(watches: WatchRegistry) -> None:
    app = FakeApp("a")
    watching(watches, app, a="queue")
    app.close("a")
    live.publish({"queue"})
    await let_run()
    assert app.queued == []
    assert not watches.by_token
    assert not watches.by_topic


async def test_another_page_ends_the_watch_of_the_last(watches: WatchRegistry) -> None:
    app = FakeApp("a")
    watching(watches, app, a="ticket:1")
    watching(watches, app, a="ticket:2")
    live.publish({"ticket:1"})
    await let_run()
    assert app.queued == []
    assert set(watches.by_topic) == {"ticket:2"}


async def test_each_part_of_a_page_is_woken_for_its_own_topics(watches: WatchRegistry) -> None:
    app = FakeApp("a")
    watching(watches, app, a="queue")
    watches.add("a", Watch("rail.refresh", frozenset({"person:1"})))
    live.publish({"person:1"})
    await let_run()
    assert app.queued == [("a", "rail.refresh")]
    live.publish({"queue"})
    await let_run()
    assert app.queued[1:] == [("a", "page.refresh")]
    watches.remove_tab("a")
    assert not watches.by_topic


async def test_tabs_that_left_without_a_word_do_not_pile_up(watches: WatchRegistry) -> None:
    app = FakeApp("here")
    watches.app = app  # type: ignore[assignment]
    for number in range(1000):
        watches.add(f"gone-{number}", Watch("page.refresh", frozenset({f"ticket:{number}"})))
    assert len(watches.by_token) < 50
    assert len(watches.by_topic) < 50
