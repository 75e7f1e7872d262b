"""Drafts belong to their author and stay until they are sent or discarded."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from ticket_app.core.platform.errors import Invalid, Unauthenticated
from ticket_app.core.timeline import drafts


def test_draft_is_saved_replaced_and_discarded(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    place = drafts.reply_place(7)
    with uow_for(cast.owner) as uow:
        first = drafts.save_draft(uow, place, {"text": "Hel"})
    clock.forward(seconds=30)
    with uow_for(cast.owner) as uow:
        second = drafts.save_draft(uow, place, {"text": "Hello", "tags": ["a"], "🏮": None})
    assert second.id == first.id
    with uow_for(cast.owner, writes=False) as uow:
        assert drafts.find_draft(uow, place) == second
        assert second.content == {"text": "Hello", "tags": ["a"], "🏮": None}
        assert second.updated_at == clock.now
    with uow_for(cast.owner) as uow:
        drafts.discard_draft(uow, place)
        drafts.discard_draft(uow, place)
        assert drafts.find_draft(uow, place) is None


def test_each_place_has_its_own(uow_for: UowFor, cast: Cast) -> None:
    places = [
        drafts.NEW_TICKET_PLACE,
        drafts.reply_place(1),
        drafts.note_place(1),
        drafts.reply_place(2),
    ]
    with uow_for(cast.agent) as uow:
        for place in places:
            drafts.save_draft(uow, place, {"at": place})
        for place in places:
            kept = drafts.find_draft(uow, place)
            assert kept is not None
            assert kept.content == {"at": place}
    assert len(set(places)) == 4


def test_nobody_elses_is_found(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        drafts.save_draft(uow, drafts.NEW_TICKET_PLACE, {"text": "mine"})
    for name, actor in cast:
        if name == "owner":
            continue
        with uow_for(actor) as uow:
            assert drafts.find_draft(uow, drafts.NEW_TICKET_PLACE) is None, name
            drafts.discard_draft(uow, drafts.NEW_TICKET_PLACE)
            drafts.save_draft(uow, drafts.NEW_TICKET_PLACE, {"text": name})
    with uow_for(cast.owner) as uow:
        kept = drafts.find_draft(uow, drafts.NEW_TICKET_PLACE)
        assert kept is not None
        assert kept.content == {"text": "mine"}
    with uow_for(cast.nobody) as uow, pytest.raises(Unauthenticated):
        drafts.find_draft(uow, drafts.NEW_TICKET_PLACE)


@pytest.mark.parametrize(
    "text", ["x" * (drafts.MAX_DRAFT_BYTES + 1), "a\x00b", "\ud800"], ids=["long", "NUL", "half"]
)
def test_what_cannot_be_kept_is_refused(uow_for: UowFor, cast: Cast, text: str) -> None:
    with uow_for(cast.owner) as uow:
        drafts.save_draft(uow, drafts.NEW_TICKET_PLACE, {"text": "before"})
    with pytest.raises(Invalid), uow_for(cast.owner) as uow:
        drafts.save_draft(uow, drafts.NEW_TICKET_PLACE, {"text": text})
    with uow_for(cast.owner) as uow:
        kept = drafts.find_draft(uow, drafts.NEW_TICKET_PLACE)
        assert kept is not None
        assert kept.content == {"text": "before"}


def test_a_large_draft_is_kept(uow_for: UowFor, cast: Cast) -> None:
    text = "x" * (drafts.MAX_DRAFT_BYTES - 20) + "\\u0000"
    with uow_for(cast.owner) as uow:
        assert drafts.save_draft(uow, drafts.NEW_TICKET_PLACE, {"text": text}).content == {
            "text": text
        }
