"""Live pages: a change anywhere wakes the open pages that show it, without polling.

A page's on_load says which topics it shows and which of its events refreshes it; the process's
tail of the timeline calls `announce(topics)`; each open tab with one of these topics gets that
event put in its queue, as if it had sent it. Nothing waits, so nothing leaks: a watch ends when
the tab navigates, reconnects or goes. A burst of changes costs a tab one refresh in flight and at
most one after it. With several processes each knows only its own tabs, and each tails by itself.

    class TicketPage(rx.State):
        @rx.event
        async def load(self):                    # the page's on_load
            ...                                  # ask the core; only then, what may be seen:
            live.watch(self, TicketPage.refresh, {f"ticket:{ticket_id}"})

        @rx.event
        async def refresh(self):                 # asks the core again, so policy still decides
            ...
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import reflex as rx
from reflex.event import Event, EventHandler
from reflex.middleware import Middleware
from reflex.state import BaseState
from reflex_base.utils.format import format_event_handler

SPARE = 16
PAGE_LOADS = (".on_load_internal", ".hydrate_and_load")


@dataclass
class Watch:
    """A wish of one part of a tab's page to be woken, and whether a wake-up is under way."""

    event: str
    topics: frozenset[str]
    waking: bool = False
    again: bool = False


Place = tuple[str, str]
"""A tab (its token) and the event by which one part of its page is woken."""


@dataclass
class Watches:
    """The open tabs of this process, by token and by topic."""

    app: rx.App | None = None
    by_token: dict[str, dict[str, Watch]] = field(default_factory=dict)
    by_topic: defaultdict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))

    def add(self, token: str, watch: Watch) -> None:
        """Watch with this tab; what the same event watched before ends."""
        self._end(token, watch.event)
        if len(self.by_token) > 2 * self.open_count() + SPARE:
            for closed in [name for name in self.by_token if not self.is_open(name)]:
                self.drop(closed)
        self.by_token.setdefault(token, {})[watch.event] = watch
        for topic in watch.topics:
            self.by_topic[topic].add((token, watch.event))

    def drop(self, token: str) -> None:
        """Forget all that this tab watched."""
        for event in list(self.by_token.get(token, ())):
            self._end(token, event)

    def _end(self, token: str, event: str) -> None:
        watch = self.by_token.get(token, {}).pop(event, None)
        if not self.by_token.get(token, True):
            del self.by_token[token]
        for topic in watch.topics if watch else ():
            places = self.by_topic[topic]
            places.discard((token, event))
            if not places:
                del self.by_topic[topic]

    def touched(self, topics: Iterable[str]) -> set[Place]:
        """The tabs, and what of them, that show one of the topics."""
        return set().union(*(self.by_topic.get(topic, ()) for topic in topics))

    def is_open(self, token: str) -> bool:
        """Whether the tab's socket is still connected to this process."""
        names = self.app.event_namespace if self.app else None
        socket = names._token_manager.token_to_socket.get(token) if names else None  # noqa: SLF001
        return bool(names and socket and names.sid_to_token.get(socket.sid) == token)

    def open_count(self) -> int:
        """How many tabs are connected to this process."""
        names = self.app.event_namespace if self.app else None
        return len(names.sid_to_token) if names else 0

    async def wake(self, token: str, event: str) -> None:
        """Run the tab's refresh event, and once more if something changed meanwhile."""
        watch = self.by_token.get(token, {}).get(event)
        if watch is None:
            return
        if watch.waking:
            watch.again = True
            return
        watch.waking = watch.again = True
        try:
            while watch.again and self.app and self._holds(token, watch):
                if not self.is_open(token):
                    self.drop(token)
                    return
                watch.again = False
                with self.app.set_contexts():
                    refresh = await self.app.event_processor.enqueue(token, Event(watch.event))
                await asyncio.wait([refresh])
        finally:
            watch.waking = False

    def _holds(self, token: str, watch: Watch) -> bool:
        return self.by_token.get(token, {}).get(watch.event) is watch


watches = Watches()
_waking: set[asyncio.Task[None]] = set()


def watch(page: rx.State, refresh: EventHandler, topics: Collection[str]) -> None:
    """Run `refresh` (an argument-less event) in this tab whenever one of the topics is announced.

    Call it from the page's on_load, after the core said that the actor may see what the topics
    stand for. It holds until the tab loads another page or closes; each part of a page may watch
    for itself, with an event of its own.
    """
    token = page.router.session.client_token
    watches.add(token, Watch(format_event_handler(refresh), frozenset(topics)))


def announce(topics: Collection[str]) -> None:
    """Wake the tabs of this process that show one of the topics; called by the process's tail."""
    for token, event in watches.touched(topics):
        # An empty context: called from an event, the wake-up must not become that event's child.
        wake = watches.wake(token, event)
        task = asyncio.create_task(wake, context=contextvars.Context())
        _waking.add(task)
        task.add_done_callback(_waking.discard)


class EndOfPage(Middleware):
    """Ends a tab's watch when it loads a page; the new page's on_load may begin another."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> None:
        """Before any handler of the new page runs."""
        if event.name.endswith(PAGE_LOADS):
            watches.drop(state.router.session.client_token)


def enliven(app: rx.App) -> None:
    """Let this app's pages watch; once, where the app is composed."""
    watches.app = app
    app.add_middleware(EndOfPage())
