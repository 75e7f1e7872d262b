"""Departments, teams, companies and contacts as kinds of objects with a settings page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, cast

import reflex as rx

from ticket_app.core.people import customer_changes, customers, departments, teams
from ticket_app.core.people.customer_changes import CompanyChanges, ContactChanges
from ticket_app.core.people.departments import DepartmentChanges
from ticket_app.core.people.rows import ContactRow, DepartmentRow
from ticket_app.core.people.teams import TeamChanges
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import routes
from ticket_app.ui.pages.admin import texts as admin_texts
from ticket_app.ui.pages.admin.records import texts
from ticket_app.ui.pages.admin.records.kinds import (
    NAME_FIELD,
    Field,
    RecordForm,
    RecordKind,
    RecordRow,
    single_option,
    text_of,
)
from ticket_app.ui.pages.admin.records.state import RecordDialog, RecordList
from ticket_app.ui.pages.desk.lookup import LookupOption


def _require_manage_people(uow: UnitOfWork) -> None:
    uow.actor.require("manage_people", admin_texts.PEOPLE_PERMISSION)


def _manager_name(row: DepartmentRow) -> str:
    names = f"{row.manager_first_name or ''} {row.manager_last_name or ''}".strip()
    return names or row.manager_username or ""


def _list_departments(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    _require_manage_people(uow)
    page, total = departments.list_departments(uow, page_request, search_text=search)
    return [
        RecordRow(
            row.id,
            row.name,
            texts.managed_by(_manager_name(row)) if row.manager_id else texts.DEPARTMENT_NO_MANAGER,
        )
        for row in page.rows
    ], total


def _department_form(uow: UnitOfWork, department_id: int) -> RecordForm:
    _require_manage_people(uow)
    row = departments.get_department(uow, department_id)
    return DEPARTMENTS.form(
        row.name, name=row.name, manager_id=single_option(row.manager_id, _manager_name(row))
    )


DEPARTMENTS: Final = RecordKind(
    key="department",
    path=routes.ADMIN_DEPARTMENTS,
    noun=texts.DEPARTMENT,
    hint=texts.DEPARTMENT_HINT,
    search_label=texts.DEPARTMENT_SEARCH,
    empty_title=texts.DEPARTMENT_EMPTY,
    empty_hint=texts.DEPARTMENT_EMPTY_HINT,
    delete_hint=texts.DEPARTMENT_DELETE_HINT,
    fields=(
        NAME_FIELD,
        Field(
            "manager_id",
            texts.DEPARTMENT_MANAGER,
            "lookup",
            placeholder=texts.DEPARTMENT_NO_MANAGER,
        ),
    ),
    list_rows=_list_departments,
    load=_department_form,
    create=lambda uow, values: departments.create_department(
        uow, text_of(values, "name"), manager_id=cast("int | None", values["manager_id"])
    ),
    update=lambda uow, row_id, values: departments.update_department(
        uow,
        row_id,
        cast("DepartmentChanges", {**values, "name": text_of(values, "name")}),
    ),
    delete=departments.delete_department,
)


def _list_teams(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    _require_manage_people(uow)
    page, total = teams.list_teams(uow, search, page_request)
    return [
        RecordRow(
            row.id,
            row.name,
            texts.team_members(row.members),
        )
        for row in page.rows
    ], total


def _team_form(uow: UnitOfWork, team_id: int) -> RecordForm:
    _require_manage_people(uow)
    row = teams.get_team(uow, team_id)
    members = [LookupOption(str(one.id), one.full_name) for one in teams.list_members(uow, team_id)]
    return TEAMS.form(row.name, name=row.name, member_ids=members)


TEAMS: Final = RecordKind(
    key="team",
    path=routes.ADMIN_TEAMS,
    noun=texts.TEAM,
    hint=texts.TEAM_HINT,
    search_label=texts.TEAM_SEARCH,
    empty_title=texts.TEAM_EMPTY,
    empty_hint=texts.TEAM_EMPTY_HINT,
    delete_hint=texts.TEAM_DELETE_HINT,
    fields=(
        NAME_FIELD,
        Field(
            "member_ids",
            texts.TEAM_MEMBERS,
            "lookups",
            hint=texts.TEAM_MEMBERS_HINT,
            placeholder=texts.TEAM_NO_MEMBERS,
        ),
    ),
    list_rows=_list_teams,
    load=_team_form,
    create=lambda uow, values: teams.create_team(
        uow, text_of(values, "name"), member_ids=cast("list[int]", values["member_ids"])
    ),
    update=lambda uow, row_id, values: teams.update_team(
        uow, row_id, cast("TeamChanges", {**values, "name": text_of(values, "name")})
    ),
    delete=teams.delete_team,
)


def _list_companies(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    _require_manage_people(uow)
    page, total = customers.list_companies(uow, search, page_request)
    return [RecordRow(row.id, row.name, row.domain or "") for row in page.rows], total


def _company_form(uow: UnitOfWork, company_id: int) -> RecordForm:
    _require_manage_people(uow)
    row = customers.get_company(uow, company_id)
    return COMPANIES.form(
        row.name,
        name=row.name,
        domain=row.domain,
        notes=row.notes,
        shares_tickets=row.shares_tickets,
    )


def _create_company(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    company = customers.add_company(
        uow,
        text_of(values, "name"),
        domain=text_of(values, "domain") or None,
        notes=text_of(values, "notes") or None,
    )
    assert company.id is not None
    shares_tickets = bool(values.get("shares_tickets"))
    customer_changes.update_company(uow, company.id, {"shares_tickets": shares_tickets})


COMPANIES: Final = RecordKind(
    key="company",
    path=routes.ADMIN_COMPANIES,
    noun=texts.COMPANY,
    hint=texts.COMPANY_HINT,
    search_label=texts.COMPANY_SEARCH,
    empty_title=texts.COMPANY_EMPTY,
    empty_hint=texts.COMPANY_EMPTY_HINT,
    delete_hint=texts.COMPANY_DELETE_HINT,
    fields=(
        Field("name", texts.FIELD_NAME, max_length=200),
        Field("domain", texts.COMPANY_DOMAIN, max_length=253, placeholder="example.com"),
        Field(
            "notes",
            texts.COMPANY_NOTES,
            "text",
            hint=texts.COMPANY_NOTES_HINT,
            max_length=50_000,
        ),
        Field(
            "shares_tickets",
            texts.COMPANY_SHARES_TICKETS,
            "flag",
            hint=texts.COMPANY_SHARES_TICKETS_HINT,
        ),
    ),
    list_rows=_list_companies,
    load=_company_form,
    create=_create_company,
    update=lambda uow, row_id, values: customer_changes.update_company(
        uow, row_id, cast("CompanyChanges", {**values, "name": text_of(values, "name")})
    ),
    delete=customer_changes.delete_company,
)


def _list_contacts(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    _require_manage_people(uow)
    page, total = customers.list_contacts(uow, search, page_request)
    return [RecordRow(row.id, row.name, _contact_details(row)) for row in page.rows], total


def _contact_details(row: ContactRow) -> str:
    phone = (row.phone or "").replace(" ", "\u00a0")
    return " · ".join(part for part in (row.company_name, row.email, phone) if part)


def _contact_form(uow: UnitOfWork, contact_id: int) -> RecordForm:
    _require_manage_people(uow)
    row = customers.get_contact(uow, contact_id)
    return CONTACTS.form(
        row.name,
        name=row.name,
        email=row.email,
        phone=row.phone,
        company_id=single_option(row.company_id, row.company_name),
    )


def _create_contact(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    customers.add_contact(
        uow,
        text_of(values, "name"),
        email=text_of(values, "email") or None,
        phone=text_of(values, "phone") or None,
        company_id=cast("int | None", values["company_id"]),
    )


CONTACTS: Final = RecordKind(
    key="contact",
    path=routes.ADMIN_CONTACTS,
    noun=texts.CONTACT,
    hint=texts.CONTACT_HINT,
    search_label=texts.CONTACT_SEARCH,
    empty_title=texts.CONTACT_EMPTY,
    empty_hint=texts.CONTACT_EMPTY_HINT,
    delete_hint=texts.CONTACT_DELETE_HINT,
    fields=(
        Field("name", texts.FIELD_NAME, max_length=200),
        Field("email", texts.CONTACT_EMAIL, max_length=254),
        Field("phone", texts.CONTACT_PHONE, max_length=60),
        Field(
            "company_id",
            texts.CONTACT_COMPANY,
            "lookup",
            lookup="company",
            placeholder=texts.CONTACT_NO_COMPANY,
        ),
    ),
    list_rows=_list_contacts,
    load=_contact_form,
    create=_create_contact,
    update=lambda uow, row_id, values: customer_changes.update_contact(
        uow, row_id, cast("ContactChanges", {**values, "name": text_of(values, "name")})
    ),
    delete=customer_changes.delete_contact,
)


class DepartmentList(RecordList, rx.State):
    """The list of departments."""

    _kind: ClassVar[RecordKind] = DEPARTMENTS


class DepartmentDialog(RecordDialog, rx.State):
    """The department in the open dialog."""

    _kind: ClassVar[RecordKind] = DEPARTMENTS


class TeamList(RecordList, rx.State):
    """The list of teams."""

    _kind: ClassVar[RecordKind] = TEAMS


class TeamDialog(RecordDialog, rx.State):
    """The team in the open dialog."""

    _kind: ClassVar[RecordKind] = TEAMS


class CompanyList(RecordList, rx.State):
    """The list of companies."""

    _kind: ClassVar[RecordKind] = COMPANIES


class CompanyDialog(RecordDialog, rx.State):
    """The company in the open dialog."""

    _kind: ClassVar[RecordKind] = COMPANIES


class ContactList(RecordList, rx.State):
    """The list of contacts."""

    _kind: ClassVar[RecordKind] = CONTACTS


class ContactDialog(RecordDialog, rx.State):
    """The contact in the open dialog."""

    _kind: ClassVar[RecordKind] = CONTACTS
