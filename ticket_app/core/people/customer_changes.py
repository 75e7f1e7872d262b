"""Change and delete companies and contacts."""

from __future__ import annotations

from typing import TypedDict
from uuid import UUID

from sqlalchemy import select, update

from ticket_app.core.people import customers
from ticket_app.core.people.rows import CompanyRow, ContactRow
from ticket_app.core.platform import audit_log, usage, validators
from ticket_app.core.platform.errors import Invalid, does_not_exist
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.usage import ReferencingColumn
from ticket_app.tables import (
    company_table,
    contact_table,
    person_table,
    routing_rule_table,
    sla_policy_table,
    ticket_table,
)

COMPANY_USES = (
    ReferencingColumn("person", "people", person_table.c.company_id),
    ReferencingColumn("contact", "contacts", contact_table.c.company_id),
    ReferencingColumn("ticket", "tickets", ticket_table.c.company_id),
    ReferencingColumn("service level", "service levels", sla_policy_table.c.company_id),
    ReferencingColumn("routing rule", "routing rules", routing_rule_table.c.company_id),
)
"""What refers to a company."""
CONTACT_USES = (ReferencingColumn("ticket", "tickets", ticket_table.c.contact_id),)
"""What refers to a contact."""


class CompanyChanges(TypedDict, total=False):
    """The fields of a company that can be changed."""

    name: str
    domain: str | None
    notes: str | None
    shares_tickets: bool


class ContactChanges(TypedDict, total=False):
    """The fields of a contact that can be changed."""

    name: str
    email: str | None
    phone: str | None
    company_id: int | None


def update_company(uow: UnitOfWork, reference: UUID | int, changes: CompanyChanges) -> CompanyRow:
    """Change a company and return it; its tickets are found by a new name.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` (name taken).
    """
    company = customers.rename_company(uow, reference, changes.get("name"))
    assert company.id is not None
    values: dict[str, str | bool | None] = {}
    if "shares_tickets" in changes and changes["shares_tickets"] != company.shares_tickets:
        uow.actor.require("manage_people", "share the tickets of a company with its people")
        values["shares_tickets"] = changes["shares_tickets"]
        auth_log().info(
            "company_tickets_shared" if changes["shares_tickets"] else "company_tickets_unshared",
            by=uow.actor.username,
            company=company.name,
        )
    if "domain" in changes:
        values["domain"] = validators.optional_line("domain", changes["domain"], 253)
    if "notes" in changes:
        values["notes"] = validators.optional_text("notes", changes["notes"])
    if values:
        with audit_log.record_changes(uow, company_table, company.id):
            uow.connection.execute(
                update(company_table).where(company_table.c.id == company.id).values(**values)
            )
    return customers.get_company(uow, reference)


def delete_company(uow: UnitOfWork, reference: UUID | int) -> None:
    """Delete a company.

    Raises `Forbidden`, `NotFound`, `Conflict` that says where it is used.
    """
    uow.actor.require("manage_people", "delete companies")
    company_id = customers.get_company(uow, reference).id
    usage.delete_unused(uow, company_table, company_id, "company", COMPANY_USES)


def update_contact(uow: UnitOfWork, reference: UUID | int, changes: ContactChanges) -> ContactRow:
    """Change a contact and return it. Raises `Forbidden`, `NotFound`, `Invalid`."""
    uow.actor.require("work_tickets", "change contacts")
    contact_id = customers.get_contact(uow, reference).id
    values: dict[str, str | int | None] = {}
    if "name" in changes:
        values["name"] = validators.required_line("name", changes["name"], 200)
    if "email" in changes:
        values["email"] = validators.optional_line("email", changes["email"], 254)
    if "phone" in changes:
        values["phone"] = validators.optional_line("phone", changes["phone"], 60)
    if "company_id" in changes:
        values["company_id"] = company_id = changes["company_id"]
        statement = select(company_table.c.id).where(company_table.c.id == company_id)
        if company_id is not None and uow.connection.execute(statement).first() is None:
            raise Invalid("company_id", does_not_exist(company_id))
    if values:
        with audit_log.record_changes(uow, contact_table, contact_id):
            uow.connection.execute(
                update(contact_table).where(contact_table.c.id == contact_id).values(**values)
            )
    return customers.get_contact(uow, reference)


def delete_contact(uow: UnitOfWork, reference: UUID | int) -> None:
    """Delete a contact.

    Raises `Forbidden`, `NotFound`, `Conflict` that says where it is used.
    """
    uow.actor.require("manage_people", "delete contacts")
    contact_id = customers.get_contact(uow, reference).id
    usage.delete_unused(uow, contact_table, contact_id, "contact", CONTACT_USES)
