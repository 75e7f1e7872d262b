"""Search operators: how a text is split, and which tickets each operator finds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import MORNING, Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.vocabulary import Kind, Priority, Status, StatusGroup
from ticket_app.core.search.search_operators import (
    OPERATORS,
    SearchOperator,
    parse_search,
    split_last_token,
)
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.assigning import assign
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.quick_search import quick_search
from ticket_app.core.tickets.search_filters import apply_search
from ticket_app.core.tickets.search_suggestions import suggest_search
from ticket_app.core.tickets.tags import set_tags
from ticket_app.core.tickets.ticket_query import TicketQuery


def test_search_is_split_into_operators_and_words() -> None:
    parsed = parse_search('printer from:ana -status:closed,resolved company:"Acme GmbH" jam')
    assert parsed.text == "printer jam"
    assert parsed.operators == (
        SearchOperator("from", ("ana",)),
        SearchOperator("status", ("closed", "resolved"), is_excluded=True),
        SearchOperator("company", ("Acme GmbH",)),
    )


@pytest.mark.parametrize(
    "text", ["https://example.com/a:b", "12:30", "BUG-15", "a:b", ":", "-", '"']
)
def test_addresses_and_times_are_words(text: str) -> None:
    parsed = parse_search(text)
    assert not parsed.operators
    assert not parsed.unknown


def test_unknown_operator_stays_a_word_and_is_named() -> None:
    parsed = parse_search("color:red error")
    assert (parsed.text, parsed.unknown) == ("color:red error", ("color",))


def test_token_that_is_being_typed_may_be_quoted() -> None:
    assert split_last_token("a from:an") == ("a ", "from:an")
    assert split_last_token('a company:"Acme G') == ("a ", 'company:"Acme G')


def found_by(uow_for: UowFor, actor: object, text: str) -> tuple[list[int], tuple[str, ...]]:
    with uow_for(actor, writes=False) as uow:  # type: ignore[arg-type]
        applied = apply_search(uow, TicketQuery(search=text))
        rows = ticket_list.page(uow, applied.query).rows
        count = ticket_list.count_tickets(uow, applied.query)
    assert count == len(rows)
    return [row.id for row in rows], applied.hints


def test_each_operator_finds_its_tickets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(cast.owner), file_ticket(cast.stranger)
    with uow_for(cast.agent) as uow:
        assign(uow, lock_ticket(uow, first), cast.agent.id)
        set_tags(uow, first, ["vpn"])
    expected = {
        "from:owner": [first],
        "from:stranger": [second],
        "assignee:me": [first],
        "assignee:none": [second],
        "-assignee:none": [first],
        "tag:vpn": [first],
        "is:unassigned": [second],
        "-is:unassigned": [first],
        "is:open": [second, first],
        "-is:open": [],
        "is:closed": [],
        "is:overdue": [],
        "has:attachment": [],
        "after:today": [second, first],
        "before:today": [],
        "-before:today": [second, first],
        "after:tomorrow": [],
        "due:overdue": [],
        "status:closed,resolved": [],
        "-status:closed": [second, first],
        "from:owner assignee:me tag:vpn is:open": [first],
        "from:owner from:stranger": [],
        "-from:owner": [second],
        "-assignee:me": [second],
        "-tag:vpn": [second],
        "-company:lanternworks": [second],
        "-is:overdue -is:unread": [second, first],
        "-tag:vpn -from:stranger": [],
    }
    results = {text: found_by(uow_for, cast.agent, text) for text in expected}
    assert {text: ids for text, (ids, _) in results.items()} == expected
    assert {text: hints for text, (_, hints) in results.items() if hints} == {}


@pytest.mark.parametrize(
    ("text", "part_of_hint"),
    [
        ("from:nobodyhere", "No person is called"),
        ("tag:missing", "No tag is called"),
        ("team:missing", "No team is called"),
        ("company:missing", "No company is called"),
        ("status:sleeping", "is not a status. Choose from new, open"),
        ("priority:9", "is not a priority"),
        ("type:dog", "is not a type"),
        ("is:purple", "is unknown. Choose from open"),
        ("has:legs", "is unknown. Choose from attachment"),
        ("before:christmas", "is not a day"),
        ("after:2026-13-01", "is not a day"),
        ("due:99999999999999999999d", "is not a day"),
        ("-has:attachment", "cannot be excluded"),
        ("assignee:a,b", "takes one value"),
    ],
)
def test_unusable_value_finds_nothing_and_is_explained(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, text: str, part_of_hint: str
) -> None:
    file_ticket(cast.owner)
    ids, hints = found_by(uow_for, cast.agent, text)
    assert ids == []
    assert len(hints) == 1
    assert part_of_hint in hints[0]


def test_operator_without_its_value_yet_keeps_the_list(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(cast.owner)
    for name in OPERATORS:
        ids, hints = found_by(uow_for, cast.agent, f"{name}:")
        assert ids == [ticket_id]
        assert hints[0].startswith("Enter a value after")


def test_words_that_mean_no_operator_are_explained(uow_for: UowFor, cast: Cast) -> None:
    _, hints = found_by(uow_for, cast.agent, "color:red -noise")
    assert [hint.split("”")[0] for hint in hints] == ["“color:", "“-noise"]


@pytest.mark.parametrize("reader", ["agent", "owner"])
def test_quoted_words_must_follow_one_another(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, reader: str
) -> None:
    together = file_ticket(cast.owner, title="The wi-fi printer jams again")
    apart = file_ticket(cast.owner, title="Jams of the new printer")
    actor = getattr(cast, reader)
    expected = {
        "printer jams": [apart, together],
        '"printer jams"': [together],
        '"jams printer"': [],
        '"printer jam"': [],
        'again "printer jams"': [together],
        '"the wi-fi printer"': [together],
        '"jams"': [apart, together],
        '"?!"': [],
    }
    assert {text: found_by(uow_for, actor, text)[0] for text in expected} == expected
    assert found_by(uow_for, actor, '"printer jams"')[1] == ()


def test_requester_cannot_look_up_people(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    own = file_ticket(cast.owner)
    file_ticket(cast.stranger)
    assert found_by(uow_for, cast.owner, "is:open")[0] == [own]
    ids, hints = found_by(uow_for, cast.owner, "from:stranger")
    assert (ids, hints) == ([], ("“from:” is for staff only.",))
    with uow_for(cast.owner, writes=False) as uow:
        assert suggest_search(uow, "from:s") == []


def test_operators_narrow_the_filters_of_a_view(uow_for: UowFor, cast: Cast) -> None:
    base = TicketQuery(
        search="status:new,open priority:high type:bug before:today",
        status=frozenset({Status.NEW, Status.CLOSED}),
        created_before=MORNING - timedelta(days=30),
    )
    with uow_for(cast.agent, writes=False) as uow:
        query = apply_search(uow, base).query
    assert query.status == {Status.NEW}
    assert query.priority == {Priority.HIGH}
    assert query.kind == {Kind.BUG}
    assert query.created_before == MORNING - timedelta(days=30)
    assert query.search == ""
    with uow_for(cast.agent, writes=False) as uow:
        waiting = apply_search(
            uow, TicketQuery(search="-is:waiting", group=frozenset({StatusGroup.OPEN}))
        ).query
    assert waiting.group == {StatusGroup.OPEN}


def test_operators_and_values_are_suggested(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent, writes=False) as uow:
        assert suggest_search(uow, "printer as") == ["printer assignee:"]
        assert suggest_search(uow, "-pri") == ["-priority:"]
        assert suggest_search(uow, "priority:h") == ["priority:high"]
        assert suggest_search(uow, "assignee:") == ["assignee:me", "assignee:none"]
        assert suggest_search(uow, "from:own") == ["from:owner"]
        assert suggest_search(uow, "is:u") == ["is:unassigned", "is:unread"]
        assert suggest_search(uow, "") == []


def test_requesters_do_not_learn_which_tags_exist(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    own, others = file_ticket(cast.owner), file_ticket(cast.stranger)
    with uow_for(cast.agent) as uow:
        set_tags(uow, others, ["layoffs"])
        set_tags(uow, own, ["vpn"])
    for tag in ("layoffs", "missing"):
        assert found_by(uow_for, cast.owner, f"tag:{tag}") == ([], ())
        assert found_by(uow_for, cast.owner, f"-tag:{tag}") == ([own], ())
    with uow_for(cast.owner, writes=False) as uow:
        assert suggest_search(uow, "tag:lay") == []
        assert quick_search(uow, "tag:lay").suggestions == []
    with uow_for(cast.agent, writes=False) as uow:
        assert suggest_search(uow, "tag:lay") == ["tag:layoffs"]
