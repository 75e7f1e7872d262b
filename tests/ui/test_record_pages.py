"""The settings pages that list objects: what they show, save and refuse."""

from __future__ import annotations

import pytest

from tests.cast import Cast, UowFor
from ticket_app.core.people import customers, teams
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.vocabulary import AssignmentMethod
from ticket_app.core.tickets import routing_rules, sections, tag_changes, templates
from ticket_app.ui.pages.admin.records import organisation, tags, ticket_settings
from ticket_app.ui.pages.admin.records.kinds import RecordKind
from ticket_app.ui.pages.desk.lookup import LookupOption

KINDS = (
    organisation.DEPARTMENTS,
    organisation.TEAMS,
    organisation.COMPANIES,
    organisation.CONTACTS,
    ticket_settings.TEMPLATES,
    ticket_settings.RULES,
    ticket_settings.SECTIONS,
    tags.TAGS,
)
FIRST_PAGE = PageRequest()


def submit(kind: RecordKind, form: dict[str, object], **chosen: int) -> dict[str, object]:
    """The values of a form that was sent with these fields and chosen objects."""
    options = {name: [LookupOption(str(row_id), "")] for name, row_id in chosen.items()}
    return kind.parse(form, options)


def add(uow_for: UowFor, cast: Cast, kind: RecordKind, name: str, **chosen: int) -> None:
    form: dict[str, object] = {"name": name, "method": AssignmentMethod.TEAM_ONLY}
    with uow_for(cast.admin) as uow:
        if kind is ticket_settings.RULES and not chosen:
            chosen = {"team_id": teams.create_team(uow, "Tech").id}
        kind.create(uow, submit(kind, form, **chosen))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_an_object_is_added_found_changed_and_deleted(
    uow_for: UowFor, cast: Cast, kind: RecordKind
) -> None:
    add(uow_for, cast, kind, "Garden lamp")
    with uow_for(cast.admin) as uow:
        ((row,), total) = kind.list_rows(uow, "garden", FIRST_PAGE)
        assert (row.name, total) == ("Garden lamp", 1)
        assert kind.list_rows(uow, "violin", FIRST_PAGE) == ([], 0)
        form = kind.load(uow, row.id)
        assert form.name == form.texts["name"] == "Garden lamp"
        sent = {name: text for name, text in form.texts.items() if text}
        values = kind.parse({**sent, "name": "Garden light"}, form.chosen)
        kind.update(uow, row.id, values)
    with uow_for(cast.admin) as uow:
        ((row,), _) = kind.list_rows(uow, "garden", FIRST_PAGE)
        assert row.name == "Garden light"
        assert kind.load(uow, row.id).texts == {**form.texts, "name": "Garden light"}
        kind.delete(uow, row.id)
        with pytest.raises(NotFound):
            kind.load(uow, row.id)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_only_administrators_see_the_page(uow_for: UowFor, cast: Cast, kind: RecordKind) -> None:
    add(uow_for, cast, kind, "Garden lamp")
    for actor in (cast.manager, cast.agent, cast.owner):
        with uow_for(actor) as uow:
            with pytest.raises(Forbidden):
                kind.list_rows(uow, "", FIRST_PAGE)
            with pytest.raises(Forbidden):
                kind.load(uow, 1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_an_object_needs_a_name(uow_for: UowFor, cast: Cast, kind: RecordKind) -> None:
    with pytest.raises(Invalid) as caught:
        add(uow_for, cast, kind, " ")
    assert caught.value.field == "name"


def test_a_rule_is_described_in_a_sentence(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        team_id = teams.create_team(uow, "Tech").id
        company_id = customers.add_company(uow, "Bright Water").id
        routing_rules.create_rule(
            uow,
            "Lights",
            kinds=["bug", "incident"],
            categories=["billing"],
            sections=["user_interface"],
            company_id=company_id,
            team_id=team_id,
            method="least_open",
        )
        routing_rules.create_rule(
            uow, "Rest", rank=900, method="person", assignee_id=cast.agent.id, is_active=False
        )
        rows, _ = ticket_settings.RULES.list_rows(uow, "", FIRST_PAGE)
    assert [(row.name, row.details, row.note, row.is_active) for row in rows] == [
        (
            "Lights",
            "Bugs or Incidents in category Billing in section User interface from Bright Water "
            "→ Team Tech, member with the fewest unfinished tickets",
            "Order 100",
            True,
        ),
        ("Rest", "All tickets → Agnes Hale", "Order 900", False),
    ]


def test_a_rule_is_read_from_its_form(uow_for: UowFor, cast: Cast) -> None:
    values = submit(
        ticket_settings.RULES,
        {
            "name": "Lights",
            "kinds.bug": "on",
            "categories.billing": "on",
            "categories.account": "on",
            "sections.api": "on",
            "method": "person",
            "rank": "",
        },
        assignee_id=cast.agent.id,
    )
    with uow_for(cast.admin) as uow:
        ticket_settings.RULES.create(uow, values)
        (row,) = routing_rules.list_rules(uow)
        form = ticket_settings.RULES.load(uow, row.id)
    assert (row.kinds, row.categories, row.sections) == (["bug"], ["billing", "account"], ["api"])
    assert (row.rank, row.team_id, row.assignee_id) == (100, None, cast.agent.id)
    assert form.checked["categories"] == ["billing", "account"]
    assert form.chosen["assignee_id"] == [LookupOption(str(cast.agent.id), "Agnes Hale")]


def test_a_number_that_is_none_is_an_error_of_its_field() -> None:
    with pytest.raises(Invalid) as caught:
        submit(ticket_settings.TEMPLATES, {"name": "x", "rank": "first"})
    assert caught.value.problems == [("rank", "must be a number or empty")]


def test_values_of_a_template_that_the_dialog_does_not_show_are_kept(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        row = templates.create_template(
            uow,
            "Lamp",
            is_staff_only=True,
            ticket_values={"title": "Lamp", "severity": "major", "tags": ["a", "b"]},
        )
        form = ticket_settings.TEMPLATES.load(uow, row.id)
        assert form.texts["tags"] == "a, b"
        assert form.texts["is_staff_only"] == "on"
        sent = {**form.texts, "title": "", "tags": "b, c", "kind": "bug"}
        del sent["is_staff_only"]
        ticket_settings.TEMPLATES.update(uow, row.id, ticket_settings.TEMPLATES.parse(sent, {}))
        changed = templates.get_template(uow, row.id)
        assert not changed.is_staff_only
        assert changed.ticket_values == {"severity": "major", "kind": "bug", "tags": ["b", "c"]}


def test_the_people_of_a_team_are_chosen_by_name(uow_for: UowFor, cast: Cast) -> None:
    kind = organisation.TEAMS
    with uow_for(cast.admin) as uow:
        kind.create(uow, submit(kind, {"name": "Tech"}, member_ids=cast.agent.id))
        ((row,), _) = kind.list_rows(uow, "", FIRST_PAGE)
        assert row.details == "1 person"
        form = kind.load(uow, row.id)
        assert form.chosen["member_ids"] == [LookupOption(str(cast.agent.id), "Agnes Hale")]


def test_an_inactive_section_is_not_offered(uow_for: UowFor, cast: Cast) -> None:
    kind = ticket_settings.SECTIONS
    with uow_for(cast.admin) as uow:
        sections.store_configured_sections_once(uow)
        first, *_ = kind.list_rows(uow, "", FIRST_PAGE)[0]
        assert kind.set_active is not None
        kind.set_active(uow, first.id, False)
        assert not kind.list_rows(uow, "", FIRST_PAGE)[0][0].is_active
        assert first.name not in [name for _, name in sections.list_offered(uow)]


def test_tags_show_how_many_tickets_have_them(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        tag_changes.create_tag(uow, "lamp")
        ((row,), _) = tags.TAGS.list_rows(uow, "", FIRST_PAGE)
        assert row.details == "0 tickets"


def test_every_method_has_a_name() -> None:
    assert ticket_settings.METHOD_NAMES.keys() == set(AssignmentMethod)
