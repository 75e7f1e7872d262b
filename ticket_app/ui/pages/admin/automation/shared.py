"""What the pages of saved replies and macros have in common: scopes, and two lists of each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

from typing_extensions import TypedDict

from ticket_app.core.platform import sharing
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui.pages.admin.automation import texts
from ticket_app.ui.pages.admin.records.kinds import (
    Field,
    ListRows,
    RecordRow,
    search_and_paginate,
    text_of,
)

SHARED_SCOPES: Final = (Scope.EVERYONE, Scope.TEAM)
OWN_SCOPES: Final = (Scope.ME, Scope.TEAM)
TEAM_FIELD: Final = Field(
    "team_id",
    texts.FIELD_TEAM,
    "lookup",
    lookup="team",
    hint=texts.TEAM_HINT,
    placeholder=texts.NO_TEAM,
)
SHARED_SCOPE_FIELD: Final = Field(
    "scope",
    texts.FIELD_SCOPE,
    "choice",
    options=[(str(one), texts.SCOPES[one]) for one in SHARED_SCOPES],
)
OWN_SCOPE_FIELD: Final = Field("scope", texts.FIELD_SCOPE, "choice")


def own_scope_options(uow: UnitOfWork) -> dict[str, list[tuple[str, str]]]:
    """Return whom a person can share their own with."""
    offered = [one for one in sharing.offered_scopes(uow.actor) if one in OWN_SCOPES]
    if uow.actor.team_id is None:
        offered = [Scope.ME]
    return {"scope": [(str(one), texts.MY_SCOPES[one]) for one in offered]}


class Sharing(TypedDict):
    """Who can use something."""

    scope: str
    team_id: int | None


def scope_and_team_of(values: Mapping[str, object]) -> Sharing:
    """Return the scope and the team of a form."""
    scope, team_id = text_of(values, "scope") or str(Scope.ME), values.get("team_id")
    is_for_team = scope == Scope.TEAM and isinstance(team_id, int)
    return {"scope": scope, "team_id": team_id if is_for_team else None}


@contextmanager
def problems_in_form(form_problem: Callable[[str, str], tuple[str, str]]) -> Generator[None]:
    """Raise an `Invalid` of the core again with its problems under the fields of the form.

    `form_problem` returns the field of the form and the reason for a field and a reason of the
    core.
    """
    try:
        yield
    except Invalid as error:
        problems = [form_problem(field, reason) for field, reason in error.problems]
        raise Invalid.from_problems(problems) from None


RowT = TypeVar("RowT", bound=sharing.SharedRow)
RowT_co = TypeVar("RowT_co", bound=sharing.SharedRow, covariant=True)


class ListShared(Protocol[RowT_co]):
    """A function of the core that lists the rows of some scopes."""

    def __call__(self, uow: UnitOfWork, *, scopes: Sequence[str]) -> Sequence[RowT_co]: ...


def list_for_everyone(
    list_shared: ListShared[RowT], format_row: Callable[[RowT], RecordRow], plural_noun: str
) -> ListRows:
    """Return the function that lists what everyone and teams use, for who may set it up."""

    def list_rows(
        uow: UnitOfWork, search: str, page_request: PageRequest
    ) -> tuple[list[RecordRow], int]:
        uow.actor.require("set_up", f"manage the {plural_noun} of everyone")
        rows = list_shared(uow, scopes=SHARED_SCOPES)
        return search_and_paginate([format_row(row) for row in rows], search, page_request)

    return list_rows


def list_own(list_shared: ListShared[RowT], format_row: Callable[[RowT], RecordRow]) -> ListRows:
    """Return the function that lists what belongs to the actor or to their team."""

    def list_rows(
        uow: UnitOfWork, search: str, page_request: PageRequest
    ) -> tuple[list[RecordRow], int]:
        rows = [
            row
            for row in list_shared(uow, scopes=OWN_SCOPES)
            if row.scope == Scope.ME or row.team_id == uow.actor.team_id
        ]
        return search_and_paginate([format_row(row) for row in rows], search, page_request)

    return list_rows
