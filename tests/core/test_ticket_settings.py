"""Templates and sections for new tickets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound
from ticket_app.core.tickets import routing_rules, sections, templates
from ticket_app.settings import settings


def test_people_who_create_tickets_pick_an_active_template(uow_for: UowFor, cast: Cast) -> None:
    values = {
        "title": "Reset a password",
        "description": "Account: ",
        "kind": "request",
        "category": "account",
        "priority": "high",
        "section": "authentication",
        "tags": ["password", "Password"],
        "expected_behavior": "",
    }
    with uow_for(cast.admin) as uow:
        made = templates.create_template(
            uow, "Password", summary="Somebody is locked out", rank=20, ticket_values=values
        )
        assert made.ticket_values == {
            "title": "Reset a password",
            "description": "Account: ",
            "kind": "request",
            "category": "account",
            "priority": "high",
            "section": "authentication",
            "tags": ["password"],
        }
        templates.create_template(uow, "For staff", rank=10, is_staff_only=True)
        templates.create_template(uow, "Old", is_active=False)
    with uow_for(cast.owner, writes=False) as uow:
        assert [row.name for row in templates.list_offered(uow)] == ["Password"]
        with pytest.raises(NotFound):
            templates.get_template(uow, made.id + 1)
        with pytest.raises(Forbidden):
            templates.list_templates(uow)
    with uow_for(cast.agent, writes=False) as uow:
        assert [row.name for row in templates.list_offered(uow)] == ["For staff", "Password"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "storm"}, "kind"),
        ({"priority": "top"}, "priority"),
        ({"title": "x" * 501}, "title"),
        ({"tags": ["a,b"]}, "tags"),
        ({"status": "closed"}, "status"),
        ({"assignee": 1}, "assignee"),
    ],
)
def test_a_template_has_only_valid_values(
    uow_for: UowFor, cast: Cast, values: dict[str, Any], field: str
) -> None:
    with uow_for(cast.admin) as uow, pytest.raises(Invalid) as caught:
        templates.create_template(uow, "Wrong", ticket_values=values)
    assert caught.value.field == field


def test_templates_are_changed_and_deleted_by_admins_only(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        template_id = templates.create_template(uow, "Lamp").id
        row = templates.update_template(
            uow, template_id, {"name": "Lights", "ticket_values": {"title": "Lights"}}
        )
        assert (row.name, row.ticket_values) == ("Lights", {"title": "Lights"})
    with uow_for(cast.manager) as uow:
        for use_case in (
            lambda: templates.create_template(uow, "x"),
            lambda: templates.update_template(uow, template_id, {}),
            lambda: templates.delete_template(uow, template_id),
        ):
            with pytest.raises(Forbidden):
                use_case()
    with uow_for(cast.admin) as uow, pytest.raises(Conflict):
        templates.create_template(uow, "LIGHTS")
    with uow_for(cast.admin) as uow:
        templates.delete_template(uow, template_id)
        assert list(templates.list_templates(uow)) == []


def test_the_configured_sections_are_offered_until_they_are_changed(
    uow_for: UowFor, cast: Cast
) -> None:
    configured = settings().sections
    with uow_for(cast.owner, writes=False) as uow:
        offered = sections.list_offered(uow)
        assert [value for value, _ in offered] == configured
        assert ("user_interface", "User interface") in offered
    with uow_for(cast.admin) as uow:
        made = sections.create_section(uow, "Lamps")
        assert (made.value, made.name, made.is_active) == ("Lamps", "Lamps", True)
        first, *_ = sections.list_stored_sections(uow)
        sections.update_section(uow, first.id, {"name": "Screens"})
        sections.update_section(uow, made.id, {"is_active": False})
    with uow_for(cast.owner, writes=False) as uow:
        offered = sections.list_offered(uow)
        assert offered[0] == (configured[0], "Screens")
        assert [value for value, _ in offered] == configured


def test_only_an_unused_section_is_deleted(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        lamps, spare = (sections.create_section(uow, name).id for name in ("Lamps", "Spare"))
        templates.create_template(uow, "Lamp", ticket_values={"section": "Lamps"})
        routing_rules.create_rule(
            uow, "Lamps", sections=["Lamps"], method="person", assignee_id=cast.agent.id
        )
    for _ in range(2):
        file_ticket(section="Lamps")
    with uow_for(cast.admin) as uow:
        with pytest.raises(Conflict) as caught:
            sections.delete_section(uow, lamps)
        assert caught.value.message == (
            "The section is used by 2 tickets, 1 routing rule and 1 template, "
            "so it cannot be deleted"
        )
        sections.delete_section(uow, spare)
        with pytest.raises(NotFound):
            sections.get_section(uow, spare)
    with uow_for(cast.agent) as uow:
        assert sections.list_stored_sections(uow)
        with pytest.raises(Forbidden):
            sections.create_section(uow, "x")
        with pytest.raises(Forbidden):
            sections.delete_section(uow, lamps)


def test_sections_have_different_names(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        sections.create_section(uow, "Lamps")
    for name, value in (("LAMPS", None), ("Lights", "Lamps")):
        with uow_for(cast.admin) as uow, pytest.raises(Conflict):
            sections.create_section(uow, name, value=value)
