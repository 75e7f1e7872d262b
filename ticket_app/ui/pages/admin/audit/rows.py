"""Rows of the audit log page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlencode

from ticket_app.core.people import accounts
from ticket_app.core.platform import dates
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind, EntryKind
from ticket_app.core.reports import audit_trail
from ticket_app.core.reports.audit_query import AuditQuery
from ticket_app.core.reports.audit_trail import AuditRow
from ticket_app.core.tickets.fields import FIELDS
from ticket_app.ui import routes
from ticket_app.ui.field_values import choice_label, field_label
from ticket_app.ui.pages.admin.audit import texts
from ticket_app.ui.rows import initials_of, iso_time, person_color_number

PAGE_SIZE: Final = 50
MAX_SHOWN_VALUE: Final = 200
EXPORT_PATH: Final = "/session/audit"
KIND_LABELS: Final[dict[str, str]] = {
    EntryKind.CREATED: texts.KIND_CREATED,
    EntryKind.CHANGE: texts.KIND_CHANGE,
    EntryKind.COMMENT: texts.KIND_COMMENT,
    EntryKind.FILE: texts.KIND_FILE,
    EntryKind.APPROVAL: texts.KIND_APPROVAL,
    EntryKind.SERVICE_LEVEL: texts.KIND_SERVICE_LEVEL,
    EntryKind.DELETED: texts.KIND_DELETED,
    EntryKind.RESTORED: texts.KIND_RESTORED,
    AuditKind.PERSON: texts.KIND_PERSON,
    AuditKind.PERMISSIONS: texts.KIND_PERMISSIONS,
    AuditKind.SIGN_IN: texts.KIND_SIGN_IN,
    AuditKind.API_TOKEN: texts.KIND_API_TOKEN,
    AuditKind.ORGANISATION: texts.KIND_ORGANISATION,
    AuditKind.SETTING: texts.KIND_SETTING,
    AuditKind.WEBHOOK: texts.KIND_WEBHOOK,
    AuditKind.DATA: texts.KIND_DATA,
}
"""The kinds of changes that the page filters by. A test checks that each has a label."""
CHANNEL_LABELS: Final[dict[str, str]] = {
    "web": texts.CHANNEL_WEB,
    "centcom": texts.CHANNEL_CENTCOM,
    "kubebro": texts.CHANNEL_KUBEBRO,
    "bmasia": texts.CHANNEL_BMASIA,
    "enterprise": texts.CHANNEL_ENTERPRISE,
    "ticketing": texts.CHANNEL_TICKETING,
    "api": texts.CHANNEL_API,
    "mcp": texts.CHANNEL_MCP,
    "import": texts.CHANNEL_IMPORT,
    "email": texts.CHANNEL_EMAIL,
    "command_line": texts.CHANNEL_COMMAND_LINE,
    "system": texts.CHANNEL_SYSTEM,
}
FIELD_LABELS: Final[dict[str, str]] = {
    name: field_label(field)
    for name, field in sorted(FIELDS.items(), key=lambda item: item[1].label)
}
"""The fields of tickets that the page filters by."""
ACTION_LABELS: Final[dict[str, str]] = {
    "created": texts.CREATED,
    "commented": texts.COMMENTED,
    "file_added": texts.FILE_ADDED,
    "restored": texts.RESTORED,
    "sla_target": texts.SLA_AT_RISK,
    AuditAction.DELETED: texts.DELETED,
    AuditAction.SIGNED_IN: texts.SIGNED_IN,
    AuditAction.SIGNED_OUT: texts.SIGNED_OUT,
    AuditAction.PASSWORD_CHANGED: texts.PASSWORD_CHANGED,
    AuditAction.TOKEN_REUSED: texts.TOKEN_REUSED,
    AuditAction.REVOKED: texts.REVOKED,
    AuditAction.SECRET_ROTATED: texts.SECRET_ROTATED,
    AuditAction.MERGED: texts.MERGED,
    AuditAction.EXPORTED: texts.EXPORTED,
    AuditAction.IMPORTED: texts.IMPORTED,
    AuditAction.RETRIED: texts.RETRIED,
}
FILTER_NAMES: Final = ("q", "person", "ticket", "kind", "field", "channel", "since", "until")
"""The filters in the page's address; `after` is the cursor of a page."""


@dataclass(frozen=True)
class AuditLogRow:
    """An entry of the audit log."""

    id: str
    at: str
    who: str
    initials: str
    color: int
    person_id: str
    """Who did it, for the filter; empty for the system."""
    action: str
    subject_type: str
    subject: str
    href: str
    title: str
    is_in_trash: bool
    is_internal: bool
    has_values: bool
    old: str
    new: str
    channel: str
    address: str
    request_id: str


@dataclass(frozen=True)
class AuditLogPage:
    """One page of the audit log with what its filters are called."""

    rows: list[AuditLogRow]
    next_cursor: str
    person: str
    """The name of the person that is filtered by."""
    export_href: str
    """The address of the export, without the format at its end."""


def load_page(uow: UnitOfWork, filters: Mapping[str, str], cursor: str) -> AuditLogPage:
    """Return the entries that match the filters of the address. Raises `Forbidden`, `Invalid`."""
    query = _parse(uow, filters)
    page = audit_trail.list_entries(uow, query, PageRequest(PAGE_SIZE, cursor=cursor or None))
    return AuditLogPage(
        rows=[audit_row(row) for row in page.rows],
        next_cursor=page.next_cursor or "",
        person=_filtered_person_name(uow, query.actor_id),
        export_href=_export_href(query),
    )


def _parse(uow: UnitOfWork, filters: Mapping[str, str]) -> AuditQuery:
    person = filters["person"]
    kind = filters["kind"]
    first, last = _parse_day(filters["since"]), _parse_day(filters["until"])
    return AuditQuery(
        actor_id=min(int(person), MAX_ID) if person.isdecimal() and len(person) <= 10 else None,
        ticket=filters["ticket"],
        kind=_parse_kind(kind) if kind in KIND_LABELS else None,
        field=filters["field"] if filters["field"] in FIELDS else "",
        channel=filters["channel"] if filters["channel"] in CHANNEL_LABELS else "",
        since=first and dates.day_start(first, uow.time_zone),
        until=last and dates.day_end(last, uow.time_zone),
        search=filters["q"],
    )


def _parse_kind(kind: str) -> EntryKind | AuditKind:
    return EntryKind(kind) if kind in set(EntryKind) else AuditKind(kind)


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _filtered_person_name(uow: UnitOfWork, person_id: int | None) -> str:
    if person_id is None:
        return ""
    try:
        return accounts.get_account(uow, person_id).full_name
    except NotFound:
        raise Invalid("person", texts.PERSON_UNKNOWN) from None


def _export_href(query: AuditQuery) -> str:
    params = {
        "user_id": query.actor_id,
        "ticket": query.ticket,
        "kind": query.kind,
        "field": query.field,
        "channel": query.channel,
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
        "search": query.search,
    }
    given = {name: value for name, value in params.items() if value}
    return f"{EXPORT_PATH}?{urlencode({**given, 'format': ''})}"


def audit_row(row: AuditRow) -> AuditLogRow:
    """Return an entry as the page shows it."""
    is_system = row.actor_id is None and not row.actor_name
    who = texts.SYSTEM if is_system else row.actor_name or ""
    old, new = _format(row, row.old_value), _format(row, row.new_value)
    # Who signs in is named already.
    is_about_self = row.kind == AuditKind.SIGN_IN and row.subject == who
    return AuditLogRow(
        id=row.public_id,
        at=iso_time(row.at),
        who=who,
        initials="" if is_system else initials_of(who),
        color=person_color_number(row.actor_username or who),
        person_id="" if row.actor_id is None else str(row.actor_id),
        action=_action(row),
        subject_type="" if row.ticket_id or is_about_self else texts.subject_type(row.subject_type),
        subject="" if is_about_self else row.subject,
        href=routes.desk_ticket(row.subject) if row.ticket_id and not row.is_in_trash else "",
        title=row.ticket_title or "",
        is_in_trash=row.is_in_trash,
        is_internal=row.is_internal and row.ticket_id is not None,
        has_values=row.action == AuditAction.CHANGED and bool(old or new),
        old=old,
        new=new,
        channel=CHANNEL_LABELS.get(row.channel or "", texts.UNKNOWN_CHANNEL),
        address=row.address or "",
        request_id=row.request_id or "",
    )


def _action(row: AuditRow) -> str:
    if row.action == AuditAction.CHANGED and row.field_label:
        return texts.changed(row.field_label)
    if row.action.startswith("approval"):
        return texts.approval(row.action.removeprefix("approval_").replace("_", " "))
    if row.action == "commented" and row.is_internal:
        return texts.NOTED
    if row.action == "sla_target" and row.new_value == "breached":
        return texts.SLA_MISSED
    if row.action == AuditAction.DELETED and row.subject_type == "ticket":
        return texts.TRASHED if row.ticket_id else texts.DELETED_PERMANENTLY
    return ACTION_LABELS.get(row.action, texts.subject_type(row.action))


def _format(row: AuditRow, value: str | None) -> str:
    """Return a value in the words of the interface; times are in ISO format."""
    if not value:
        return ""
    field = FIELDS.get(row.field or "") if row.ticket_id else None
    if field is not None and field.has_choices:
        return choice_label(field.name, value)
    if field is not None and field.name == "due_at":
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M} UTC"
    return value if len(value) <= MAX_SHOWN_VALUE else value[:MAX_SHOWN_VALUE] + "…"
