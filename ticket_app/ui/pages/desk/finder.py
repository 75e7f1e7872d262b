"""Menus one types into: people, companies, tags..., at most twenty at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import reflex as rx

from ticket_app.core.people import directory, profiles
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.tickets import tags
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.rows import color_of, initials_of
from ticket_app.ui.widgets.vars import Text

Sort = Literal["staff", "company", "tag", "department", "team", "requester"]


@dataclass(frozen=True)
class Entry:
    """Something to choose: what is chosen, and how it reads."""

    value: str
    label: str
    detail: str = ""
    initials: str = ""
    color: int = 0


def _person(row: Any, detail: str = "") -> Entry:
    return Entry(
        str(row.id), row.full_name, detail, initials_of(row.full_name), color_of(row.username)
    )


def _staff(desk: Desk, text: str) -> list[Entry]:
    rows = sorted(profiles.staff(desk), key=lambda row: row.id != desk.actor.id)
    wanted = text.strip().casefold()
    named = (
        row
        for row in rows
        if any(word.startswith(wanted) for word in row.full_name.casefold().split())
        or row.full_name.casefold().startswith(wanted)
        or row.username.casefold().startswith(wanted)
    )
    return [
        _person(row, "Me" if row.id == desk.actor.id else "")
        for row, _ in zip(named, range(directory.MOST), strict=False)
    ]


def _named(rows: Any, text: str = "") -> list[Entry]:
    wanted = text.strip().casefold()
    return [Entry(str(row.id), row.name) for row in rows if wanted in row.name.casefold()]


FINDERS: Final[dict[str, Callable[[Desk, str], list[Entry]]]] = {
    "staff": _staff,
    "company": lambda desk, text: _named(directory.companies(desk, text)),
    "tag": lambda desk, text: [Entry(tag, tag) for tag in tags.find(desk, text)],
    "department": lambda desk, text: _named(directory.departments(desk), text)[: directory.MOST],
    "team": lambda desk, text: _named(directory.teams(desk), text)[: directory.MOST],
    "requester": lambda desk, text: [
        _person(row, row.email) for row in directory.people(desk, text)
    ],
}


class Finder(rx.State):
    """What the open menu offers; only one is open at a time."""

    entries: list[Entry] = []
    sort: str = ""
    asked: str = ""

    @bridge.event
    async def begin(self, sort: str, is_open: bool) -> None:
        """Offer the first entries when a menu opens; forget them when it closes."""
        self.asked = ""
        self.sort = sort if is_open and sort in FINDERS else ""
        self.entries = await bridge.read(self, FINDERS[self.sort], "") if self.sort else []

    @bridge.event
    async def look(self, text: str) -> None:
        """Offer what begins as typed."""
        if self.sort:
            asked = text[:100]
            self.entries = await bridge.read(self, FINDERS[self.sort], asked)
            self.asked = asked


def _entry(entry: Any, on_choose: Callable[[Any], Any], *, closes: bool) -> rx.Component:
    button = rx.el.button(
        rx.cond(
            entry.initials,
            w.person(entry.initials, entry.label, entry.color),
            rx.el.span(entry.label, class_name="cut", dir="auto"),
        ),
        rx.el.small(entry.detail, class_name="soft cut", dir="auto"),
        type="button",
        class_name="found",
        on_click=on_choose(entry),
        data_found="true",
        key=entry.value,
    )
    return rx.popover.close(button, key=entry.value) if closes else button


def found_list(
    sort: Sort,
    label: str,
    on_choose: Callable[[Any], Any],
    *first: rx.Component,
    title: rx.Component | None = None,
    closes: bool = True,
) -> rx.Component:
    """The field to type into and what it finds; `first` stands above (nobody, none...).

    `title` names what the choice changes ("Assignee of BUG-15").

    `closes` is for a popover, which a choice closes.
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
            on_change=Finder.look.debounce(150),
        ),
        rx.el.div(
            *first,
            rx.cond(
                Finder.sort == sort,
                rx.fragment(
                    rx.foreach(
                        Finder.entries, lambda entry: _entry(entry, on_choose, closes=closes)
                    ),
                    rx.cond(
                        Finder.entries.length() == 0,
                        rx.el.p("Nothing begins like that", class_name="soft nothing"),
                    ),
                ),
            ),
            class_name="founds",
        ),
        answered_for=Finder.asked,
        class_name="finder",
    )


def find_menu(
    trigger: rx.Component,
    sort: Sort,
    label: str,
    on_choose: Callable[[Any], Any],
    *first: rx.Component,
    title: rx.Component | None = None,
) -> rx.Component:
    """A button that opens a menu to type into; `on_choose(entry)` makes the event."""
    return w.popover_root(
        rx.popover.trigger(trigger),
        rx.popover.content(
            found_list(sort, label, on_choose, *first, title=title), size="1", width="260px"
        ),
        on_open_change=lambda is_open: Finder.begin(sort, is_open),
    )


def plain_choice(label: Text, on_click: Any, *, icon: str = "") -> rx.Component:
    """An entry above the found ones: "Nobody", "No company"."""
    return rx.popover.close(
        rx.el.button(
            *([rx.icon(icon, size=14)] if icon else []),
            rx.el.span(label, class_name="cut"),
            type="button",
            class_name="found",
            on_click=on_click,
        )
    )
