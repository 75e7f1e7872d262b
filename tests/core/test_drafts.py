"""What somebody has begun to write is theirs, and waits for them."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, DeskFor
from ticket_app.core.platform.errors import Invalid, Unauthenticated
from ticket_app.core.timeline import drafts


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    place = drafts.reply_to(7)
    with desk_for(cast.owner) as desk:
        first = drafts.keep(desk, place, {"text": "Hel"})
    clock.forward(seconds=30)
    with desk_for(cast.owner) as desk:
        second = drafts.keep(desk, place, {"text": "Hello", "tags": ["a"], "🏮": None})
    assert second.id == first.id
    with desk_for(cast.owner, writes=False) as desk:
        assert drafts.find(desk, place) == second
        assert second.content == {"text": "Hello", "tags": ["a"], "🏮": None}
        assert second.updated_at == clock.now
    with desk_for(cast.owner) as desk:
        drafts.discard(desk, place)
        drafts.discard(desk, place)
        assert drafts.find(desk, place) is None


def test_each_place_has_its_own(desk_for: DeskFor, cast: Cast) -> None:
    places = [drafts.NEW_TICKET, drafts.reply_to(1), drafts.note_on(1), drafts.reply_to(2)]
    with desk_for(cast.agent) as desk:
        for place in places:
            drafts.keep(desk, place, {"at": place})
        for place in places:
            kept = drafts.find(desk, place)
            assert kept is not None
            assert kept.content == {"at": place}
    assert len(set(places)) == 4


def test_nobody_elses_is_found(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        drafts.keep(desk, drafts.NEW_TICKET, {"text": "mine"})
    for name, actor in cast:
        if name == "owner":
            continue
        with desk_for(actor) as desk:
            assert drafts.find(desk, drafts.NEW_TICKET) is None, name
            drafts.discard(desk, drafts.NEW_TICKET)
            drafts.keep(desk, drafts.NEW_TICKET, {"text": name})
    with desk_for(cast.owner) as desk:
        kept = drafts.find(desk, drafts.NEW_TICKET)
        assert kept is not None
        assert kept.content == {"text": "mine"}
    with desk_for(cast.nobody) as desk, pytest.raises(Unauthenticated):
        drafts.find(desk, drafts.NEW_TICKET)


@pytest.mark.parametrize(
    "text", ["x" * (drafts.LARGEST_DRAFT + 1), "a\x00b", "\ud800"], ids=["long", "NUL", "half"]
)
def test_what_cannot_be_kept_is_refused(desk_for: DeskFor, cast: Cast, text: str) -> None:
    with desk_for(cast.owner) as desk:
        drafts.keep(desk, drafts.NEW_TICKET, {"text": "before"})
    with pytest.raises(Invalid), desk_for(cast.owner) as desk:
        drafts.keep(desk, drafts.NEW_TICKET, {"text": text})
    with desk_for(cast.owner) as desk:
        kept = drafts.find(desk, drafts.NEW_TICKET)
        assert kept is not None
        assert kept.content == {"text": "before"}


def test_a_large_draft_is_kept(desk_for: DeskFor, cast: Cast) -> None:
    text = "x" * (drafts.LARGEST_DRAFT - 20) + "\\u0000"
    with desk_for(cast.owner) as desk:
        assert drafts.keep(desk, drafts.NEW_TICKET, {"text": text}).content == {"text": text}
