"""Searchable menus of people, companies, tags and groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

import reflex as rx

from ticket_app.core.people import customers, directory
from ticket_app.core.people.absences import find_availability
from ticket_app.core.people.rows import AssignableStaffRow, NamedRow, PersonSuggestionRow
from ticket_app.core.people.staff import list_assignable_staff
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import tags
from ticket_app.core.tickets.fields import TicketField
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.availability.texts import describe_absence
from ticket_app.ui.rows import initials_of, person_color_number
from ticket_app.ui.widgets.vars import Text

LookupKind = Literal["staff", "company", "contact", "tag", "department", "team", "requester"]
SEARCH_LABELS: Final[dict[LookupKind, str]] = {
    "staff": texts.DESK_SEARCH_PEOPLE,
    "company": texts.DESK_SEARCH_COMPANIES,
    "contact": texts.LOOKUP_SEARCH_CONTACTS,
    "tag": texts.QUEUE_SEARCH_TAGS,
    "department": texts.TICKET_PANEL_SEARCH_DEPARTMENTS,
    "team": texts.TICKET_PANEL_SEARCH_TEAMS,
    "requester": texts.DESK_SEARCH_PEOPLE,
}
LOOKUP_OF_FIELD: Final[dict[str, LookupKind]] = {"assignee": "staff", "tags": "tag"}
"""Lookups of fields whose names differ from the kind of their lookup."""


def lookup_kind_of(field: TicketField) -> LookupKind:
    """Return the lookup that finds the values of a field."""
    return LOOKUP_OF_FIELD.get(field.name) or cast("LookupKind", field.name)


def search_label(field: TicketField) -> str:
    """Return the label of the search field in the lookup of a field."""
    return SEARCH_LABELS[lookup_kind_of(field)]


@dataclass(frozen=True)
class LookupOption:
    """An option of a lookup."""

    value: str
    label: str
    detail: str = ""
    initials: str = ""
    color: int = 0


OnChoose = Callable[[rx.Var[LookupOption]], rx.event.EventType]
"""Returns the event that runs when an option is chosen."""


def _person_option(row: AssignableStaffRow | PersonSuggestionRow, detail: str = "") -> LookupOption:
    return LookupOption(
        str(row.id),
        row.full_name,
        detail,
        initials_of(row.full_name),
        person_color_number(row.username),
    )


def _find_staff(uow: UnitOfWork, text: str) -> list[LookupOption]:
    rows = sorted(list_assignable_staff(uow), key=lambda row: row.id != uow.actor.id)
    prefix = text.strip().casefold()
    matches = (
        row
        for row in rows
        if any(word.startswith(prefix) for word in row.full_name.casefold().split())
        or row.full_name.casefold().startswith(prefix)
        or row.username.casefold().startswith(prefix)
    )
    shown = [row for row, _ in zip(matches, range(directory.MAX_SUGGESTIONS), strict=False)]
    absent = find_availability(uow, [row.id for row in shown])

    def detail(row: AssignableStaffRow) -> str:
        if row.id in absent:
            return describe_absence(absent[row.id], uow.time_zone)
        return texts.DESK_ME if row.id == uow.actor.id else ""

    return [_person_option(row, detail(row)) for row in shown]


def _match_by_name(rows: Sequence[NamedRow], text: str = "") -> list[LookupOption]:
    search = text.strip().casefold()
    return [LookupOption(str(row.id), row.name) for row in rows if search in row.name.casefold()]


def _find_contacts(uow: UnitOfWork, text: str, company_id: int = 0) -> list[LookupOption]:
    """Return contacts that match the text: of a company, or of all."""
    rows = customers.search_contacts(
        uow, text, directory.MAX_SUGGESTIONS, company_id=company_id or None
    )
    return [
        LookupOption(
            str(row.id),
            row.name
            if company_id or not row.company_name
            else texts.contact_with_company(row.name, row.company_name),
        )
        for row in rows
    ]


LOOKUPS: Final[dict[str, Callable[[UnitOfWork, str], list[LookupOption]]]] = {
    "staff": _find_staff,
    "company": lambda uow, text: _match_by_name(directory.search_companies(uow, text)),
    "tag": lambda uow, text: [LookupOption(tag, tag) for tag in tags.find_tags(uow, text)],
    "department": lambda uow, text: _match_by_name(directory.list_departments(uow), text)[
        : directory.MAX_SUGGESTIONS
    ],
    "contact": _find_contacts,
    "team": lambda uow, text: _match_by_name(directory.list_teams(uow), text)[
        : directory.MAX_SUGGESTIONS
    ],
    "requester": lambda uow, text: [
        _person_option(row, row.email) for row in directory.search_people(uow, text)
    ],
}


class LookupMenu(rx.State):
    """The options of the open lookup; only one is open at a time."""

    options: list[LookupOption] = []
    kind: str = ""
    query: str = ""

    _company_id: int = 0
    """The company whose contacts are looked up; 0 for all."""

    @bridge.event
    async def open_menu(self, kind: str, is_open: bool, company_id: int = 0) -> None:
        """Load the first options when a lookup opens; clear them when it closes."""
        self.query, self._company_id = "", company_id
        self.kind = kind if is_open and kind in LOOKUPS else ""
        self.options = await bridge.read(self, self._find, "") if self.kind else []

    def _find(self, uow: UnitOfWork, text: str) -> list[LookupOption]:
        if self.kind == "contact":
            return _find_contacts(uow, text, self._company_id)
        return LOOKUPS[self.kind](uow, text)

    @bridge.event
    async def find(self, text: str) -> None:
        """Load the options that match the text."""
        if self.kind:
            query = text[:100]
            self.options = await bridge.read(self, self._find, query)
            self.query = query


def option_button(
    entry: rx.Var[LookupOption], on_choose: OnChoose, *, closes_menu: bool = True
) -> rx.Component:
    """Return the button that chooses an option; see `lookup_list` for `closes_menu`."""
    button = rx.el.button(
        rx.cond(
            entry.initials,
            w.person_name(entry.initials, entry.label, entry.color),
            rx.el.span(entry.label, class_name="truncate", dir="auto"),
        ),
        rx.el.small(entry.detail, class_name="text-muted truncate", dir="auto"),
        type="button",
        class_name="search-result",
        on_click=on_choose(entry),
        data_search_result="true",
        key=entry.value,
    )
    return rx.popover.close(button, key=entry.value) if closes_menu else button


def lookup_list(
    kind: LookupKind,
    label: str,
    on_choose: OnChoose,
    *leading_options: rx.Component,
    title: rx.Component | None = None,
    closes_menu: bool = True,
) -> rx.Component:
    """Return the search field and its options below `leading_options`.

    `title` names what the choice changes ("Assignee of BUG-15"). `closes_menu` is for a popover
    that a choice closes.
    """
    return OptionList.create(
        *([w.menu_title(title)] if title is not None else []),
        rx.el.input(
            type="search",
            placeholder=label,
            aria_label=label,
            class_name="input",
            auto_complete="off",
            dir="auto",
            on_change=LookupMenu.find.debounce(150),
        ),
        rx.el.div(
            *leading_options,
            rx.cond(
                LookupMenu.kind == kind,
                rx.fragment(
                    rx.foreach(
                        LookupMenu.options,
                        lambda entry: option_button(entry, on_choose, closes_menu=closes_menu),
                    ),
                    rx.cond(
                        LookupMenu.options.length() == 0,
                        rx.el.p(texts.LOOKUP_NO_MATCHES, class_name="text-muted no-results"),
                    ),
                ),
            ),
            class_name="search-results",
        ),
        answered_for=LookupMenu.query,
        class_name="search-picker",
    )


def lookup_menu(
    trigger: rx.Component,
    kind: LookupKind,
    label: str,
    on_choose: OnChoose,
    *leading_options: rx.Component,
    title: rx.Component | None = None,
    company_id: rx.Var[int] | int = 0,
) -> rx.Component:
    """Return a button that opens a lookup; `on_choose(option)` returns the event.

    Contacts are those of the company with this id, or of all.
    """
    return w.popover_root(
        rx.popover.trigger(trigger),
        rx.popover.content(
            lookup_list(kind, label, on_choose, *leading_options, title=title),
            size="1",
            width="260px",
        ),
        on_open_change=lambda is_open: LookupMenu.open_menu(kind, is_open, company_id),
    )


def extra_option(label: Text, on_click: rx.event.EventType, *, icon: str = "") -> rx.Component:
    """Return an option above the results, such as "Unassigned" or "No company"."""
    return rx.popover.close(
        rx.el.button(
            *([rx.icon(icon, size=14)] if icon else []),
            rx.el.span(label, class_name="truncate"),
            type="button",
            class_name="search-result",
            on_click=on_click,
        )
    )
