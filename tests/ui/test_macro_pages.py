"""The pages of macros and saved replies: what the forms mean, and who finds what in which list."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.cast import Cast, UowFor
from ticket_app.core.automation import macros as core_macros
from ticket_app.core.automation import saved_replies as core_replies
from ticket_app.core.platform.errors import Forbidden, Invalid, RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.ui import bridge
from ticket_app.ui.pages.admin.automation import texts
from ticket_app.ui.pages.admin.automation.macros import OWN_MACROS, SHARED_MACROS, build_actions
from ticket_app.ui.pages.admin.automation.saved_replies import OWN_REPLIES, SHARED_REPLIES
from ticket_app.ui.pages.admin.fields import field_errors
from ticket_app.ui.pages.composer import comments
from ticket_app.ui.pages.desk.lookup import LookupOption
from ticket_app.ui.pages.desk.macros.rows import MacroItem, list_macro_items
from ticket_app.ui.pages.desk.macros.state import MacroMenu
from ticket_app.ui.pages.desk.queue.changes import selected_rows

PAGE = PageRequest(50, offset=0)
FORM = {
    "name": "Solved",
    "status": "resolved",
    "priority": "high",
    "kind": "",
    "category": "",
    "assign": "me",
    "add_tags": "vpn, network",
    "remove_tags": "",
    "due_days": "3",
    "reply": "Hello {{requester.first_name}}",
    "note": "",
    "follow": "on",
    "shortcut": "1",
    "rank": "",
    "scope": "me",
}


def test_form_of_a_macro_becomes_its_actions_and_shows_them_again(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.agent) as uow:
        OWN_MACROS.create(uow, OWN_MACROS.parse(FORM, {}))
        row = core_macros.list_macros(uow)[0]
        assert row.actions == [
            {"type": "set_status", "value": "resolved"},
            {"type": "set_priority", "value": "high"},
            {"type": "reply", "value": "Hello {{requester.first_name}}"},
            {"type": "set_assignee", "value": "me"},
            {"type": "add_tags", "value": ["vpn", "network"]},
            {"type": "set_due_in_days", "value": 3},
            {"type": "follow", "value": None},
        ]
        shown = OWN_MACROS.load(uow, row.id).texts
    assert {name: shown[name] for name in FORM if name != "rank"} == {
        name: value for name, value in FORM.items() if name != "rank"
    }


def test_form_without_the_chosen_assignee_is_wrong_at_that_field() -> None:
    values = OWN_MACROS.parse({**FORM, "assign": "person"}, {})
    with pytest.raises(Invalid) as raised:
        build_actions(values)
    assert raised.value.field == "assignee_id"


def test_macro_without_a_change_is_refused_in_the_words_of_the_form(
    uow_for: UowFor, cast: Cast
) -> None:
    values = OWN_MACROS.parse({"name": "Nothing", "scope": "me"}, {})
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match=texts.NO_ACTION):
        OWN_MACROS.create(uow, values)


def test_wrong_values_of_a_macro_are_explained_at_their_fields(uow_for: UowFor, cast: Cast) -> None:
    missing = [LookupOption("999999", "Printers")]
    unknown = "must not contain the unknown variable {{ticket.moon}}"
    labels = OWN_MACROS.error_labels
    with uow_for(cast.agent) as uow:
        macro_id = core_macros.create_macro(uow, "Solved", [{"type": "follow"}]).id
        for changed, chosen, expected in (
            ({"due_days": "400"}, {}, ("due_days", "must have a number of days")),
            ({"reply": "{{ticket.moon}}"}, {}, ("reply", unknown)),
            ({"note": "{{ticket.moon}}"}, {}, ("note", unknown)),
            ({"add_tags": "x" * 500}, {}, ("add_tags", "")),
            ({}, {"set_team_id": missing}, ("set_team_id", "does not exist")),
        ):
            values = OWN_MACROS.parse({**FORM, **changed}, chosen)
            field, reason = expected
            for save in (
                lambda values: OWN_MACROS.create(uow, values),
                lambda values: OWN_MACROS.update(uow, macro_id, values),
            ):
                with pytest.raises(Invalid) as raised:
                    save(values)
                shown = field_errors(raised.value, labels)
                assert list(shown) == [field]
                assert shown[field].startswith(f"{labels[field]} {reason}")


@pytest.mark.parametrize("title", ["", "x" * 200])
def test_wrong_title_of_a_saved_reply_is_explained_at_its_field(
    uow_for: UowFor, cast: Cast, title: str
) -> None:
    values = OWN_REPLIES.parse({"name": title, "content": "Hello", "scope": "me"}, {})
    with uow_for(cast.agent) as uow:
        reply_id = core_replies.create_reply(uow, "Greeting", "Hello").id
        for save in (
            lambda: OWN_REPLIES.create(uow, values),
            lambda: OWN_REPLIES.update(uow, reply_id, values),
        ):
            with pytest.raises(Invalid) as raised:
                save()
            shown = field_errors(raised.value, OWN_REPLIES.error_labels)
            assert list(shown) == ["name"]
            assert shown["name"].startswith("Title ")


def test_settings_list_shared_ones_and_personal_pages_list_own_ones(
    uow_for: UowFor, cast: Cast
) -> None:
    actions = [{"type": "follow"}]
    with uow_for(cast.admin) as uow:
        core_macros.create_macro(uow, "Of everyone", actions, scope="everyone")
        core_macros.create_macro(uow, "Of the admin", actions)
        core_replies.create_reply(uow, "Greeting", "Hello\nyou", scope="everyone", shortcut="hi")
        assert [row.name for row in SHARED_MACROS.list_rows(uow, "", PAGE)[0]] == ["Of everyone"]
        assert [row.name for row in OWN_MACROS.list_rows(uow, "", PAGE)[0]] == ["Of the admin"]
        greeting = SHARED_REPLIES.list_rows(uow, "", PAGE)[0][0]
        assert greeting.details == "Everyone · /hi · not used yet · Hello you"
    with uow_for(cast.agent) as uow:
        assert OWN_REPLIES.list_rows(uow, "", PAGE) == ([], 0)
        with pytest.raises(Forbidden):
            SHARED_REPLIES.list_rows(uow, "", PAGE)
        item = list_macro_items(uow)[0]
    assert (item.name, item.shown_keys, item.actions) == ("Of everyone", "", "follow")


@pytest.mark.parametrize("internal", [True, False])
def test_composer_sends_no_text_with_a_variable_that_has_no_value(
    uow_for: UowFor, cast: Cast, internal: bool
) -> None:
    with uow_for(cast.owner) as uow:
        ticket_id = open_ticket(uow, TicketDraft(title="Dark", description="No light.")).id
    assert ticket_id is not None
    text = "Until {{ticket.due}}"
    with uow_for(cast.agent) as uow:
        with pytest.raises(RuleViolation, match=r"\{\{ticket.due\}\} has no value"):
            comments.send_comment(uow, ticket_id, text, internal=internal)
        with pytest.raises(RuleViolation, match=r"\{\{ticket.due\}\} has no value"):
            comments.hold_or_send_reply(uow, ticket_id, text, new_status="", chosen=None)


@pytest.mark.anyio
async def test_menu_of_macros_is_read_again_only_when_it_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads: list[object] = []

    async def read(_page: object, use_case: object) -> list[MacroItem]:
        reads.append(use_case)
        return [MacroItem(1, "Solved", "s", "m s", "set status to resolved")]

    monkeypatch.setattr(bridge, "read", read)
    menu: Any = MacroMenu(_reflex_internal_init=True)  # type: ignore[call-arg]
    for is_opened, expected in ((False, 1), (False, 1), (True, 2)):
        if is_opened:
            await MacroMenu.load_when_opened.fn(menu, True)
        else:
            await MacroMenu.load.fn(menu)
        assert len(reads) == expected
    assert [item.name for item in menu.items] == ["Solved"]


def test_selection_that_differs_from_what_the_page_showed_has_no_rows() -> None:
    rows = [SimpleNamespace(id=row_id) for row_id in (1, 2, 3)]
    queue: Any = SimpleNamespace(rows=rows, selected_ids=[3, 1])
    assert selected_rows(queue, [3, 1]) == [rows[0], rows[2]]
    for shown in ([1], [1, 2, 3], []):
        assert selected_rows(queue, shown) == []
