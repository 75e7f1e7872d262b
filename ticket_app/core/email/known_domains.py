"""Whether an address is of the help desk, of the customer of a ticket, or of somebody else."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, select

from ticket_app.core.email.incoming.mailboxes import list_addresses
from ticket_app.core.email.own_addresses import own_sender
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import company_table, person_table

MAX_STAFF = 1_000
"""Of how many staff the domains are read."""
PUBLIC_DOMAINS = frozenset(
    {
        *("aol.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com"),
        *("hotmail.com", "icloud.com", "live.com", "mac.com", "mail.com", "mail.ru", "me.com"),
        *("msn.com", "outlook.com", "proton.me", "protonmail.com", "qq.com", "web.de"),
        *("yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr", "yandex.ru", "ymail.com", "163.com"),
    }
)
"""Domains where anybody gets an address: they say nothing about who it belongs to."""
_SELECT_STAFF_ADDRESSES = (
    select(person_table.c.email_folded)
    .where(
        person_table.c.role.in_([role for role in Role if role.is_staff]), person_table.c.is_active
    )
    .limit(MAX_STAFF)
)
_SELECT_COMPANY_DOMAIN = select(company_table.c.domain).where(
    company_table.c.id == bindparam("company_id")
)


def domain_of(address: str) -> str:
    """Return the domain of an address, in lower case."""
    return address.rpartition("@")[2].casefold()


def list_known_domains(
    uow: UnitOfWork, *, company_id: int | None, requester_address: str
) -> frozenset[str]:
    """Return the domains of the help desk and of a ticket's customer.

    They are those of `TICKET_MAIL_FROM`, the mailboxes and active staff; and that of the company,
    or without a company the requester's. A public domain such as gmail.com is never one of them.
    """
    staff = uow.connection.execute(_SELECT_STAFF_ADDRESSES).scalars()
    boxes = (box.address_folded for box in list_addresses(uow))
    known = {own_sender().domain.casefold(), *map(domain_of, staff), *map(domain_of, boxes)}
    company_domain = None
    if company_id is not None:
        values = {"company_id": company_id}
        company_domain = uow.connection.execute(_SELECT_COMPANY_DOMAIN, values).scalar()
    known.add((company_domain or domain_of(requester_address)).casefold())
    return frozenset(known - PUBLIC_DOMAINS - {""})


def is_external(address: str, known_domains: Collection[str]) -> bool:
    """Return whether the domain of an address is none of these, nor below one of them."""
    labels = domain_of(address).split(".")
    return not any(".".join(labels[n:]) in known_domains for n in range(len(labels)))
