"""Parse the values of an imported row: texts, words of the vocabulary, times, tags and comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar

from ticket_app.core.imports.reading import Problems, fold_name
from ticket_app.core.platform import text_formats, ticket_numbers, validators
from ticket_app.core.platform.dates import day_start, default_time_zone
from ticket_app.core.platform.errors import Invalid, invalid_choice, too_many
from ticket_app.core.platform.json_types import JsonObject, JsonValue
from ticket_app.core.platform.ticket_numbers import TicketReference
from ticket_app.core.platform.vocabulary import (
    KIND_PREFIX,
    Category,
    Kind,
    Priority,
    ReproductionRate,
    Severity,
    Status,
    TextFormat,
    category_for_kind,
    kind_for_category,
)
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.transitions import (
    APPROVAL_STATUS,
    CLOSED_STATUS,
    INITIAL_STATUS,
    SOLVED_STATUS,
)

MAX_EXTERNAL_ID_LENGTH = 200
MAX_NAME_LENGTH = 254
MAX_COMMENTS = 1_000
MAX_NUMBER = 99_999_999
"""The highest number that a ticket keeps; those above it have 9 digits, the most that are read."""
MIN_YEAR = 1970
EPOCH = datetime(MIN_YEAR, 1, 1, tzinfo=UTC)
CLOCK_TOLERANCE = timedelta(minutes=5)
IMPORTED_FIELDS = tuple(
    name
    for name, field_ in ticket_fields.FIELDS.items()
    if field_.validate is not None
    and field_.type in (ticket_fields.FieldType.TEXT, ticket_fields.FieldType.NUMBER)
    and name not in ("title", "description")
)
"""Fields that are taken as the registry of fields validates them."""
REFERENCE_FIELDS = ("requester", "assignee", "department", "team", "company")
COLUMN_NAMES = {
    name: name
    for name in (
        *("external_id", "number", "title", "description", "format", "kind", "category", "status"),
        *("priority", "severity", "reproduction_rate", "tags", "satisfaction_rating", "comments"),
        *("created_at", "updated_at", "resolved_at", "closed_at", "due_at"),
        *IMPORTED_FIELDS,
        *REFERENCE_FIELDS,
    )
} | {
    "id": "external_id",
    "ticket_number": "number",
    "subject": "title",
    "type": "kind",
    "ticket_type": "kind",
    "created_by": "requester",
    "requester_email": "requester",
    "assigned_to": "assignee",
    "assignee_email": "assignee",
    "due_date": "due_at",
    "application_section": "section",
}
"""Every name that a column may have, and the name it stands for."""

Word = TypeVar("Word", bound=StrEnum)
Parsed = TypeVar("Parsed")


@dataclass(slots=True)
class ImportedComment:
    """A comment of an imported ticket; an author of None is the requester."""

    position: int
    """Its place in the list of the file, from 0."""
    body: str
    author: str | None
    at: datetime
    is_internal: bool


@dataclass(slots=True)
class ImportedTicket:
    """A row whose values are valid; the people and teams it names are not looked up yet."""

    external_id: str | None
    number: TicketReference | None
    kind: Kind
    category: Category
    status: Status
    priority: Priority
    severity: Severity
    reproduction_rate: ReproductionRate | None
    text_format: TextFormat
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    tags: list[str]
    satisfaction_rating: int | None
    texts: dict[str, object]
    names: dict[str, str]
    comments: list[ImportedComment] = field(default_factory=list[ImportedComment])


class RowParser:
    """Parses the values of one row and collects what is wrong with them."""

    def __init__(self, values: JsonObject, now: datetime) -> None:
        self._values = values
        self._now = now
        self.problems: Problems = []

    def parse(self) -> ImportedTicket | None:
        """Return the ticket of the row, or None if there are `problems`."""
        external_id = parse_external_id(self._values, self.problems)
        number = self._number()
        kind, category = self._kind_and_category(number)
        created_at = self._moment("created_at")
        if created_at is None:
            # Other times are not compared with one that is wrong itself.
            created_at = EPOCH if self._text("created_at") else self._now
        resolved_at, closed_at = self._moment("resolved_at"), self._moment("closed_at")
        status = self._word("status", Status) or _status_of(resolved_at, closed_at)
        comments = self._comments(created_at)
        latest = max([created_at, *(comment.at for comment in comments)])
        updated_at = self._moment("updated_at") or max(
            moment for moment in (latest, resolved_at, closed_at) if moment
        )
        if status is APPROVAL_STATUS:
            self._add("status", "must not be pending_approval, as approvals are not imported")
        if status.is_done:
            resolved_at = resolved_at or closed_at or updated_at
            closed_at = (closed_at or resolved_at) if status is CLOSED_STATUS else closed_at
        for name, moment in {
            "updated_at": updated_at,
            "resolved_at": resolved_at,
            "closed_at": closed_at,
        }.items():
            if moment and moment < created_at:
                self._add(name, "must not be before created_at")
            if moment and name != "updated_at" and not status.is_done:
                self._add(name, f"must be empty, as the status is {status}")
        ticket = ImportedTicket(
            external_id=external_id,
            number=number,
            kind=kind,
            category=category,
            status=status,
            priority=self._word("priority", Priority) or Priority.MEDIUM,
            severity=self._word("severity", Severity) or Severity.MINOR,
            reproduction_rate=self._word("reproduction_rate", ReproductionRate),
            text_format=self._text_format(),
            created_at=created_at,
            updated_at=max(updated_at, latest),
            resolved_at=resolved_at,
            closed_at=closed_at,
            due_at=self._moment("due_at", is_past=False),
            tags=self._tags(),
            satisfaction_rating=self._rating(),
            texts=self._registered_fields(),
            names={name: line for name in REFERENCE_FIELDS if (line := self._line(name))},
            comments=comments,
        )
        return None if self.problems else ticket

    def _add(self, name: str, reason: str) -> None:
        self.problems.append((name, reason))

    def _text(self, name: str) -> str | None:
        """Return a text or number as text; an empty one is None."""
        return _as_text(name, self._values.get(name), self.problems)

    def _line(self, name: str) -> str | None:
        return self._checked(
            lambda: validators.optional_line(name, self._text(name), MAX_NAME_LENGTH)
        )

    def _word(self, name: str, words: type[Word]) -> Word | None:
        text = self._text(name)
        if text is None:
            return None
        try:
            return words(fold_name(text))
        except ValueError:
            self._add(name, invalid_choice(words, text))
            return None

    def _moment(self, name: str, *, is_past: bool = True) -> datetime | None:
        latest = self._now + CLOCK_TOLERANCE if is_past else None
        return self._checked(lambda: _parse_moment(name, self._text(name), latest))

    def _checked(self, parse: Callable[[], Parsed]) -> Parsed | None:
        try:
            return parse()
        except Invalid as error:
            self.problems += error.problems
            return None

    def _number(self) -> TicketReference | None:
        text = self._text("number")
        if text is None:
            return None
        reference = ticket_numbers.parse_reference(text)
        number = reference and (reference.id or reference.number or reference.day_number)
        if reference is None or not number:
            self._add("number", "must be a number such as BUG-15, TKT-20231201-001 or TKT-000015")
            return None
        if number > MAX_NUMBER:
            self._add("number", f"must have at most {len(str(MAX_NUMBER))} digits")
            return None
        return reference

    def _kind_and_category(self, number: TicketReference | None) -> tuple[Kind, Category]:
        kind, category = self._word("kind", Kind), self._word("category", Category)
        if number is not None and number.prefix is not None:
            numbered = next(word for word, prefix in KIND_PREFIX.items() if prefix == number.prefix)
            if kind not in (None, numbered):
                self._add("number", f"is one of kind {numbered}, but the kind is {kind}")
            kind = numbered
        kind = kind or kind_for_category(category or Category.GENERAL)
        return kind, category or category_for_kind(kind)

    def _text_format(self) -> TextFormat:
        parsed = self._checked(lambda: text_formats.parse_format(self._text("format")))
        return parsed or TextFormat.PLAIN

    def _tags(self) -> list[str]:
        value = self._values.get("tags")
        if isinstance(value, list):
            tags = [text for item in value if (text := _as_text("tags", item, self.problems))]
        else:
            tags = validators.split_tags(self._text("tags"))
        return self._checked(lambda: validators.validate_tags("tags", tags)) or []

    def _rating(self) -> int | None:
        text = self._text("satisfaction_rating")
        if text is None or text in ("1", "2", "3", "4", "5"):
            return None if text is None else int(text)
        self._add("satisfaction_rating", "must be a number from 1 to 5")
        return None

    def _registered_fields(self) -> dict[str, object]:
        registered = ticket_fields.editable_field_validators()
        texts: dict[str, object] = {}
        for name in ("title", "description", *IMPORTED_FIELDS):
            value: object = self._values.get(name)
            if name == "environment":
                if value is not None and not isinstance(value, dict):
                    self._add(name, "must be a JSON object")
                    continue
            elif name.endswith("_hours"):
                value = self._hours(name)
            else:
                value = self._text(name)
            texts[name] = self._checked(partial(registered[name], name, value))
        texts["section"] = texts.get("section") or ""
        return texts

    def _hours(self, name: str) -> float | None:
        text = self._text(name)
        try:
            hours = None if text is None else float(text)
        except ValueError:
            hours = float("nan")
        if hours is not None and hours != hours:  # noqa: PLR0124 - not a number
            self._add(name, "must be a number of hours")
            return None
        return hours

    def _comments(self, created_at: datetime) -> list[ImportedComment]:
        value = self._values.get("comments")
        if value is None:
            return []
        if not isinstance(value, list):
            self._add("comments", "can only be given in JSON lines, as a list")
            return []
        if len(value) > MAX_COMMENTS:
            self._add("comments", too_many(MAX_COMMENTS, "comments"))
            return []
        comments = [self._comment(n, item, created_at) for n, item in enumerate(value)]
        return sorted((one for one in comments if one), key=lambda comment: comment.at)

    def _comment(
        self, position: int, value: JsonValue, created_at: datetime
    ) -> ImportedComment | None:
        path = f"comments.{position}"
        if not isinstance(value, dict):
            self._add(path, "must be a JSON object")
            return None
        if unknown := sorted(value.keys() - COMMENT_FIELDS):
            self._add(f"{path}.{unknown[0][:100]}", "is not known")
        is_internal = value.get("is_internal") or False
        if not isinstance(is_internal, bool):
            self._add(f"{path}.is_internal", "must be true or false")
        texts = {
            name: _as_text(f"{path}.{name}", value.get(name), self.problems)
            for name in ("content", "created_at", "author")
        }
        latest = self._now + CLOCK_TOLERANCE
        body = self._checked(lambda: validators.required_text(f"{path}.content", texts["content"]))
        at = self._checked(lambda: _parse_moment(f"{path}.created_at", texts["created_at"], latest))
        author = self._checked(
            lambda: validators.optional_line(f"{path}.author", texts["author"], MAX_NAME_LENGTH)
        )
        if at is not None and at < created_at:
            self._add(f"{path}.created_at", "must not be before the ticket's created_at")
        return ImportedComment(position, body or "", author, at or created_at, is_internal is True)


COMMENT_FIELDS = frozenset({"content", "created_at", "author", "is_internal"})


def parse_external_id(values: JsonObject, problems: Problems) -> str | None:
    """Return the external id of a row, or None; adds what is wrong with it to `problems`."""
    text = _as_text("external_id", values.get("external_id"), problems)
    try:
        return validators.optional_line("external_id", text, MAX_EXTERNAL_ID_LENGTH)
    except Invalid as error:
        problems += error.problems
        return None


def _as_text(name: str, value: JsonValue, problems: Problems) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        problems.append((name, "must be text"))
        return None
    text = str(value)
    return text if text.strip() else None


def _status_of(resolved_at: datetime | None, closed_at: datetime | None) -> Status:
    if closed_at is not None:
        return CLOSED_STATUS
    return INITIAL_STATUS if resolved_at is None else SOLVED_STATUS


def _parse_moment(name: str, text: str | None, latest: datetime | None) -> datetime | None:
    """Return a moment in UTC; a time without a time zone is in UTC, a day in `TICKET_TIMEZONE`."""
    if text is None:
        return None
    text = text.strip()
    try:
        if len(text) == len("2023-12-01"):
            moment = day_start(date.fromisoformat(text), default_time_zone())
        else:
            moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(name, "must be a time such as 2023-12-01T09:30:00Z") from None
    if moment.year < MIN_YEAR:
        raise Invalid(name, f"must not be before {MIN_YEAR}")
    if latest is not None and moment > latest:
        raise Invalid(name, "must not be in the future")
    return moment
