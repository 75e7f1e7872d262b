"""What the API answers, as frozen objects; what is not named here is kept as an attribute, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar, overload

from pydantic import BaseModel, ConfigDict, Field

from ticket_system_sdk.errors import UnexpectedAnswer


class Model(BaseModel):
    """An answer; keys that a later version of the API adds are no error."""

    model_config = ConfigDict(frozen=True, extra="allow")


M = TypeVar("M", bound=Model)
T = TypeVar("T")


def read(model: type[M], data: Any) -> M:
    """The answer's data as a model. Raises `UnexpectedAnswer`."""
    try:
        return model.model_validate(data)
    except ValueError as wrong:
        # Without the input, which may hold secrets.
        message = f"the answer is no {model.__name__}"
        raise UnexpectedAnswer(message) from (
            wrong if not _SECRET & set(model.model_fields) else None
        )


_SECRET = frozenset({"access_token", "secret"})


class User(Model):
    """Somebody; lists name them with the first four fields only."""

    id: int
    username: str
    first_name: str = ""
    last_name: str = ""
    email: str | None = None
    role: str | None = None
    department_id: int | None = None
    is_active: bool = True
    last_login: datetime | None = None
    created_at: datetime | None = None
    preferences: dict[str, Any] = {}
    permissions: tuple[str, ...] = ()


class Session(Model):
    """What a login gives."""

    access_token: str = Field(repr=False)
    refresh_token: str = Field(repr=False)
    token_type: str = "bearer"  # noqa: S105
    expires_in: int
    user: User


class Department(Model):
    """A department, as tickets name it."""

    id: int
    name: str


class Comment(Model):
    """Comment Model."""

    id: int
    ticket_id: int
    user_id: int | None = None
    content: str
    is_internal: bool = False
    mentions: tuple[int, ...] = ()
    created_at: datetime
    updated_at: datetime | None = None
    edited: bool = False
    attachments: tuple[int, ...] = ()
    user: User | None = None


class Attachment(Model):
    """A file of a ticket."""

    id: int
    filename: str
    size: int
    content_type: str
    upload_url: str | None = None
    virus_scan_status: str | None = None
    ticket_id: int | None = None
    comment_id: int | None = None
    description: str | None = None
    is_internal: bool = False
    uploaded_by: User | None = None
    uploaded_at: datetime | None = None


class Ticket(Model):
    """Ticket Model; `comments` and what follows it come with `tickets.get` only."""

    id: int
    ticket_number: str
    title: str
    status: str
    created_at: datetime
    description: str = ""
    priority: str | None = None
    ticket_type: str | None = None
    created_by_id: int | None = None
    assigned_to_id: int | None = None
    department_id: int | None = None
    tags: tuple[str, ...] = ()
    updated_at: datetime | None = None
    due_date: datetime | None = None
    resolution_time: int | None = None
    sla_breach_time: datetime | None = None
    customer_satisfaction_rating: int | None = None
    internal_notes: str | None = None
    public_notes: str | None = None
    created_by: User | None = None
    assigned_to: User | None = None
    department: Department | None = None
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    etag: str | None = None


class Approval(Model):
    """A request for approval, with its steps as the API tells them."""

    id: int
    ticket_id: int | None = None
    state: str | None = None
    reason: str | None = None
    steps: tuple[dict[str, Any], ...] = ()


class BulkResult(Model):
    """What became of each approval of a bulk action."""

    results: tuple[dict[str, Any], ...] = ()


class Metrics(Model):
    """The dashboard's figures; None where nothing was measured."""

    total_tickets: int
    open_tickets: int
    in_progress_tickets: int
    resolved_tickets: int
    closed_tickets: int
    avg_resolution_time: float | None = None
    sla_compliance: float | None = None
    customer_satisfaction: float | None = None


class Trends(Model):
    """Changes against the period before, such as "+12%"."""

    ticket_volume_trend: str | None = None
    resolution_time_trend: str | None = None
    satisfaction_trend: str | None = None


class CategoryCount(Model):
    """How many tickets a category has."""

    name: str
    count: int


class Dashboard(Model):
    """Dashboard Metrics."""

    metrics: Metrics
    trends: Trends
    top_categories: tuple[CategoryCount, ...] = ()


class Performance(Model):
    """Performance Reports: its rows as the API tells them."""

    start_date: date | None = None
    end_date: date | None = None


class Webhook(Model):
    """A subscription; `secret` is told once, when it is made or rotated."""

    id: int
    webhook_id: str
    url: str
    events: tuple[str, ...]
    active: bool
    owner: dict[str, Any] = {}
    failures: int = 0
    failing_since: datetime | None = None
    switched_off_reason: str | None = None
    old_secret_valid_until: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    secret: str | None = Field(default=None, repr=False)


class Delivery(Model):
    """A message to a webhook; what follows `delivered_at` comes for one by itself."""

    id: int
    message_id: str
    webhook_id: str
    event: str
    state: str
    attempts: int
    next_try_at: datetime | None = None
    response_status: int | None = None
    created_at: datetime
    delivered_at: datetime | None = None
    payload: dict[str, Any] | None = None
    response_body: str | None = None
    tries: tuple[dict[str, Any], ...] = ()


class Replayed(Model):
    """How many messages go out again; `has_more` if there are more than one call takes."""

    replayed: int
    has_more: bool = False


class WebhookEvent(Model):
    """Webhook Payload, after its signature was checked."""

    event: str
    timestamp: datetime
    data: dict[str, Any]
    webhook_id: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Sequence[T], Generic[T]):
    """A part of a list; `all()` goes on through the rest of it."""

    items: tuple[T, ...]
    total: int
    page: int
    size: int
    pages: int
    _turn: Callable[[int], Page[T]] = field(repr=False, compare=False)

    @property
    def has_next(self) -> bool:
        """Whether there is another page."""
        return self.page < self.pages

    @property
    def has_prev(self) -> bool:
        """Whether this is not the first page."""
        return self.page > 1

    def next(self) -> Page[T] | None:
        """The next page, fetched now; None after the last."""
        return self._turn(self.page + 1) if self.has_next else None

    def all(self) -> Iterator[T]:
        """Every item from here on; pages are fetched as they are reached.

        What slides onto the next page while one is read is not told twice.
        """
        page: Page[T] | None = self
        told: set[int] = set()
        while page is not None:
            yield from (item for item in page.items if _id(item) not in told)
            told = {_id(item) for item in page.items}
            page = page.next()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self.items[index]


def _id(item: Any) -> int:
    return item.id


def read_page(model: type[M], data: Any, turn: Callable[[int], Page[M]]) -> Page[M]:
    """A list's data as a page. Raises `UnexpectedAnswer`."""
    try:
        told = data.get("pagination", data)
        items = tuple(read(model, item) for item in data["items"])
        return Page(items, told["total"], told["page"], told["size"], told["pages"], turn)
    except (AttributeError, KeyError, TypeError) as wrong:
        raise UnexpectedAnswer("the answer is no list") from wrong
