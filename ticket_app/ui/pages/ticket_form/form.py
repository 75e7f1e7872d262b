"""What both forms of a new ticket have in common: fields, drafts and submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, ClassVar, Final, Self, TypeVar
from uuid import uuid4

import orjson

from ticket_app.core.attachments import attachments, stored_files
from ticket_app.core.platform import idempotency, ticket_numbers
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.tickets import opening, templates
from ticket_app.core.tickets.fields import FieldView, fields_shown_in
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.timeline import drafts
from ticket_app.ui.field_values import field_label, parse_value
from ticket_app.ui.file_rows import file_rows
from ticket_app.ui.pages.ticket_form import texts
from ticket_app.ui.rows import FileRow, iso_time

FOCUS_TARGETS: Final = {"tags": "tags-entry"}
"""The control to focus for an error, where it differs from the field's name."""


@dataclass(frozen=True)
class TicketForm:
    """The fields of both forms. All values are text; a form adds its own fields."""

    title: str = ""
    description: str = ""
    kind: str = Kind.SUPPORT
    priority: str = Priority.MEDIUM
    section: str = ""
    tags: str = ""
    more: dict[str, str] = field(default_factory=dict)
    """The values of the fields that the registry adds to the form, by name."""

    choices: ClassVar[dict[str, type[StrEnum]]] = {"kind": Kind, "priority": Priority}
    view: ClassVar[FieldView] = FieldView.REQUESTER_FORM
    """Which fields the registry adds."""

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Read the values that a page or a draft holds, leaving out unknown choices."""
        values = {
            one.name: value
            for one in fields(cls)
            if one.type == "str"
            and isinstance(value := data.get(one.name), str)
            and (one.name not in cls.choices or value in set(cls.choices[one.name]))
        }
        saved = data.get("more")
        given = {**saved, **data} if isinstance(saved, dict) else data
        more = {
            one.name: value
            for one in fields_shown_in(cls.view)
            if isinstance(value := given.get(one.name), str)
        }
        return cls(**values, more=more)

    def tag_list(self) -> list[str]:
        """Return the tags one by one."""
        return [tag for tag in self.tags.split(",") if tag.strip()]

    def more_problems(self) -> dict[str, str]:
        """Return why the core would not accept a value of the registry's fields, by field."""
        problems: dict[str, str] = {}
        for one in fields_shown_in(self.view):
            try:
                value = parse_value(one, self.more.get(one.name, ""))
                if one.validate and value is not None:
                    one.validate(one.name, value)
            except Invalid as error:
                problems[one.name] = f"{field_label(one)} {error.reason}"
        return problems

    def more_values(self) -> dict[str, Any]:
        """Return the values of the registry's fields as a `TicketDraft` has them."""
        return {
            one.name: value
            for one in fields_shown_in(self.view)
            if (value := parse_value(one, self.more.get(one.name, ""))) is not None
        }


FormT = TypeVar("FormT", bound=TicketForm)
KEPT_TEXTS: Final = (
    "title",
    "description",
    "steps_to_reproduce",
    "expected_behavior",
    "actual_behavior",
    "tags",
)
"""Fields in which a template does not replace what the person has written."""


def template_options(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return the templates that the actor may pick as (id, label) options."""
    return [
        (str(row.id), texts.template_label(row.name, row.summary or ""))
        for row in templates.list_offered(uow)
    ]


def read_template_values(uow: UnitOfWork, template_id: int) -> dict[str, str]:
    """Return the values of a template as texts of the form. Raises `NotFound`."""
    values = templates.get_template(uow, template_id).ticket_values
    return {
        name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in values.items()
    }


def apply_template(
    form: FormT, template_values: Mapping[str, str], previous_template_values: Mapping[str, str]
) -> FormT:
    """Return the form with the values of a template.

    Texts of `KEPT_TEXTS` that the person has written are kept, but not what the template before
    filled in.
    """
    # Of a form in a state, `type` is that of the proxy that Reflex wraps it in.
    empty = form.__class__()
    changes: dict[str, str] = {}
    for name in (one.name for one in fields(form) if one.type == "str"):
        written = getattr(form, name).strip()
        is_written = written and written != previous_template_values.get(name, "").strip()
        if name in KEPT_TEXTS and is_written:
            continue
        if name in template_values or name in previous_template_values:
            changes[name] = template_values.get(name, str(getattr(empty, name)))
    more = dict(form.more)
    for one in fields_shown_in(form.view):
        if one.name in template_values or one.name in previous_template_values:
            more[one.name] = template_values.get(one.name, "")
    return replace(form, **changes, more=more)


def find_problem(check: Callable[[str, object], object], name: str, value: object) -> str:
    """Return why the core would not accept a value, or an empty text."""
    try:
        check(name, value)
    except Invalid as error:
        return error.reason
    return ""


@dataclass(frozen=True)
class StoredDraft:
    """A draft of a new ticket on the server; without one, an empty one with a new attempt."""

    content: dict[str, object]
    attempt: str
    saved_at: str
    files: list[FileRow]

    @property
    def is_saved(self) -> bool:
        """Whether there is a draft on the server."""
        return self.saved_at != ""


def find_draft(uow: UnitOfWork, place: str) -> StoredDraft:
    """Return the actor's draft for a place, with its files."""
    draft = drafts.find_draft(uow, place)
    content = draft.content if draft else {}
    return StoredDraft(
        content,
        attempt=str(content.get("attempt") or uuid4()),
        saved_at=iso_time(draft.updated_at) if draft else "",
        files=draft_files(uow, place),
    )


def draft_files(uow: UnitOfWork, place: str) -> list[FileRow]:
    """Return the files of a draft."""
    return file_rows(stored_files.list_draft_files(uow, place))


def save_draft(uow: UnitOfWork, place: str, form: TicketForm, attempt: str) -> str:
    """Save the draft and return the time (ISO)."""
    content = {**asdict(form), "attempt": attempt}
    return iso_time(drafts.save_draft(uow, place, content).updated_at)


def submit(
    uow: UnitOfWork,
    place: str,
    path: str,
    form: TicketForm,
    attempt: str,
    build: Callable[[], TicketDraft],
) -> str:
    """Open the ticket that `build` returns with the draft's files; return its number.

    The draft is deleted. Submitting the same form twice from the page `path` opens one ticket.
    """
    request = idempotency.build_request("POST", path, attempt, orjson.dumps(asdict(form)))
    previous = idempotency.find_response(uow, request)
    if previous and previous.is_same_request:
        return previous.body.decode()
    ticket = opening.open_ticket(uow, build())
    attachments.attach_draft_files(uow, ticket, place)
    drafts.discard_draft(uow, place)
    number = ticket_numbers.format_key(ticket)
    if previous is None:
        idempotency.store_response(uow, request, 200, {}, number.encode())
    return number
