"""The settings: what administrators see and set up, and who is turned away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.cast import Cast, DeskFor
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.approvals.policies import ALL, PolicyDraft, StepPlan
from ticket_app.core.people import departments, permissions
from ticket_app.core.platform.actor import PERMISSIONS
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority, Role
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENTS
from ticket_app.ui import routes
from ticket_app.ui.pages.admin.approvals.editing import plan_of
from ticket_app.ui.pages.admin.approvals.rows import KINDS, StepForm, policy_form, policy_rows
from ticket_app.ui.pages.admin.people.editing import changes_of
from ticket_app.ui.pages.admin.people.rows import (
    ROLES,
    departments_of,
    in_sentences,
    people_rows,
    person_form,
    role_rows,
)
from ticket_app.ui.pages.admin.service_levels.rows import (
    calendar_form,
    days_of,
    levels,
    windows_of,
)
from ticket_app.ui.pages.admin.webhooks.rows import MEANS, log_of, message, webhook_rows
from ticket_app.ui.pages.desk.set_up import settings_for

ADDRESS = "https://hooks.example.com/tickets?key=1"


def test_the_settings_are_for_those_who_may_use_them(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin, writes=False) as desk:
        assert settings_for(desk) == [
            routes.ADMIN_PEOPLE,
            routes.ADMIN_APPROVALS,
            routes.ADMIN_LEVELS,
            routes.ADMIN_WEBHOOKS,
            routes.ADMIN_JOBS,
        ]
    for person in (cast.owner, cast.agent, cast.manager):
        with desk_for(person, writes=False) as desk:
            assert settings_for(desk) == []


def test_every_event_is_explained() -> None:
    assert tuple(MEANS) == EVENTS


def test_a_webhook_shows_what_became_of_its_newest_message(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        row, secret = webhook_subscriptions.subscribe(desk, ADDRESS, ["ticket.created"])
        (before,) = webhook_rows(desk)
        delivery_log.send_ping(desk, row.id)
        (after,) = webhook_rows(desk)
    assert (before.host, before.path) == ("hooks.example.com", "/tickets?key=1")
    assert (before.events, before.hears_all, before.last_state) == (["ticket.created"], False, "")
    assert (after.last_state, after.last_status) == ("pending", "")
    assert secret not in repr(after)


def test_the_log_of_a_webhook_holds_its_messages_whole(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        row, _ = webhook_subscriptions.subscribe(desk, ADDRESS, list(EVENTS))
        sent = delivery_log.send_ping(desk, row.id)
        log = log_of(desk, webhook_subscriptions.printed(row.uuid), "", 1)
        whole = message(desk, webhook_subscriptions.printed(row.uuid), sent.id)
        assert log_of(desk, str(row.id), "failed", 1).rows == []
    assert (log.total, log.webhook.hears_all) == (1, True)
    assert [(one.event, one.state, one.number) for one in log.rows] == [("ping", "pending", "")]
    assert '"event": "ping"' in whole.payload
    assert (whole.may_replay, whole.tries) == (False, [])


def test_webhooks_are_for_those_who_manage_them(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.manager, writes=False) as desk, pytest.raises(Forbidden):
        webhook_rows(desk)


def test_an_approval_policy_is_told_in_words(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        finance = departments.add(desk, "Finance", manager_id=cast.manager.id)
        draft = PolicyDraft(
            name="Money",
            kinds=(Kind.REQUEST, Kind.CHANGE),
            priorities=(Priority.HIGH, Priority.CRITICAL),
            department_ids=(finance.id,),
            steps=(
                StepPlan(Approvers(roles=(Role.MANAGER,), department_manager=True), hours=48),
                StepPlan(
                    Approvers(people=(cast.manager.id, cast.admin.id)),
                    quorum=ALL,
                    hours=1.5,
                    escalates_to=Approvers(roles=(Role.SUPER_ADMIN,)),
                ),
            ),
        )
        policy_id = approval_policies.add(desk, draft)
        (row,) = policy_rows(desk)
        form = policy_form(desk, policy_id)
    assert row.when == "Requests and changes of high or critical priority to Finance"
    assert row.steps == [
        "The department's manager or any manager, within 2 days, or else an administrator",
        f"{cast.manager.full_name} and {cast.admin.full_name}, within 1.5 hours, "
        "or else any super administrator",
    ]
    assert [(step.quorum, step.amount, step.unit) for step in form.steps] == [
        ("any", "2", "days"),
        ("all", "1.5", "hours"),
    ]
    assert [one.label for one in form.departments] == ["Finance"]


def test_what_an_approval_dialog_tells_is_the_policy_it_opened_with(
    desk_for: DeskFor, cast: Cast
) -> None:
    plan = StepPlan(
        Approvers(people=(cast.manager.id,), roles=(Role.ADMIN,)), "Second look", 2, 30.0, None
    )
    with desk_for(cast.admin) as desk:
        policy_id = approval_policies.add(desk, PolicyDraft(name="Money", steps=(plan,)))
        (step,) = policy_form(desk, policy_id).steps
    told = {
        "s0.quorum": step.quorum,
        "s0.most": step.most,
        "s0.amount": step.amount,
        "s0.unit": step.unit,
        "s0.name": step.name,
        "s0.asks.role.admin": "on",
    }
    assert plan_of(step, told) == plan


def test_a_step_that_makes_no_sense_is_refused_at_its_field() -> None:
    for told, field in (
        ({"s0.quorum": "some", "s0.most": "x"}, "quorum"),
        ({"s0.amount": "soon"}, "hours"),
    ):
        with pytest.raises(Invalid) as wrong:
            plan_of(StepForm("s0"), told)
        assert wrong.value.field == field


def test_a_service_level_and_its_calendar_are_told_in_words(desk_for: DeskFor, cast: Cast) -> None:
    office = (((9 * 60, 12 * 60), (13 * 60, 17 * 60)),) * 4 + (((540, 960),), (), ())
    with desk_for(cast.admin) as desk:
        calendar = business_calendars.add_calendar(
            desk,
            "Office",
            zone="Europe/Berlin",
            week=office,
            country="DE",
            subdivision="BY",
            closed_on=[date(2026, 12, 24)],
        )
        sla_policies.add_policy(
            desk,
            "Fast",
            priorities=[Priority.URGENT],
            respond_minutes=90,
            resolve_minutes=48 * 60,
            calendar_id=calendar.id,
        )
        sla_policies.add_policy(
            desk, "Always", kinds=[Kind.INCIDENT], resolve_minutes=48 * 60, calendar_id=None
        )
        found = levels(desk)
        form = calendar_form(desk, calendar.id)
    assert [(row.when, row.promise) for row in found.levels] == [
        (
            "All tickets of urgent priority",
            "First reply within 1 hour 30 minutes and solved within 48 hours, "
            "by the hours of Office",
        ),
        ("Incidents", "Solved within 2 days, around the clock"),
    ]
    (row,) = found.calendars
    assert row.hours == ["Mon–Thu 09:00–12:00, 13:00–17:00", "Fri 09:00–16:00", "Sat–Sun closed"]
    assert (row.holidays, row.closed) == (
        "Public holidays of Germany (BY)",
        "1 day closed besides",
    )
    assert tuple(windows_of(hours) for _, _, hours in form.days) == office
    assert days_of(form.closed_on) == [date(2026, 12, 24)]


@pytest.mark.parametrize("told", ["9-17", "09:00", "9:00 bis 17:00", "09:75–10:00"])
def test_hours_that_nobody_can_read_are_refused(told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        windows_of(told)


def test_people_are_found_by_words_role_and_state(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin, writes=False) as desk:
        everybody, total = people_rows(desk, "", "", "", 1)
        managers, _ = people_rows(desk, "", "manager", "yes", 1)
        named, _ = people_rows(desk, cast.owner.full_name, "", "", 1)
        nobody, none = people_rows(desk, "", "", "no", 1)
    assert total == len(everybody) > 3
    assert [row.id for row in managers] == [cast.manager.id]
    assert [row.id for row in named] == [cast.owner.id]
    assert (nobody, none) == ([], 0)


def test_only_what_differs_is_changed_of_somebody(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin, writes=False) as desk:
        before = person_form(desk, cast.agent.id)
    same = {
        "first_name": before.first_name,
        "last_name": before.last_name,
        "email": before.email,
        "role": before.role,
        "department_id": before.department_id,
        "is_active": "on",
        "list": "role",
    }
    assert changes_of(before, same) == {}
    assert changes_of(before, {**same, "role": "manager"}) == {"role": Role.MANAGER}
    own = {**same, "list": "own", "may.view_tickets": "on"}
    assert changes_of(before, own) == {"permissions": ["view_tickets"]}
    without_tick = {name: value for name, value in same.items() if name != "is_active"}
    assert changes_of(before, without_tick) == {"is_active": False}


def test_refusals_name_permissions_as_the_ticks_do() -> None:
    told = in_sentences({"": "You do not hold purge_tickets, set_up yourself"})
    assert told == {
        "": "You do not hold “Destroy tickets in the trash”, "
        "“Set up the desk: policies, calendars, holidays” yourself"
    }


def test_roles_show_what_they_may_and_whether_that_is_usual(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        permissions.change_role_set(desk, Role.AGENT, [*PERMISSIONS[Role.AGENT], "view_reports"])
        rows = {row.role: row for row in role_rows(desk)}
    assert "view_reports" in rows["agent"].held
    assert [role for role, row in rows.items() if not row.is_usual] == ["agent"]
    assert [role for role, row in rows.items() if row.is_fixed] == ["super_admin"]
    assert list(ROLES) == list(Role)


def test_every_kind_has_its_plural() -> None:
    assert list(KINDS) == list(Kind)


@pytest.mark.parametrize(
    "read",
    [
        policy_rows,
        levels,
        role_rows,
        departments_of,
        lambda desk: people_rows(desk, "", "", "", 1),
        lambda desk: person_form(desk, 1),
    ],
)
def test_no_page_of_the_settings_is_read_by_others(
    desk_for: DeskFor, cast: Cast, read: Callable[[Desk], object]
) -> None:
    for person in (cast.owner, cast.agent, cast.manager):
        with desk_for(person, writes=False) as desk, pytest.raises(Forbidden):
            read(desk)
