"""Live pages: a change refreshes the open pages that show it, without polling by the browser.

A page's on_load names the topics that it shows and the event that refreshes it. The process follows
the timeline and calls `publish(topics)`; each open tab with one of these topics gets its event
queued, as if it had sent it. A watch ends when the tab navigates, reconnects or closes. A burst of
changes costs a tab one running refresh and at most one after it. Each process knows only its own
tabs and follows the timeline by itself.

    class TicketPage(rx.State):
        @rx.event
        async def load(self):  # the page's on_load
            ...  # watch only what the core has shown to this person:
            live.watch(self, TicketPage.refresh, {f"ticket:{ticket_id}"})

        @rx.event
        async def refresh(self):  # reads again, so that the core checks access again
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
    """A watch of one part of a page, and whether its refresh is running."""

    event: str
    topics: frozenset[str]
    is_refreshing: bool = False
    needs_refresh: bool = False


TabEvent = tuple[str, str]
"""The token of a tab and the event that refreshes one part of its page."""


@dataclass
class WatchRegistry:
    """The open tabs of this process, by token and by topic."""

    app: rx.App | None = None
    by_token: dict[str, dict[str, Watch]] = field(default_factory=dict)
    by_topic: defaultdict[str, set[TabEvent]] = field(default_factory=lambda: defaultdict(set))

    def add(self, token: str, watch: Watch) -> None:
        """Add a watch of a tab; it replaces the watch of the same event."""
        self._remove(token, watch.event)
        if len(self.by_token) > 2 * self.connected_count() + SPARE_TABS:
            for closed in [name for name in self.by_token if not self.is_connected(name)]:
                self.remove_tab(closed)
        self.by_token.setdefault(token, {})[watch.event] = watch
        for topic in watch.topics:
            self.by_topic[topic].add((token, watch.event))

    def remove_tab(self, token: str) -> None:
        """Remove all watches of a tab."""
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
        """Return the watches of one of the topics."""
        return set().union(*(self.by_topic.get(topic, ()) for topic in topics))

    def has(self, token: str, event: str) -> bool:
        """Return whether a tab has a watch with this event."""
        return event in self.by_token.get(token, ())

    def is_connected(self, token: str) -> bool:
        """Return whether the tab's socket is connected to this process."""
        namespace = self.app.event_namespace if self.app else None
        socket = namespace._token_manager.token_to_socket.get(token) if namespace else None  # noqa: SLF001
        return bool(namespace and socket and namespace.sid_to_token.get(socket.sid) == token)

    def connected_count(self) -> int:
        """Return how many tabs are connected to this process."""
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
    """Run `refresh` (an event without arguments) in this tab whenever a topic is published.

    Call it from the page's on_load, after the core has checked that the actor may see what the
    topics stand for. It lasts until the tab loads another page or closes. Each part of a page may
    watch with an event of its own.
    """
    token = page.router.session.client_token
    watches.add(token, Watch(format_event_handler(refresh), frozenset(topics)))


def publish(topics: Collection[str]) -> None:
    """Refresh the tabs of this process that show one of the topics."""
    for token, event in watches.watchers_of(topics):
        # An empty context, so that the refresh does not become a child of the calling event.
        refresh = watches.refresh(token, event)
        task = asyncio.create_task(refresh, context=contextvars.Context())
        _refresh_tasks.add(task)
        task.add_done_callback(_refresh_tasks.discard)


class EndWatchOnPageLoad(Middleware):
    """Ends a tab's watches when it loads a page; the new page's on_load may begin others."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> None:
        """Remove the tab's watches before any handler of the new page runs."""
        if event.name.endswith(PAGE_LOAD_EVENTS):
            watches.remove_tab(state.router.session.client_token)


def enable_live_updates(app: rx.App) -> None:
    """Enable live pages in this app."""
    watches.app = app
    app.add_middleware(EndWatchOnPageLoad())
