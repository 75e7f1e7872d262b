"""Advanced Search: words, filters, an order by several fields, a page."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StrictStr,
)
from pydantic import Field as Bounded

from ticket_app.api.dialects.enterprise import shapes
from ticket_app.api.dialects.enterprise.paging import LAST_PAGE, USUAL, Leaf, Listed
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY, STATUS
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.door import ReadingCaller
from ticket_app.api.kit.fields import Moment
from ticket_app.api.kit.vocabulary import Vocabulary
from ticket_app.core.platform.errors import Invalid, not_a_choice
from ticket_app.core.platform.paging import LONGEST_PAGE
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_list import Sort, TicketQuery

router = part("Search")

SORTS: dict[str, Sort] = {
    "relevance": "relevance",
    "created_at": "created",
    "updated_at": "updated",
    "priority": "priority",
    "status": "status",
    "due_date": "due",
    "ticket_number": "number",
}
"""sort: the fields there are; `relevance` is how well a ticket fits the query."""


def _listed(value: Any) -> Any:
    """One word stands for a list of it, and nothing for an empty one."""
    if value is None:
        return []
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def _words(vocabulary: Vocabulary[Any]) -> Any:
    enum = {"type": "array", "items": {"type": "string", "enum": list(vocabulary.hears)}}
    most = Bounded(max_length=50, json_schema_extra=enum)
    return Annotated[list[StrictStr], BeforeValidator(_listed), most]


def _no_space(tag: str) -> str:
    return tag.strip()


Ids = Annotated[
    list[Annotated[StrictInt, Bounded(ge=1, le=LARGEST_ID)]],
    BeforeValidator(_listed),
    Bounded(max_length=100),
]
OneId = Annotated[StrictInt, Bounded(ge=1, le=LARGEST_ID)]
Tag = Annotated[StrictStr, AfterValidator(_no_space), Bounded(min_length=1, max_length=60)]
SortField = Annotated[StrictStr, Bounded(json_schema_extra={"enum": list(SORTS)})]


class Filters(BaseModel):
    """filters: what is found fulfils all of them; of several words or ids, any; of tags, all."""

    model_config = ConfigDict(extra="forbid")

    status: _words(STATUS) = []  # type: ignore[valid-type]
    priority: _words(PRIORITY) = []  # type: ignore[valid-type]
    ticket_type: _words(KIND) = []  # type: ignore[valid-type]
    created_after: Moment | None = None
    created_before: Moment | None = None
    departments: Ids = []
    tags: Annotated[list[Tag], BeforeValidator(_listed), Bounded(max_length=20)] = []
    assigned_to: OneId | None = None
    created_by: OneId | None = None
    overdue: StrictBool = False
    sla_breached: StrictBool = False


class SortKey(BaseModel):
    """sort: one key of the order."""

    model_config = ConfigDict(extra="forbid")

    field: SortField
    order: Literal["asc", "desc"] = "desc"


class Search(BaseModel):
    """Advanced Search; without `sort`, what fits the query best comes first, or the newest."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[StrictStr, Bounded(max_length=500)] = ""
    filters: Filters = Filters()
    sort: Annotated[list[SortKey], Bounded(max_length=len(SORTS))] = []
    page: Annotated[StrictInt, Bounded(ge=1, le=LAST_PAGE)] = 1
    size: Annotated[StrictInt, Bounded(ge=1)] = USUAL

    def asked(self) -> TicketQuery:
        """The same for the core. Raises `Invalid` for a word the document does not have."""
        filters, keys = self.filters, self._keys()
        return TicketQuery(
            status=_covered(STATUS, filters.status),
            priority=_covered(PRIORITY, filters.priority),
            kind=_covered(KIND, filters.ticket_type),
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
            then=tuple(keys[1:]),
        )

    def _keys(self) -> list[tuple[Sort, bool]]:
        for n, key in enumerate(self.sort):
            if key.field not in SORTS:
                raise Invalid(f"sort.{n}.field", not_a_choice(SORTS, key.field), key.field)
        best: list[tuple[Sort, bool]] = [("relevance", True)]
        return [(SORTS[key.field], key.order == "desc") for key in self.sort] or best


def _covered(vocabulary: Vocabulary[Any], words: list[str]) -> frozenset[Any]:
    field = f"filters.{vocabulary.field}"
    return frozenset().union(*(vocabulary.covers(word, field) for word in words))


@router.post("/tickets/search", response_model=Told[Listed[shapes.Ticket]])
def search_tickets(body: Search, desk: ReadingCaller) -> Any:
    """Advanced Search."""
    asked = body.asked()
    leaf = Leaf(body.page, min(body.size, LONGEST_PAGE))
    rows = ticket_list.page(desk, asked, leaf.part, "model").rows
    total = ticket_list.count(desk, asked)
    return told(desk, leaf.listed((shapes.ticket(row, desk) for row in rows), total))
