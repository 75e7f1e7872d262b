"""While somebody types a mention, only people who may read the comment are offered."""

from __future__ import annotations

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting, mention_suggestions
from ticket_app.core.people import directory
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.tickets.locking import lock_ticket


def suggest(
    uow_for: UowFor, actor: Actor, ticket_id: int, prefix: str = "", *, internal: bool = False
) -> list[str]:
    with uow_for(actor, writes=False) as uow:
        people = mention_suggestions.suggest_people(uow, ticket_id, prefix, internal=internal)
        return [person.username for person in people]


def test_only_people_who_may_read_the_comment_are_suggested(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    assert suggest(uow_for, cast.agent, ticket_id) == ["admin", "manager", "owner"]
    assert suggest(uow_for, cast.agent, ticket_id, internal=True) == ["admin", "manager"]
    assert suggest(uow_for, cast.admin, ticket_id, "HAL") == ["agent"]
    assert suggest(uow_for, cast.admin, ticket_id, "agn") == ["agent"]
    assert suggest(uow_for, cast.admin, ticket_id, "%") == []


@pytest.mark.parametrize(
    ("first_name", "last_name", "typed"),
    [
        ("Jörg", "Österreich", ("öst", "ÖSTERREICH", "jörg ö")),
        ("Ünal", "Çelik", ("ü", "Üna", "çel")),
        ("Жанна", "Дарк", ("жан", "ЖАННА", "дар")),
    ],
)
def test_names_that_begin_with_letters_beyond_ascii_are_suggested_in_any_case(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    first_name: str,
    last_name: str,
    typed: tuple[str, ...],
) -> None:
    with uow_for(cast.admin) as uow:
        create_person(
            uow,
            username="someone",
            email="someone@example.com",
            password=None,
            role=Role.AGENT,
            first_name=first_name,
            last_name=last_name,
        )
    ticket_id = file_ticket()
    for prefix in typed:
        assert suggest(uow_for, cast.agent, ticket_id, prefix) == ["someone"]
        with uow_for(cast.agent, writes=False) as uow:
            found = directory.search_people(uow, prefix)
            assert [person.username for person in found] == ["someone"]


def test_requesters_are_offered_the_staff_who_replied(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    for actor, internal in ((cast.agent, False), (cast.manager, True), (cast.owner, False)):
        with uow_for(actor) as uow:
            commenting.add_comment(uow, lock_ticket(uow, ticket_id), "Hello", internal=internal)
    assert suggest(uow_for, cast.owner, ticket_id) == ["agent"]
    for other in (cast.colleague, cast.stranger):
        with pytest.raises(NotFound):
            suggest(uow_for, other, ticket_id)


def test_whoever_is_offered_is_notified(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    names = suggest(uow_for, cast.agent, ticket_id, internal=True)
    text = " ".join(f"@{name}" for name in names)
    with uow_for(cast.agent) as uow:
        commenting.add_comment(uow, lock_ticket(uow, ticket_id), text, internal=True)
        (comment,) = commenting.list_comments(uow, ticket_id)
        assert comment.mentions == [cast.admin.id, cast.manager.id]
