"""The settings: what administrators see and set up, and who is turned away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.cast import Cast, UowFor
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.approvals.policies import QUORUM_ALL, PolicyDraft, StepPlan
from ticket_app.core.people import departments, permissions
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority, Role, SlaAlertGroup
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.ui import routes
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.approvals.edit_state import parse_step
from ticket_app.ui.pages.admin.approvals.rows import (
    KIND_PLURALS,
    StepForm,
    policy_form,
    policy_rows,
)
from ticket_app.ui.pages.admin.people.edit_dialog import PEOPLE, changed_fields
from ticket_app.ui.pages.admin.people.rows import (
    ROLE_NAMES,
    department_options,
    label_permissions,
    people_rows,
    person_form,
    role_rows,
)
from ticket_app.ui.pages.admin.service_levels.rows import (
    calendar_form,
    load_service_levels,
    parse_dates,
    parse_opening_hours,
)
from ticket_app.ui.pages.admin.webhooks.rows import (
    load_delivery,
    load_log,
    webhook_rows,
)
from ticket_app.ui.pages.desk.settings_menu import allowed_settings_paths

ADDRESS = "https://hooks.example.com/tickets?key=1"


def test_the_settings_are_for_those_who_may_use_them(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin, writes=False) as uow:
        assert allowed_settings_paths(uow) == [
            routes.ADMIN_PEOPLE,
            routes.ADMIN_TEMPLATES,
            routes.ADMIN_SAVED_REPLIES,
            routes.ADMIN_APPROVALS,
            routes.ADMIN_SERVICE_LEVELS,
            routes.ADMIN_RATINGS,
            routes.ADMIN_WEBHOOKS,
            routes.ADMIN_MAIL,
            routes.ADMIN_JOBS,
            routes.ADMIN_AUDIT,
        ]
    for person in (cast.owner, cast.agent, cast.manager):
        with uow_for(person, writes=False) as uow:
            assert allowed_settings_paths(uow) == []


def test_every_event_is_explained() -> None:
    assert tuple(texts.WEBHOOKS_EVENT_DESCRIPTIONS) == EVENT_NAMES


def test_a_webhook_shows_what_became_of_its_newest_message(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        row, secret = webhook_subscriptions.subscribe(uow, ADDRESS, ["ticket.created"])
        (before,) = webhook_rows(uow)
        delivery_log.send_ping(uow, row.id)
        (after,) = webhook_rows(uow)
    assert (before.host, before.path) == ("hooks.example.com", "/tickets?key=1")
    assert (before.events, before.has_all_events, before.last_state) == (
        ["ticket.created"],
        False,
        "",
    )
    assert (after.last_state, after.last_status) == ("pending", "")
    assert secret not in repr(after)


def test_the_log_of_a_webhook_holds_its_messages_whole(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        row, _ = webhook_subscriptions.subscribe(uow, ADDRESS, list(EVENT_NAMES))
        sent = delivery_log.send_ping(uow, row.id)
        log = load_log(uow, webhook_subscriptions.format_public_id(row.uuid), "", 1)
        whole = load_delivery(uow, webhook_subscriptions.format_public_id(row.uuid), sent.id)
        assert load_log(uow, str(row.id), "failed", 1).rows == []
    assert (log.total, log.webhook.has_all_events) == (1, True)
    assert [(one.event, one.state, one.number) for one in log.rows] == [("ping", "pending", "")]
    assert '"event": "ping"' in whole.payload
    assert (whole.can_replay, whole.attempts) == (False, [])


def test_webhooks_are_for_those_who_manage_them(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.manager, writes=False) as uow, pytest.raises(Forbidden):
        webhook_rows(uow)


def test_approval_policy_is_described_in_words(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        finance = departments.create_department(uow, "Finance", manager_id=cast.manager.id)
        draft = PolicyDraft(
            name="Money",
            kinds=(Kind.REQUEST, Kind.CHANGE),
            priorities=(Priority.HIGH, Priority.CRITICAL),
            department_ids=(finance.id,),
            steps=(
                StepPlan(
                    ApproverSelection(roles=(Role.MANAGER,), includes_department_manager=True),
                    hours=48,
                ),
                StepPlan(
                    ApproverSelection(person_ids=(cast.manager.id, cast.admin.id)),
                    quorum=QUORUM_ALL,
                    hours=1.5,
                    escalates_to=ApproverSelection(roles=(Role.SUPER_ADMIN,)),
                ),
            ),
        )
        policy_id = approval_policies.create_policy(uow, draft)
        (row,) = policy_rows(uow)
        form = policy_form(uow, policy_id)
    assert row.conditions == "Requests and changes with high or critical priority in Finance"
    assert row.steps == [
        "The department manager or any manager, within 2 days, then an administrator",
        f"{cast.manager.full_name} and {cast.admin.full_name}, within 1 hour 30 minutes, "
        "then any super administrator",
    ]
    assert [(step.quorum, step.amount, step.unit) for step in form.steps] == [
        ("any", "2", "days"),
        ("all", "1.5", "hours"),
    ]
    assert [one.label for one in form.departments] == ["Finance"]


def test_approval_dialog_shows_the_policy_it_was_opened_with(uow_for: UowFor, cast: Cast) -> None:
    plan = StepPlan(
        ApproverSelection(person_ids=(cast.manager.id,), roles=(Role.ADMIN,)),
        "Second look",
        2,
        30.0,
        None,
    )
    with uow_for(cast.admin) as uow:
        policy_id = approval_policies.create_policy(uow, PolicyDraft(name="Money", steps=(plan,)))
        (step,) = policy_form(uow, policy_id).steps
    given = {
        "s0.quorum": step.quorum,
        "s0.most": step.min_approvals,
        "s0.amount": step.amount,
        "s0.unit": step.unit,
        "s0.name": step.name,
        "s0.approvers.role.admin": "on",
    }
    assert parse_step(step, given) == plan


def test_a_step_that_makes_no_sense_is_refused_at_its_field() -> None:
    for given, field in (
        ({"s0.quorum": "some", "s0.most": "x"}, "quorum"),
        ({"s0.amount": "soon"}, "hours"),
    ):
        with pytest.raises(Invalid) as wrong:
            parse_step(StepForm("s0"), given)
        assert wrong.value.field == field


def test_sla_policy_and_its_calendar_are_described_in_words(uow_for: UowFor, cast: Cast) -> None:
    office = (((9 * 60, 12 * 60), (13 * 60, 17 * 60)),) * 4 + (((540, 960),), (), ())
    with uow_for(cast.admin) as uow:
        calendar = business_calendars.create_calendar(
            uow,
            "Office",
            zone="Europe/Berlin",
            week=office,
            country="DE",
            subdivision="BY",
            closed_on=[date(2026, 12, 24)],
        )
        sla_policies.create_policy(
            uow,
            "Fast",
            priorities=[Priority.URGENT],
            respond_minutes=90,
            resolve_minutes=48 * 60,
            calendar_id=calendar.id,
        )
        sla_policies.create_policy(
            uow,
            "Always",
            kinds=[Kind.INCIDENT],
            resolve_minutes=48 * 60,
            calendar_id=None,
            alert_groups=["managers", "team"],
        )
        found = load_service_levels(uow)
        form = calendar_form(uow, calendar.id)
    assert [(row.conditions, row.targets) for row in found.policies] == [
        (
            "All tickets with urgent priority",
            "First reply within 1 hour 30 minutes and resolution within 48 hours, "
            "in the hours of Office",
        ),
        ("Incidents", "Resolution within 2 days, around the clock"),
    ]
    assert [row.warning for row in found.policies] == [
        "Warns at 75%",
        "Warns at 75%, alerts the team and all managers too",
    ]
    assert list(texts.SLA_ALERT_GROUPS) == list(SlaAlertGroup)
    (row,) = found.calendars
    assert row.hours == ["Mon–Thu 09:00–12:00, 13:00–17:00", "Fri 09:00–16:00", "Sat–Sun closed"]
    assert (row.holidays, row.closed) == (
        "Public holidays in Germany (BY)",
        "1 day closed in addition",
    )
    assert tuple(parse_opening_hours("day.0", hours) for _, _, hours in form.days) == office
    assert parse_dates("closed_on", form.closed_on) == [date(2026, 12, 24)]


@pytest.mark.parametrize("given", ["9-17", "09:00", "9:00 bis 17:00", "09:75–10:00"])
def test_hours_that_nobody_can_read_are_refused(given: str) -> None:
    with pytest.raises(Invalid, match="must be times") as caught:
        parse_opening_hours("day.3", given)
    assert (caught.value.field, caught.value.value) == ("day.3", given)


@pytest.mark.parametrize(
    "given", ["17:00–09:00", "09:00–09:00", "22:00–26:00", "09:00–12:00, 11:00–17:00"]
)
def test_hours_that_are_reversed_overlapping_or_past_midnight_are_refused(given: str) -> None:
    with pytest.raises(Invalid, match="must end after they begin") as caught:
        parse_opening_hours("day.6", given)
    assert caught.value.field == "day.6"


def test_people_are_found_by_words_role_and_state(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin, writes=False) as uow:
        everybody, total = people_rows(uow, "", "", "", 1)
        managers, _ = people_rows(uow, "", "manager", "yes", 1)
        named, _ = people_rows(uow, cast.owner.full_name, "", "", 1)
        nobody, none = people_rows(uow, "", "", "no", 1)
    assert total == len(everybody) > 3
    assert [row.id for row in managers] == [cast.manager.id]
    assert [row.id for row in named] == [cast.owner.id]
    assert (nobody, none) == ([], 0)


def test_only_what_differs_is_changed_of_somebody(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin, writes=False) as uow:
        before = person_form(uow, cast.agent.id)
    same = {
        "first_name": before.first_name,
        "last_name": before.last_name,
        "email": before.email,
        "role": before.role,
        "department_id": before.department_id,
        "is_active": "on",
        "list": "role",
    }
    assert changed_fields(before, same) == {}
    assert changed_fields(before, {**same, "role": "manager"}) == {"role": Role.MANAGER}
    own = {**same, "list": "own", "may.view_tickets": "on"}
    assert changed_fields(before, own) == {"permissions": ["view_tickets"]}
    without_tick = {name: value for name, value in same.items() if name != "is_active"}
    assert changed_fields(before, without_tick) == {"is_active": False}
    limits = {**same, "limit.general": "5000", "limit.search": ""}
    assert changed_fields(before, limits) == {"rate_limits": {"general": 5000}}
    limited = replace(before, limits={**before.limits, "general": "5000"})
    assert changed_fields(limited, limits) == {}
    assert changed_fields(limited, same) == {"rate_limits": None}
    wrong = {**same, "limit.general": "many"}
    assert changed_fields(before, wrong) == {"rate_limits": {"general": 0}}
    with uow_for(cast.admin) as uow:
        PEOPLE.update(uow, cast.agent.id, changed_fields(before, limits))
    with uow_for(cast.admin, writes=False) as uow:
        assert person_form(uow, cast.agent.id).limits["general"] == "5000"


def test_refusals_name_permissions_as_the_ticks_do() -> None:
    given = label_permissions(
        {"": "You cannot grant permissions you do not have: purge_tickets, set_up"}
    )
    assert given == {
        "": "You cannot grant permissions you do not have: "
        "“Delete tickets in the trash permanently”, "
        "“Manage settings: policies, calendars, holidays”"
    }


def test_roles_show_what_they_may_and_whether_that_is_usual(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        permissions.set_role_permissions(
            uow, Role.AGENT, [*DEFAULT_ROLE_PERMISSIONS[Role.AGENT], "view_reports"]
        )
        rows = {row.role: row for row in role_rows(uow)}
    assert "view_reports" in rows["agent"].granted
    assert [role for role, row in rows.items() if not row.is_default] == ["agent"]
    assert [role for role, row in rows.items() if row.is_fixed] == ["super_admin"]
    assert list(ROLE_NAMES) == list(Role)


def test_every_kind_has_its_plural() -> None:
    assert list(KIND_PLURALS) == list(Kind)


@pytest.mark.parametrize(
    "read",
    [
        policy_rows,
        load_service_levels,
        role_rows,
        department_options,
        lambda uow: people_rows(uow, "", "", "", 1),
        lambda uow: person_form(uow, 1),
    ],
)
def test_no_page_of_the_settings_is_read_by_others(
    uow_for: UowFor, cast: Cast, read: Callable[[UnitOfWork], object]
) -> None:
    for person in (cast.owner, cast.agent, cast.manager):
        with uow_for(person, writes=False) as uow, pytest.raises(Forbidden):
            read(uow)
