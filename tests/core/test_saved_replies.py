"""Saved replies: who may use and change them, how they are found, and their variables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.automation import saved_replies, variables
from ticket_app.core.people import teams
from ticket_app.core.platform import markup, sharing
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.validators import MAX_TEXT_LENGTH
from ticket_app.core.tickets import editing, locking
from ticket_app.tables import audit_entry_table

Save = Callable[..., int]


@pytest.fixture
def save_reply(uow_for: UowFor, cast: Cast) -> Save:
    """Saves a reply of the agent unless told otherwise; returns its id."""

    def save(title: str, content: str = "Hello", *, by: Actor | None = None, **values: Any) -> int:
        with uow_for(by or cast.agent) as uow:
            return saved_replies.create_reply(uow, title, content, **values).id

    return save


def titles(uow_for: UowFor, actor: Actor) -> list[str]:
    with uow_for(actor) as uow:
        return [row.title for row in saved_replies.list_replies(uow)]


def test_personal_reply_is_seen_by_its_owner_only(
    save_reply: Save, uow_for: UowFor, cast: Cast
) -> None:
    reply_id = save_reply("Mine")
    assert titles(uow_for, cast.agent) == ["Mine"]
    assert titles(uow_for, cast.manager) == titles(uow_for, cast.admin) == []
    with uow_for(cast.admin) as uow, pytest.raises(NotFound):
        saved_replies.update_reply(uow, reply_id, {"title": "Yours"})


def test_only_administrators_share_a_reply_with_everyone(
    save_reply: Save, uow_for: UowFor, cast: Cast
) -> None:
    with pytest.raises(Forbidden):
        save_reply("Greeting", scope=Scope.EVERYONE)
    reply_id = save_reply("Greeting", by=cast.admin, scope=Scope.EVERYONE)
    assert titles(uow_for, cast.agent) == ["Greeting"]
    with uow_for(cast.agent) as uow, pytest.raises(Forbidden):
        saved_replies.delete_reply(uow, reply_id)
    with uow_for(cast.admin) as uow:
        saved_replies.delete_reply(uow, reply_id)
        recorded = uow.connection.execute(
            select(audit_entry_table.c.action, audit_entry_table.c.subject_name).where(
                audit_entry_table.c.subject_type == "saved_reply"
            )
        ).all()
    assert recorded == [("created", "Greeting"), ("deleted", "Greeting")]
    assert titles(uow_for, cast.agent) == []


def test_team_reply_is_used_and_changed_by_its_team(
    save_reply: Save, uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        team = teams.create_team(uow, "Network", member_ids=[cast.agent.id])
    agent = replace(cast.agent, team_id=team.id)
    reply_id = save_reply("Reset the router", by=agent, scope=Scope.TEAM)
    assert titles(uow_for, agent) == titles(uow_for, cast.admin) == ["Reset the router"]
    assert titles(uow_for, cast.manager) == []
    with uow_for(agent) as uow:
        assert saved_replies.update_reply(uow, reply_id, {"title": "Reset"}).scope == Scope.TEAM
    with uow_for(cast.admin) as uow, pytest.raises(Conflict, match="1 saved reply"):
        teams.delete_team(uow, agent.team_id or 0)


def test_requesters_have_no_saved_replies(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        saved_replies.list_replies(uow)


def test_unknown_variable_is_an_error_on_saving(save_reply: Save) -> None:
    with pytest.raises(Invalid, match=r"\{\{ticket.numbr\}\}"):
        save_reply("Typo", "About {{ticket.numbr}}")
    with pytest.raises(Invalid, match="unknown variable"):
        save_reply("Code", "{{7 * 7}}")


def test_shortcut_is_one_word_and_taken_once_in_a_scope(save_reply: Save, cast: Cast) -> None:
    save_reply("Greeting", shortcut="/Hi")
    with pytest.raises(Conflict, match="Greeting"):
        save_reply("Other greeting", shortcut="hi")
    with pytest.raises(Invalid):
        save_reply("Long", shortcut="two words")
    save_reply("Of the manager", shortcut="hi", by=cast.manager)


def test_variables_have_the_values_of_the_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        editing.edit(uow, ticket, {"due_at": clock.now + timedelta(days=1)})
    with uow_for(cast.agent) as uow:
        text = "\n".join(variables.format_variable(name) for name in variables.VARIABLES)
        filled = variables.fill_in(uow, ticket_id, text)
    values = dict(zip(variables.VARIABLES, filled.text.splitlines(), strict=True))
    assert filled.missing == ("ticket.assignee", "ticket.team")
    assert values["ticket.number"].startswith("TKT-") or "-" in values["ticket.number"]
    assert values["ticket.title"] == "The lamp flickers"
    assert values["ticket.due"].startswith("21 Nov 2026")
    assert values["ticket.url"].endswith(f"/portal/tickets/{values['ticket.number']}")
    assert values["requester.name"] == "Olive Ownby"
    assert values["requester.first_name"] == "Olive"
    assert values["agent.first_name"] == "Agnes"
    assert values["company.name"] == "Lanternworks"
    assert values["ticket.team"] == "{{ticket.team}}"


def test_values_are_not_read_as_variables_again(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="{{agent.name}} and {{ticket.due}}")
    with uow_for(cast.agent) as uow:
        filled = variables.fill_in(uow, ticket_id, "{{ ticket.title }}")
        assert variables.fill_in_to_send(uow, ticket_id, filled.text) == filled.text
    assert filled.missing == ()
    assert markup.render(filled.text) == "<p>{{agent.name}} and {{ticket.due}}</p>\n"


def test_title_and_names_are_inserted_as_words_without_markup(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    title = r"[Confirm](https://evil.example) a\b `x` www.evil.example"
    ticket_id = file_ticket(title=title)
    with uow_for(cast.agent) as uow:
        filled = variables.fill_in(uow, ticket_id, "About {{ticket.title}}: {{ticket.url}}").text
        sent = variables.fill_in_to_send(uow, ticket_id, "{{ticket.title}}, {{requester.email}}")
        address = variables.fill_in(uow, ticket_id, "{{ticket.url}}").text
    shown = markup.render(filled)
    links = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', shown)
    assert links == [(url, url) for url in ("https://evil.example", address)]
    assert re.sub("<[^>]*>", "", shown).strip() == f"About {title}: {address}"
    shown = re.sub("<[^>]*>", "", markup.render(sent)).strip()
    assert shown == f"{title}, {cast.owner.email}"


def test_code_with_very_many_ticks_is_read_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    ticks = "`" * 20_000
    with uow_for(cast.agent) as uow:
        # A part of a run begins no code; trying each part is what takes long.
        uneven = variables.fill_in_to_send(uow, ticket_id, "`` {{agent.name}} `")
        assert uneven == "`` Agnes Hale `"
        unclosed = variables.fill_in_to_send(uow, ticket_id, f"{ticks} {{{{agent.name}}}}")
        code = f"{ticks} {{{{agent.name}}}} ` {ticks}"
        assert variables.fill_in_to_send(uow, ticket_id, code) == code
        with pytest.raises(Invalid, match="content"):
            variables.fill_in_to_send(uow, ticket_id, "`" * (MAX_TEXT_LENGTH + 1))
    assert unclosed == f"{ticks} Agnes Hale"


def test_shared_reply_counts_for_the_scope_that_it_moves_to(
    save_reply: Save, uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MAX_IN_SCOPE", 1)
    with uow_for(cast.admin) as uow:
        network, printers = (teams.create_team(uow, name).id for name in ("Network", "Printers"))
    save_reply("First", by=cast.admin, scope=Scope.TEAM, team_id=network)
    own = save_reply("Own", by=cast.admin)
    other = save_reply("Other", by=cast.admin, scope=Scope.TEAM, team_id=printers)
    with uow_for(cast.admin) as uow:
        for reply_id, changes in (
            (own, {"scope": Scope.TEAM, "team_id": network}),
            (other, {"team_id": network}),
        ):
            with pytest.raises(RuleViolation, match="at most 1 saved replies"):
                saved_replies.update_reply(uow, reply_id, changes)
        assert saved_replies.update_reply(uow, own, {"title": "Mine"}).title == "Mine"
        assert saved_replies.update_reply(uow, own, {"scope": Scope.EVERYONE}).team_id is None


def test_variable_without_a_value_blocks_sending(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        with pytest.raises(RuleViolation, match=r"\{\{ticket.due\}\} has no value on this ticket"):
            variables.fill_in_to_send(uow, ticket_id, "Until {{ticket.due}}, {{agent.name}}")
        sent = variables.fill_in_to_send(uow, ticket_id, "`{{ticket.due}}` {{x}} {{agent.name}}")
    assert sent == "`{{ticket.due}}` {{x}} Agnes Hale"
    with uow_for(cast.owner) as uow:
        assert variables.fill_in_to_send(uow, ticket_id, "{{ticket.due}}") == "{{ticket.due}}"


def test_replies_are_found_by_shortcut_then_title_then_letters_and_recent_ones_come_first(
    save_reply: Save, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    save_reply("Close as answered")
    save_reply("Welcome", "Hello {{requester.first_name}}", shortcut="cl")
    last = save_reply("Ask for logs")

    def found(query: str) -> list[str]:
        with uow_for(cast.agent) as uow:
            return [one.title for one in saved_replies.suggest_replies(uow, ticket_id, query)]

    assert found("cl") == ["Welcome", "Close as answered"]
    assert found("aflgs") == ["Ask for logs"]
    assert found("zz") == []
    assert found("") == ["Ask for logs", "Close as answered", "Welcome"]
    with uow_for(cast.agent) as uow:
        saved_replies.count_use(uow, last)
        saved_replies.count_use(uow, last)
        first = next(row for row in saved_replies.list_replies(uow) if row.title == "Welcome")
        saved_replies.count_use(uow, first.id)
    with uow_for(cast.agent) as uow:
        suggested = saved_replies.suggest_replies(uow, ticket_id, "")
        assert saved_replies.get_reply(uow, last).use_count == 2
    assert suggested[-1].title == "Close as answered"
    assert {one.text for one in suggested if one.title == "Welcome"} == {"Hello Olive"}
