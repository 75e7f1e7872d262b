"""Which tables' changes the audit trail records, and which of their columns it reads.

A column that is not named here, such as a password's hash or a webhook's secret, is never read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Table

from ticket_app.core.platform.vocabulary import AuditKind
from ticket_app.tables import (
    approval_policy_table,
    business_calendar_table,
    company_table,
    contact_table,
    department_table,
    macro_table,
    mailbox_table,
    person_table,
    routing_rule_table,
    saved_reply_table,
    saved_view_table,
    section_table,
    sla_policy_table,
    tag_table,
    team_table,
    ticket_template_table,
    webhook_table,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A column with the id, or the ids, of rows of another table, which are shown by name."""

    table: Table
    name_column: str = "name"


@dataclass(frozen=True, slots=True)
class AuditedTable:
    """A table whose changes are recorded."""

    table: Table
    kind: AuditKind
    subject_type: str
    """What a row is called, in the singular."""
    columns: tuple[str, ...]
    name_column: str = "name"
    labels: dict[str, str] = field(default_factory=dict[str, str])
    """What columns are called where their names in words are not clear."""

    def __post_init__(self) -> None:
        missing = {*self.columns, self.name_column, *self.labels} - set(self.table.c.keys())
        if missing or self.name_column not in self.columns:
            raise LookupError(f"audited columns that {self.table.name} lacks: {sorted(missing)}")

    def label(self, column: str) -> str:
        """Return what people call a column."""
        words = column.removesuffix("_id").replace("_ids", "s")
        return self.labels.get(column) or words.replace("_", " ")


PERSON = Reference(person_table, "full_name")
REFERENCES: dict[str, Reference] = {
    "department_id": Reference(department_table),
    "department_ids": Reference(department_table),
    "team_id": Reference(team_table),
    "company_id": Reference(company_table),
    "calendar_id": Reference(business_calendar_table),
    "manager_id": PERSON,
    "owner_id": PERSON,
    "person_id": PERSON,
    "assignee_id": PERSON,
}
"""The columns whose values are ids of other rows, in whichever table they are."""
HOST_ONLY = frozenset({"url"})
"""Addresses whose path or query may be a credential: only the host is shown."""
HIDDEN_TEXT = frozenset({"notes", "signature", "content"})
"""Long texts, of which only the change is recorded."""

_ACTIVE = {"is_active": "active"}
_RANKED = {**_ACTIVE, "rank": "order"}

_TABLES = (
    AuditedTable(
        person_table,
        AuditKind.PERSON,
        "person",
        (
            "full_name",
            "username",
            "email",
            "role",
            "department_id",
            "team_id",
            "company_id",
            "is_active",
            "permissions",
            "rate_limits",
        ),
        "full_name",
        {**_ACTIVE, "full_name": "name", "permissions": "own permissions"},
    ),
    AuditedTable(department_table, AuditKind.ORGANISATION, "department", ("name", "manager_id")),
    AuditedTable(team_table, AuditKind.ORGANISATION, "team", ("name",)),
    AuditedTable(
        company_table,
        AuditKind.ORGANISATION,
        "company",
        ("name", "domain", "notes", "shares_tickets"),
    ),
    AuditedTable(
        contact_table,
        AuditKind.ORGANISATION,
        "contact",
        ("name", "email", "phone", "company_id", "person_id"),
    ),
    AuditedTable(
        routing_rule_table,
        AuditKind.SETTING,
        "routing_rule",
        (
            "name",
            "rank",
            "kinds",
            "categories",
            "sections",
            "company_id",
            "team_id",
            "assignee_id",
            "method",
            "is_active",
        ),
        labels=_RANKED,
    ),
    AuditedTable(
        ticket_template_table,
        AuditKind.SETTING,
        "template",
        ("name", "summary", "rank", "is_staff_only", "is_active", "ticket_values"),
        labels={**_RANKED, "is_staff_only": "staff only", "ticket_values": "values"},
    ),
    AuditedTable(
        section_table,
        AuditKind.SETTING,
        "section",
        ("name", "value", "rank", "is_active"),
        labels=_RANKED,
    ),
    AuditedTable(tag_table, AuditKind.SETTING, "tag", ("name",)),
    AuditedTable(
        approval_policy_table,
        AuditKind.SETTING,
        "approval_policy",
        (
            "name",
            "rank",
            "is_active",
            "kinds",
            "priorities",
            "department_ids",
            "allows_own",
            "steps",
        ),
        labels={**_RANKED, "allows_own": "own requests"},
    ),
    AuditedTable(
        sla_policy_table,
        AuditKind.SETTING,
        "sla_policy",
        (
            "name",
            "rank",
            "is_active",
            "kinds",
            "priorities",
            "company_id",
            "calendar_id",
            "respond_minutes",
            "resolve_minutes",
            "warn_percent",
        ),
        labels=_RANKED,
    ),
    AuditedTable(
        business_calendar_table,
        AuditKind.SETTING,
        "calendar",
        ("name", "zone", "week", "country", "subdivision", "closed_on", "is_default"),
        labels={"zone": "time zone", "week": "opening hours", "is_default": "default"},
    ),
    AuditedTable(
        mailbox_table,
        AuditKind.SETTING,
        "mailbox",
        ("name", "address", "team_id", "signature", "is_active"),
        labels=_ACTIVE,
    ),
    AuditedTable(
        saved_view_table,
        AuditKind.SETTING,
        "saved_view",
        ("name", "scope", "team_id", "conditions", "deleted_at"),
        labels={"scope": "shared with", "deleted_at": "deleted"},
    ),
    AuditedTable(
        saved_reply_table,
        AuditKind.SETTING,
        "saved_reply",
        ("title", "content", "shortcut", "scope", "team_id"),
        "title",
        {"content": "text"},
    ),
    AuditedTable(
        macro_table,
        AuditKind.SETTING,
        "macro",
        ("name", "actions", "shortcut", "rank", "scope", "team_id"),
        labels={"rank": "order"},
    ),
    AuditedTable(
        webhook_table,
        AuditKind.WEBHOOK,
        "webhook",
        ("url", "events", "is_active", "owner_id"),
        "url",
        _ACTIVE,
    ),
)
AUDITED_TABLES: dict[Table, AuditedTable] = {audited.table: audited for audited in _TABLES}
