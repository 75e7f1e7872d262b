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

SPARE_TABS = 16
PAGE_LOAD_EVENTS = (".on_load_internal", ".hydrate_and_load")


@dataclass
class Watch:
    """A wish of one part of a tab's page to be woken, and whether a wake-up is under way."""

    event: str
    topics: frozenset[str]
    is_refreshing: bool = False
    needs_refresh: bool = False


TabEvent = tuple[str, str]
"""A tab (its token) and the event by which one part of its page is woken."""


@dataclass
class WatchRegistry:
    """The open tabs of this process, by token and by topic."""

    app: rx.App | None = None
    by_token: dict[str, dict[str, Watch]] = field(default_factory=dict)
    by_topic: defaultdict[str, set[TabEvent]] = field(default_factory=lambda: defaultdict(set))

    def add(self, token: str, watch: Watch) -> None:
        """Watch with this tab; what the same event watched before ends."""
        self._remove(token, watch.event)
        if len(self.by_token) > 2 * self.connected_count() + SPARE_TABS:
            for closed in [name for name in self.by_token if not self.is_connected(name)]:
                self.remove_tab(closed)
        self.by_token.setdefault(token, {})[watch.event] = watch
        for topic in watch.topics:
            self.by_topic[topic].add((token, watch.event))

    def remove_tab(self, token: str) -> None:
        """Forget all that this tab watched."""
        for event in list(self.by_token.get(token, ())):
            self._remove(token, event)

    def _remove(self, token: str, event: str) -> None:
        watch = self.by_token.get(token, {}).pop(event, None)
        if not self.by_token.get(token, True):
            del self.by_token[token]
        for topic in watch.topics if watch else ():
            tab_events = self.by_topic[topic]
            tab_events.discard((token, event))
            if not tab_events:
                del self.by_topic[topic]

    def watchers_of(self, topics: Iterable[str]) -> set[TabEvent]:
        """The tabs, and what of them, that show one of the topics."""
        return set().union(*(self.by_topic.get(topic, ()) for topic in topics))

    def is_connected(self, token: str) -> bool:
        """Whether the tab's socket is still connected to this process."""
        namespace = self.app.event_namespace if self.app else None
        socket = namespace._token_manager.token_to_socket.get(token) if namespace else None  # noqa: SLF001
        return bool(namespace and socket and namespace.sid_to_token.get(socket.sid) == token)

    def connected_count(self) -> int:
        """How many tabs are connected to this process."""
        namespace = self.app.event_namespace if self.app else None
        return len(namespace.sid_to_token) if namespace else 0

    async def refresh(self, token: str, event: str) -> None:
        """Run the tab's refresh event, and once more if something changed meanwhile."""
        watch = self.by_token.get(token, {}).get(event)
        if watch is None:
            return
        if watch.is_refreshing:
            watch.needs_refresh = True
            return
        watch.is_refreshing = watch.needs_refresh = True
        try:
            while watch.needs_refresh and self.app and self._is_current(token, watch):
                if not self.is_connected(token):
                    self.remove_tab(token)
                    return
                watch.needs_refresh = False
                with self.app.set_contexts():
                    task = await self.app.event_processor.enqueue(token, Event(watch.event))
                await asyncio.wait([task])
        finally:
            watch.is_refreshing = False

    def _is_current(self, token: str, watch: Watch) -> bool:
        return self.by_token.get(token, {}).get(watch.event) is watch


watches = WatchRegistry()
_refresh_tasks: set[asyncio.Task[None]] = set()


def watch(page: rx.State, refresh: EventHandler, topics: Collection[str]) -> None:
    """Run `refresh` (an argument-less event) in this tab whenever one of the topics is announced.

    Call it from the page's on_load, after the core said that the actor may see what the topics
    stand for. It holds until the tab loads another page or closes; each part of a page may watch
    for itself, with an event of its own.
    """
    token = page.router.session.client_token
    watches.add(token, Watch(format_event_handler(refresh), frozenset(topics)))


def publish(topics: Collection[str]) -> None:
    """Wake the tabs of this process that show one of the topics; called by the process's tail."""
    for token, event in watches.watchers_of(topics):
        # An empty context: called from an event, the wake-up must not become that event's child.
        refresh = watches.refresh(token, event)
        task = asyncio.create_task(refresh, context=contextvars.Context())
        _refresh_tasks.add(task)
        task.add_done_callback(_refresh_tasks.discard)


class EndWatchOnPageLoad(Middleware):
    """Ends a tab's watch when it loads a page; the new page's on_load may begin another."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> None:
        """Before any handler of the new page runs."""
        if event.name.endswith(PAGE_LOAD_EVENTS):
            watches.remove_tab(state.router.session.client_token)


def enable_live_updates(app: rx.App) -> None:
    """Let this app's pages watch; once, where the app is composed."""
    watches.app = app
    app.add_middleware(EndWatchOnPageLoad())
