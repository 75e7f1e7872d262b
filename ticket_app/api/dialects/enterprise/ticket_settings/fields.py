"""Types of fields that templates, routing rules and sections share.

These resources are not in the document. They use the web app's words, as an import does, because
the document's four ticket types and priorities could not name every value.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.core.platform.named_rows import MAX_NAME_LENGTH
from ticket_app.core.tickets.routing_rules import MAX_RANK

Name = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_NAME_LENGTH)]
Rank = Annotated[StrictInt, Bounded(ge=0, le=MAX_RANK, description="The lowest comes first")]
SectionValue = Annotated[StrictStr, Bounded(min_length=1, max_length=120)]


class NamedReference(TypedDict):
    """The id and name of something."""

    id: int
    name: str


def format_reference(row_id: int | None, name: str | None) -> NamedReference | None:
    """Format a reference to something that may not be set."""
    return None if row_id is None or name is None else {"id": row_id, "name": name}


def sent_fields(body: BaseModel, *, without: str = "") -> dict[str, object]:
    """Return the fields that a body names, by name, without one of them."""
    return {name: getattr(body, name) for name in body.model_fields_set if name != without}
