"""What a page may call, what it may hold, and whose address it has."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from typing import Any, cast, get_args, get_type_hints

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext
from starlette.routing import Match

from ticket_app.api.app import build_api
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Unauthenticated
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.ui import bridge, routes
from ticket_app.ui.pages.desk.queue.views import TRASH_VIEW

OURS = "ticket_app."
INTERNAL_WORDS = re.compile(
    "|".join(("internal", "audience", "^notes?_html$", *ticket_fields.INTERNAL_FIELDS))
)


@pytest.fixture(scope="module", autouse=True)
def whole_app() -> None:
    """Every page of the product is made, as it is when it is served."""
    import ticket_app.ticket_app  # noqa: F401


def states(above: type[Any] = rx.State) -> Iterator[type[Any]]:
    for state in above.get_substates():
        if state.__module__.startswith(OURS):
            yield state
        yield from states(state)


def reachable() -> dict[str, Any]:
    """Every event a browser can name, with its handler."""
    return {
        name: registered.handler
        for name, registered in RegistrationContext.get().event_handlers.items()
    }


def test_every_handler_of_ours_goes_over_the_bridge() -> None:
    ours = {name: handler for name, handler in reachable().items() if ".ticket_app___" in name}
    assert len(ours) > 20
    assert [name for name, h in ours.items() if not getattr(h.fn, bridge.BRIDGED, False)] == []


def test_no_variable_can_be_set_by_its_name() -> None:
    assert [name for name in reachable() if name.endswith(".setvar")] == []
    assert [name for name in reachable() if re.search(r"\.set_(?!is_hydrated)", name)] == [
        name for name in reachable() if name.endswith((".set_word",))
    ]


def words_in(kind: Any, seen: set[Any]) -> Iterator[str]:
    if kind in seen:
        return
    seen.add(kind)
    for part in get_args(kind):
        yield from words_in(part, seen)
    if dataclasses.is_dataclass(kind):
        for name, of in get_type_hints(kind).items():
            yield name
            yield from words_in(of, seen)


def test_what_a_requester_holds_has_no_place_for_internal_words() -> None:
    portal = [state for state in states() if ".pages.portal" in state.__module__]
    assert portal
    for state in portal:
        hints = get_type_hints(state)
        for name in state.base_vars:
            held = {name, *words_in(hints.get(name), set())}
            assert not {word for word in held if INTERNAL_WORDS.search(word)}, (state, name)


def test_portal_imports_nothing_from_the_staff_pages() -> None:
    for state in states():
        if ".pages.portal" in state.__module__:
            kinds = {str(hint) for hint in get_type_hints(state).values()}
            assert not {kind for kind in kinds if ".pages.desk" in kind}, state


@pytest.mark.parametrize("page", [*routes.ALL_PAGES, routes.desk_view(TRASH_VIEW)])
def test_no_page_has_an_address_of_the_api(page: str) -> None:
    path = re.sub(r"\[\w+\]", "BUG-1", page)
    for method in ("GET", "HEAD"):
        scope = {"type": "http", "method": method, "path": path, "headers": [], "root_path": ""}
        claimed = [
            route for route in build_api().routes if route.matches(dict(scope))[0] is not Match.NONE
        ]
        assert claimed == [], path


class Refused(rx.State):
    """Stands for a page's state whose handlers are refused in every way."""

    @bridge.event
    def at_once(self, word: str) -> None:
        """Refused before anything happens."""
        raise Forbidden(f"You may not {word}")

    @bridge.event
    async def once(self) -> None:
        """Refused while waiting."""
        raise Unauthenticated

    @bridge.event
    async def stepwise(self) -> Any:
        """Refused at the second step."""
        yield None
        raise Forbidden("You may not go on")


@pytest.mark.anyio
async def test_rejected_action_becomes_a_message_and_never_an_exception() -> None:
    state = Refused(_reflex_internal_init=True)  # type: ignore[call-arg]
    at_once = cast("Callable[..., object]", Refused.at_once.fn)
    assert "You may not open it" in str(at_once(state, word="open it"))
    assert "signInAgain" in str(await Refused.once.fn(state))
    steps = [step async for step in Refused.stepwise.fn(state)]
    assert "You may not go on" in str(steps[-1])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_an_actor_is_never_taken_from_the_page() -> None:
    for handler in reachable().values():
        hints = getattr(handler.fn, "__annotations__", {})
        assert Actor.__name__ not in {str(hint) for hint in hints.values()}
