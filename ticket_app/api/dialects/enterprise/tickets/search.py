"""Advanced Search: full text, filters, multiple sort keys and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, StrictBool, StrictInt, StrictStr
from pydantic import Field as Bounded
from pydantic.fields import FieldInfo

from ticket_app.api.dialects.enterprise import data_models
from ticket_app.api.dialects.enterprise.paging import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE,
    PageData,
    PageParameters,
)
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS
from ticket_app.api.kit.fields import DateTime, StrictBody, StrictId
from ticket_app.api.kit.request_context import ReadOnlyUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.kit.vocabulary import Value, Vocabulary
from ticket_app.core.platform.errors import Invalid, invalid_choice
from ticket_app.core.platform.paging import MAX_PAGE_SIZE
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_query import SortField, TicketQuery

router = create_router("Search")

SORT_FIELDS: dict[str, SortField] = {
    "relevance": "relevance",
    "created_at": "created",
    "updated_at": "updated",
    "priority": "priority",
    "status": "status",
    "due_date": "due",
    "ticket_number": "number",
}
"""`sort`: the sortable fields; `relevance` is how well a ticket matches the query."""


def _to_list(value: object) -> object:
    """Return a single word as a list, and an empty word as an empty list."""
    if value is None:
        return []
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def _word_list(words: Iterable[str]) -> FieldInfo:
    """Return the bounds of a list of these words."""
    field: FieldInfo = Bounded(
        max_length=50,
        json_schema_extra={"type": "array", "items": {"type": "string", "enum": list(words)}},
    )
    return field


def _strip(tag: str) -> str:
    return tag.strip()


Words = Annotated[list[StrictStr], BeforeValidator(_to_list)]
Ids = Annotated[
    list[Annotated[StrictInt, Bounded(ge=1, le=MAX_ID)]],
    BeforeValidator(_to_list),
    Bounded(max_length=100),
]
Tag = Annotated[StrictStr, AfterValidator(_strip), Bounded(min_length=1, max_length=60)]
SortFieldName = Annotated[StrictStr, Bounded(json_schema_extra={"enum": list(SORT_FIELDS)})]


class SearchFilters(StrictBody):
    """`filters`: a ticket must match all of them; any of several words or ids, but all tags."""

    status: Annotated[Words, _word_list(STATUS.value_by_word)] = []
    priority: Annotated[Words, _word_list(PRIORITY.value_by_word)] = []
    ticket_type: Annotated[Words, _word_list(KIND.value_by_word)] = []
    created_after: DateTime | None = None
    created_before: DateTime | None = None
    departments: Ids = []
    tags: Annotated[list[Tag], BeforeValidator(_to_list), Bounded(max_length=20)] = []
    assigned_to: StrictId | None = None
    created_by: StrictId | None = None
    overdue: StrictBool = False
    sla_breached: StrictBool = False


class SortKey(StrictBody):
    """One key of `sort`."""

    field: SortFieldName
    order: Literal["asc", "desc"] = "desc"


class SearchRequest(StrictBody):
    """Advanced Search; without `sort` the best matches come first, or the newest tickets."""

    query: Annotated[StrictStr, Bounded(max_length=500)] = ""
    filters: SearchFilters = SearchFilters()
    sort: Annotated[list[SortKey], Bounded(max_length=len(SORT_FIELDS))] = []
    page: Annotated[StrictInt, Bounded(ge=1, le=MAX_PAGE)] = 1
    size: Annotated[StrictInt, Bounded(ge=1)] = DEFAULT_PAGE_SIZE

    def to_query(self) -> TicketQuery:
        """Return the query for the core. Raises `Invalid` for a word the document lacks."""
        filters, keys = self.filters, self._sort_keys()
        return TicketQuery(
            status=_expand_all(STATUS, filters.status),
            priority=_expand_all(PRIORITY, filters.priority),
            kind=_expand_all(KIND, filters.ticket_type),
            created_from=filters.created_after,
            created_before=filters.created_before,
            departments=frozenset(filters.departments),
            tags=tuple(dict.fromkeys(filters.tags)),
            assignee_id=filters.assigned_to,
            created_by_id=filters.created_by,
            overdue=filters.overdue,
            sla_breached=filters.sla_breached,
            search=self.query,
            sort=keys[0][0],
            descending=keys[0][1],
            then_by=tuple(keys[1:]),
        )

    def _sort_keys(self) -> list[tuple[SortField, bool]]:
        for n, key in enumerate(self.sort):
            if key.field not in SORT_FIELDS:
                raise Invalid(f"sort.{n}.field", invalid_choice(SORT_FIELDS, key.field), key.field)
        by_relevance: list[tuple[SortField, bool]] = [("relevance", True)]
        return [(SORT_FIELDS[key.field], key.order == "desc") for key in self.sort] or by_relevance


def _expand_all(vocabulary: Vocabulary[Value], words: list[str]) -> frozenset[Value]:
    field = f"filters.{vocabulary.field}"
    return frozenset[Value]().union(*(vocabulary.expand(word, field) for word in words))


@router.post("/tickets/search", response_model=SuccessResponse[PageData[data_models.Ticket]])
def search_tickets(body: SearchRequest, uow: ReadOnlyUow) -> JsonResponse:
    """Advanced Search."""
    query = body.to_query()
    page_parameters = PageParameters(body.page, min(body.size, MAX_PAGE_SIZE))
    rows = ticket_list.page(uow, query, page_parameters.page_request, "model").rows
    total = ticket_list.count_tickets(uow, query)
    return success_response(
        uow,
        page_parameters.format_page((data_models.format_ticket(row, uow) for row in rows), total),
    )
