"""The requester's status line follows the status and the conversation."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.vocabulary import Status, StatusGroup
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_for_requester import (
    PublicReplies,
    RequesterStatus,
    get_requester_status,
)
from ticket_app.core.tickets.transitions import ReplyOutcome
from ticket_app.core.timeline import timeline

SILENT = PublicReplies()
ANSWERED = PublicReplies(has_staff_reply=True, is_staff_reply_last=True)
REPLIED = PublicReplies(has_staff_reply=True, is_staff_reply_last=False)
S = RequesterStatus
OPEN: dict[Status, tuple[RequesterStatus, RequesterStatus, RequesterStatus]] = {
    Status.NEW: (S.RECEIVED, S.ANSWERED, S.REPLIED),
    Status.OPEN: (S.READ, S.ANSWERED, S.REPLIED),
    Status.IN_PROGRESS: (S.IN_WORK, S.ANSWERED_IN_WORK, S.REPLIED_IN_WORK),
    Status.REOPENED: (S.REOPENED, S.ANSWERED, S.REOPENED),
    Status.PENDING_USER: (S.NEEDS_REPLY, S.NEEDS_REPLY, S.NEEDS_REPLY),
    Status.PENDING_APPROVAL: (S.IN_APPROVAL, S.IN_APPROVAL, S.IN_APPROVAL),
}
DONE: dict[Status, tuple[RequesterStatus, RequesterStatus]] = {
    Status.RESOLVED: (S.SOLVED, S.SOLVED_LONG_AGO),
    Status.CLOSED: (S.CLOSED, S.CLOSED_LONG_AGO),
    Status.DUPLICATE: (S.DUPLICATE, S.DUPLICATE),
    Status.WONT_FIX: (S.NOT_PLANNED, S.NOT_PLANNED),
}


def _ticket(status: Status, merged: int | None = None) -> SimpleNamespace:
    return SimpleNamespace(status=status, merged_into_id=merged)


def test_every_status_is_in_the_tables() -> None:
    assert OPEN.keys() | DONE.keys() == set(Status)
    assert {status for status in Status if status.group is StatusGroup.DONE} == DONE.keys()


@pytest.mark.parametrize("status", OPEN)
def test_line_of_an_open_ticket_follows_the_last_word(status: Status) -> None:
    found = [
        get_requester_status(_ticket(status), talk, ReplyOutcome.STATUS_KEPT)
        for talk in (SILENT, ANSWERED, REPLIED)
    ]
    assert tuple(found) == OPEN[status]


@pytest.mark.parametrize("status", DONE)
@pytest.mark.parametrize("talk", [SILENT, ANSWERED, REPLIED])
def test_summary_of_a_finished_ticket_explains_what_a_reply_does(
    status: Status, talk: PublicReplies
) -> None:
    soon = get_requester_status(_ticket(status), talk, ReplyOutcome.REOPENED)
    late = get_requester_status(_ticket(status), talk, ReplyOutcome.FOLLOW_UP)
    assert (soon, late) == DONE[status]


def test_a_question_of_approvers_and_a_merge_come_first() -> None:
    waits, merged = _ticket(Status.PENDING_APPROVAL), _ticket(Status.DUPLICATE, merged=2)
    assert (
        get_requester_status(waits, SILENT, ReplyOutcome.STATUS_KEPT, has_open_question=True)
        is S.NEEDS_REPLY
    )
    assert get_requester_status(merged, ANSWERED, ReplyOutcome.REJECTED) is S.MERGED


def test_talk_is_read_from_the_public_comments(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    seen = []
    for actor, internal in (
        (cast.agent, True),
        (cast.owner, False),
        (cast.agent, False),
        (cast.agent, True),
        (cast.owner, False),
    ):
        with uow_for(actor) as uow:
            commenting.add_comment(uow, lock_ticket(uow, ticket_id), "Hm", internal=internal)
            seen.append(PublicReplies.of(timeline.list_entries(uow, ticket_id), cast.owner.id))
    assert seen == [SILENT, SILENT, ANSWERED, ANSWERED, REPLIED]
