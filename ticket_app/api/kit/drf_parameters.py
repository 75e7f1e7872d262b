"""What the dialects in the style of Django REST framework share: parameters and list pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Query
from typing_extensions import TypedDict

IfMatch = Annotated[str | None, Header()]
SearchParameter = Annotated[str, Query(max_length=500)]
BooleanParameter = Annotated[str | None, Query(json_schema_extra={"enum": ["true", "false"]})]
TicketParameter = Annotated[str | None, Query(description="The ticket's id or any of its numbers")]
NO_CONTENT_RESPONSES: dict[int | str, dict[str, object]] = {
    204: {"description": "Deleted; no content"}
}
NONEXISTENT_ID = 0
"""No row has this id, so a filter by it finds nothing."""


class ListPage(TypedDict):
    """One page of a list."""

    count: int
    next: str | None
    previous: str | None
