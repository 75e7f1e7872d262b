"""Macros: all actions or none, each under its own rules, and one undo for the set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.automation import macro_running, macros
from ticket_app.core.automation.macro_running import AppliedMacro
from ticket_app.core.conversation import commenting
from ticket_app.core.notifications import followers
from ticket_app.core.people import teams
from ticket_app.core.platform import sharing
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RuleViolation,
    VersionConflict,
)
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.tickets import editing, locking, merging, ticket_lookup
from ticket_app.core.tickets.bulk import ExpectedState
from ticket_app.tables import held_reply_table, ticket_table

SaveMacro = Callable[..., int]
FIELDS = [
    {"type": "set_status", "value": "resolved"},
    {"type": "set_priority", "value": "high"},
    {"type": "set_kind", "value": "incident"},
    {"type": "set_assignee", "value": "me"},
    {"type": "add_tags", "value": ["vpn", "Network"]},
    {"type": "set_due_in_days", "value": 2},
]
REPLY = {"type": "reply", "value": "Hello {{requester.first_name}}, {{ticket.number}} is solved."}
NOTE = {"type": "note", "value": "Closed by {{agent.name}}"}
FOLLOW = {"type": "follow"}


@pytest.fixture
def save_macro(uow_for: UowFor, cast: Cast) -> SaveMacro:
    """Saves a macro of the agent unless told otherwise; returns its id."""

    def save(*actions: dict[str, object], by: Actor | None = None, **values: Any) -> int:
        with uow_for(by or cast.agent) as uow:
            name = values.pop("name", "Solve")
            return macros.create_macro(uow, name, actions, **values).id

    return save


@pytest.fixture
def apply(uow_for: UowFor, cast: Cast) -> Callable[..., AppliedMacro]:
    def apply_macro(macro_id: int, ticket_id: int, **values: Any) -> AppliedMacro:
        with uow_for(values.pop("by", cast.agent)) as uow:
            return macro_running.apply(uow, macro_id, ticket_id, **values)

    return apply_macro


def columns(uow_for: UowFor, ticket_id: int) -> dict[str, object]:
    with uow_for(None) as uow:
        statement = select(ticket_table).where(ticket_table.c.id == ticket_id)
        return dict(uow.connection.execute(statement).mappings().one())


def comments(uow_for: UowFor, actor: Actor, ticket_id: int) -> list[str | None]:
    with uow_for(actor) as uow:
        return [entry.body for entry in commenting.list_comments(uow, ticket_id)]


def test_macro_applies_every_action_at_once(
    save_macro: SaveMacro,
    apply: Callable[..., AppliedMacro],
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    clock: Clock,
) -> None:
    ticket_id = file_ticket(tags=["vpn"])
    macro_id = save_macro(*FIELDS, REPLY, NOTE, FOLLOW)
    apply(macro_id, ticket_id)
    with uow_for(cast.agent) as uow:
        ticket = ticket_lookup.read_ticket(uow, ticket_id)
        key = f"{ticket.key_prefix}-{ticket.key_number}"
        assert followers.is_following(uow, ticket_id, cast.agent.id)
        assert macros.get_macro(uow, macro_id).use_count == 1
    assert (ticket.status, ticket.priority, ticket.kind) == ("resolved", "high", "incident")
    assert ticket.assignee_id == cast.agent.id
    assert ticket.tags == ["vpn", "Network"]
    assert ticket.due_at == clock.now.replace(day=22)
    assert comments(uow_for, cast.owner, ticket_id) == [f"Hello Olive, {key} is solved."]
    assert "Closed by Agnes Hale" in comments(uow_for, cast.agent, ticket_id)


def test_undo_takes_back_the_whole_set_with_reply_and_note(
    save_macro: SaveMacro,
    apply: Callable[..., AppliedMacro],
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
) -> None:
    ticket_id = file_ticket()
    before = columns(uow_for, ticket_id)
    applied = apply(save_macro(*FIELDS, REPLY, NOTE, FOLLOW), ticket_id, undo_seconds=10)
    assert comments(uow_for, cast.owner, ticket_id) == []
    with uow_for(cast.agent) as uow:
        result = macro_running.undo_applied(uow, [applied])
        assert not followers.is_following(uow, ticket_id, cast.agent.id)
        states = list(uow.connection.execute(select(held_reply_table.c.state)).scalars())
    assert (result.ticket_keys, result.errors) == ([applied.ticket_key], [])
    assert states == ["cancelled"]
    assert comments(uow_for, cast.agent, ticket_id) == []
    after = columns(uow_for, ticket_id)
    moved_on = {"version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in moved_on} == {
        k: v for k, v in before.items() if k not in moved_on
    }


def test_undo_names_a_reply_that_was_sent_and_undoes_the_rest(
    save_macro: SaveMacro,
    apply: Callable[..., AppliedMacro],
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
) -> None:
    ticket_id = file_ticket()
    applied = apply(save_macro({"type": "set_priority", "value": "high"}, REPLY), ticket_id)
    with uow_for(cast.agent) as uow:
        result = macro_running.undo_applied(uow, [applied])
    assert result.errors == [f"The reply to {applied.ticket_key} was already sent."]
    assert columns(uow_for, ticket_id)["priority"] == "medium"


def test_undo_leaves_a_ticket_that_was_changed_again(
    save_macro: SaveMacro,
    apply: Callable[..., AppliedMacro],
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
) -> None:
    ticket_id = file_ticket()
    applied = apply(save_macro({"type": "set_priority", "value": "high"}, NOTE), ticket_id)
    with uow_for(cast.manager) as uow:
        editing.edit(uow, locking.lock_ticket(uow, ticket_id), {"priority": "low"})
    with uow_for(cast.agent) as uow:
        result = macro_running.undo_applied(uow, [applied])
    assert "has been changed again" in result.errors[0]
    assert comments(uow_for, cast.agent, ticket_id) == ["Closed by Agnes Hale"]


def test_macro_does_nothing_if_one_action_is_not_possible_and_names_it(
    save_macro: SaveMacro,
    apply: Callable[..., AppliedMacro],
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
) -> None:
    ticket_id = file_ticket()
    before = columns(uow_for, ticket_id)
    macro_id = save_macro(*FIELDS, NOTE, by=cast.admin, scope=Scope.EVERYONE)
    without = replace(cast.agent, permissions=cast.agent.permissions - {"assign_tickets"})
    with pytest.raises(Forbidden, match=r"“assign to me” is not possible.*not allowed to assign"):
        apply(macro_id, ticket_id, by=without)
    assert columns(uow_for, ticket_id) == before
    without_notes = replace(cast.agent, permissions=cast.agent.permissions - {"write_notes"})
    with pytest.raises(Forbidden, match="add internal note"):
        apply(macro_id, ticket_id, by=without_notes)
    assert columns(uow_for, ticket_id) == before


def test_macro_with_a_variable_without_value_does_nothing(
    save_macro: SaveMacro,
    apply: Callable[..., AppliedMacro],
    uow_for: UowFor,
    file_ticket: FileTicket,
) -> None:
    ticket_id = file_ticket()
    before = columns(uow_for, ticket_id)
    late = {"type": "reply", "value": "Until {{ticket.due}}"}
    macro_id = save_macro({"type": "set_priority", "value": "high"}, late)
    with pytest.raises(RuleViolation, match=r"“reply”.*\{\{ticket.due\}\} has no value"):
        apply(macro_id, ticket_id, undo_seconds=10)
    assert columns(uow_for, ticket_id) == before


def test_macro_on_a_selection_changes_each_ticket_that_it_can(
    save_macro: SaveMacro, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, merged, stale, target = (file_ticket() for _ in range(4))
    with uow_for(cast.agent) as uow:
        merging.merge(uow, merged, target)
    macro_id = save_macro({"type": "set_status", "value": "resolved"}, NOTE)
    seen = {one: columns(uow_for, one)["version"] for one in (first, merged)}
    expected = {one: ExpectedState(int(str(version))) for one, version in seen.items()}
    with uow_for(cast.agent) as uow:
        result = macro_running.apply_to_each(
            uow, macro_id, {**expected, stale: ExpectedState(99)}, undo_seconds=10
        )
    assert [one.ticket_id for one in result.applied] == [first]
    assert len(result.errors) == 2
    assert columns(uow_for, first)["status"] == "resolved"
    assert columns(uow_for, stale)["status"] == "new"
    with uow_for(cast.agent) as uow:
        assert macro_running.undo_applied(uow, result.applied).errors == []
        assert macros.get_macro(uow, macro_id).use_count == 1
    assert columns(uow_for, first)["status"] == "new"


def test_macro_is_not_applied_to_a_ticket_that_has_changed(
    save_macro: SaveMacro, apply: Callable[..., AppliedMacro], file_ticket: FileTicket
) -> None:
    macro_id = save_macro(NOTE)
    with pytest.raises(VersionConflict):
        apply(macro_id, file_ticket(), expected=ExpectedState(7))


def test_macros_of_others_and_requesters_have_none(
    save_macro: SaveMacro,
    apply: Callable[..., AppliedMacro],
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
) -> None:
    ticket_id, macro_id = file_ticket(), save_macro(NOTE)
    with pytest.raises(NotFound):
        apply(macro_id, ticket_id, by=cast.manager)
    with pytest.raises(Forbidden):
        apply(macro_id, ticket_id, by=cast.owner)
    with uow_for(cast.agent) as uow, pytest.raises(Forbidden):
        macros.update_macro(uow, macro_id, {"scope": Scope.EVERYONE})


def test_administrator_manages_macros_of_teams_without_using_them(
    save_macro: SaveMacro, uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        team_id = teams.create_team(uow, "Network", member_ids=[cast.agent.id]).id
    macro_id = save_macro(NOTE, by=cast.admin, scope=Scope.TEAM, team_id=team_id)
    with uow_for(cast.admin) as uow:
        assert macros.list_usable(uow) == []
        assert macros.update_macro(uow, macro_id, {"rank": 5, "shortcut": "A"}).shortcut == "a"
    with uow_for(replace(cast.agent, team_id=team_id)) as uow:
        assert [row.name for row in macros.list_usable(uow)] == ["Solve"]


def test_macro_counts_for_the_scope_that_it_moves_to(
    save_macro: SaveMacro, uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MAX_IN_SCOPE", 1)
    with uow_for(cast.admin) as uow:
        network, printers = (teams.create_team(uow, name).id for name in ("Network", "Printers"))
    save_macro(NOTE, by=cast.admin, scope=Scope.TEAM, team_id=network)
    own = save_macro(NOTE, by=cast.admin)
    other = save_macro(NOTE, by=cast.admin, scope=Scope.TEAM, team_id=printers)
    with uow_for(cast.admin) as uow:
        for macro_id, changes in (
            (own, {"scope": Scope.TEAM, "team_id": network}),
            (other, {"team_id": network}),
        ):
            with pytest.raises(RuleViolation, match="at most 1 macros"):
                macros.update_macro(uow, macro_id, changes)
        assert macros.update_macro(uow, own, {"name": "Mine"}).name == "Mine"
        assert macros.update_macro(uow, own, {"scope": Scope.EVERYONE}).team_id is None


@pytest.mark.parametrize(
    "actions",
    [
        [],
        [{"type": "explode"}],
        [{"type": "set_status", "value": "duplicate"}],
        [{"type": "set_priority", "value": "enormous"}],
        [{"type": "set_assignee", "value": 10_000}],
        [{"type": "set_team", "value": 10_000}],
        [{"type": "add_tags", "value": []}],
        [{"type": "set_due_in_days", "value": -1}],
        [{"type": "reply", "value": "{{nothing}}"}],
        [{"type": "note", "value": " "}],
        [NOTE, NOTE],
    ],
)
def test_macro_with_an_impossible_action_is_not_saved(
    save_macro: SaveMacro, actions: list[dict[str, object]]
) -> None:
    with pytest.raises(Invalid):
        save_macro(*actions)


def test_two_macros_of_one_scope_cannot_share_a_key(save_macro: SaveMacro) -> None:
    save_macro(NOTE, shortcut="1")
    with pytest.raises(Conflict, match="Solve"):
        save_macro(NOTE, name="Other", shortcut="1")
