"""The rows that routing rules, templates, sections and tags are read as."""

from __future__ import annotations

from datetime import datetime

from ticket_app.core.people.rows import HasPermissions


class RoutingRuleConditions:
    """What an active routing rule asks of a new ticket, and where it sends it."""

    id: int
    name: str
    kinds: list[str]
    categories: list[str]
    sections: list[str]
    team_id: int | None
    assignee_id: int | None
    method: str


class RoutingRuleRow(RoutingRuleConditions):
    """A routing rule with the names that it refers to."""

    name_folded: str
    rank: int
    company_id: int | None
    last_assignee_id: int | None
    assigned_count: int
    is_active: bool
    created_at: datetime
    updated_at: datetime
    company_name: str | None
    team_name: str | None
    assignee_name: str | None


class LastAssignedRow:
    """Who was assigned last by a routing rule."""

    last_assignee_id: int | None


class CandidateRow(HasPermissions):
    """A person to whom a routing rule may assign a ticket."""

    id: int


class TemplateRow:
    """A template for new tickets."""

    id: int
    name: str
    name_folded: str
    summary: str | None
    rank: int
    is_staff_only: bool
    is_active: bool
    ticket_values: dict[str, object]
    created_at: datetime
    updated_at: datetime


class SectionRow:
    """A section that the form for a new ticket offers."""

    id: int
    value: str
    name: str
    name_folded: str
    rank: int
    is_active: bool
    created_at: datetime
    updated_at: datetime


class TagRow:
    """A tag with the number of its tickets."""

    id: int
    name: str
    tickets: int
