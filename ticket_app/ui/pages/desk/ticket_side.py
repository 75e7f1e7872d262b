"""Beside a ticket: its properties, each a click away; its requester, its facts, files and kin."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.tickets.transitions import NEEDS
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.components.layout_panels import PanelToggle
from ticket_app.ui.pages.desk.approvals.panel import TicketApproval
from ticket_app.ui.pages.desk.finder import find_menu, plain_choice
from ticket_app.ui.pages.desk.merging import merged_kin
from ticket_app.ui.pages.desk.ticket_rows import SEVERITIES
from ticket_app.ui.pages.desk.ticket_state import TicketPage
from ticket_app.ui.pages.desk.views import ME
from ticket_app.ui.widgets.signs import kind_mark, status_mark

T = TicketPage.ticket


def _value(shown: Any, empty: str) -> rx.Component:
    return rx.cond(
        shown != "",
        rx.el.span(shown, class_name="cut", title=shown, dir="auto"),
        rx.el.span(empty, class_name="soft"),
    )


def _button(*shown: rx.Component, label: str, **props: Any) -> rx.Component:
    return rx.el.button(*shown, type="button", class_name="value", aria_label=label, **props)


def status_items() -> list[rx.Component]:
    """The statuses that may be chosen now, and the present one; two ask for something first."""
    asks_first = {
        "original": ("Duplicate of…", TicketPage.edit("duplicate")),
        "approvers": ("Waiting for approval…", TicketApproval.request),
    }
    special = {str(status): asks_first[need] for status, need in NEEDS.items()}
    usual = {
        word: (look.word, TicketPage.give(T.seen, "status", word))
        for word, look in theme.STATUS.items()
    }
    return [
        rx.cond(
            T.statuses.contains(word) | (T.status == word),
            rx.dropdown_menu.item(
                status_mark(status=word), label, on_select=do, disabled=T.status == word
            ),
        )
        for word, (label, do) in {**usual, **special}.items()
    ]


def _assignee() -> rx.Component:
    shown = rx.cond(
        T.assignee != "",
        w.person(T.assignee_initials, T.assignee, T.assignee_color),
        rx.el.span("Nobody", class_name="soft"),
    )
    return find_menu(
        _button(shown, label="Assignee", data_shortcut="a"),
        "staff",
        "Find somebody",
        lambda entry: TicketPage.give(T.seen, "assignee", entry.value),
        plain_choice("Nobody", TicketPage.give(T.seen, "assignee", ""), icon="user-x"),
        title=rx.fragment("Assignee of ", T.number),
    )


def _belongs(what: Any, shown: Any, label: str, none: str) -> rx.Component:
    return find_menu(
        _button(_value(shown, "None"), label=label),
        what,
        f"Find a {what}",
        lambda entry: TicketPage.belong(T.seen, what, entry.value, entry.label),
        plain_choice(none, TicketPage.belong(T.seen, what, "", "")),
        title=rx.fragment(f"{label} of ", T.number),
    )


def _due() -> rx.Component:
    return w.menu_value(
        rx.cond(
            T.due.due != "",
            w.sla_chip(T.due.due, T.due.state, T.due.since, T.due.goal),
            rx.el.span("None", class_name="soft"),
        ),
        "Due date",
        rx.dropdown_menu.item("In 4 hours", on_select=TicketPage.due_in(T.seen, "4h")),
        rx.dropdown_menu.item("In a day", on_select=TicketPage.due_in(T.seen, "1d")),
        rx.dropdown_menu.item("In two days", on_select=TicketPage.due_in(T.seen, "2d")),
        rx.dropdown_menu.item("In a week", on_select=TicketPage.due_in(T.seen, "1w")),
        rx.dropdown_menu.item("Choose a time…", on_select=TicketPage.edit("due_at")),
        rx.dropdown_menu.separator(),
        rx.dropdown_menu.item("No due date", on_select=TicketPage.due_in(T.seen, "")),
        of=T.number,
    )


def _promise(label: str, clock: Any) -> rx.Component:
    """What a service level promises; not shown where none does."""
    return rx.cond(
        clock.due != "",
        w.property_row(
            label, w.plain_value(w.sla_chip(clock.due, clock.state, clock.since, clock.goal))
        ),
    )


def _properties() -> rx.Component:
    edit = TicketPage.edit
    return w.properties(
        w.property_row(
            "Status",
            w.menu_value(
                w.status_badge(T.status), "Status", *status_items(), of=T.number, shortcut="s"
            ),
        ),
        w.property_row(
            "Priority",
            w.menu_value(
                w.priority_badge(T.priority),
                "Priority",
                *w.priority_items(lambda word: TicketPage.give(T.seen, "priority", word)),
                of=T.number,
                shortcut="p",
            ),
        ),
        w.property_row("Assignee", _assignee()),
        w.property_row("Team", _belongs("team", T.team, "Team", "No team")),
        w.property_row(
            "Kind",
            w.menu_value(
                w.kind_badge(T.kind),
                "Kind",
                *(
                    rx.dropdown_menu.item(
                        kind_mark(kind=word),
                        look.word,
                        on_select=TicketPage.set_word(T.seen, "kind", word),
                    )
                    for word, look in theme.KIND.items()
                ),
                of=T.number,
            ),
        ),
        w.property_row(
            "Severity",
            w.menu_value(
                _value(T.severity, "None"),
                "Severity",
                *(
                    rx.dropdown_menu.item(
                        word, on_select=TicketPage.set_word(T.seen, "severity", value)
                    )
                    for value, word in SEVERITIES.items()
                ),
                of=T.number,
            ),
        ),
        _promise("First reply", T.response),
        _promise("Resolution", T.resolution),
        w.property_row("Due", _due()),
        w.property_row(
            "Tags",
            _button(
                rx.cond(
                    T.tags.length() > 0,
                    rx.el.span(
                        rx.foreach(T.tags, lambda word: w.tag(word)),  # noqa: PLW0108
                        class_name="chips-wrap",
                    ),
                    rx.el.span("None", class_name="soft"),
                ),
                label="Tags",
                on_click=edit("tags"),
            ),
        ),
        w.property_row(
            "Section",
            _button(_value(T.section, "None"), label="Section", on_click=edit("section")),
        ),
        w.property_row("Company", _belongs("company", T.company, "Company", "No company")),
        w.property_row(
            "Department", _belongs("department", T.department, "Department", "No department")
        ),
    )


def _text_block(title: str, shown: Any, name: str, empty: str, *, internal: bool) -> rx.Component:
    lock = [rx.icon("lock", size=12)] if internal else []
    return rx.el.section(
        w.section_header(
            rx.fragment(*lock, title),
            w.icon_button("pencil", f"Edit {title}", size="small", on_click=TicketPage.edit(name)),
        ),
        rx.cond(
            shown != "",
            rx.el.div(w.prose(shown), class_name="text-value"),
            rx.el.p(empty, class_name="soft"),
        ),
        class_name="side-block note-block" if internal else "side-block",
    )


def _requester() -> rx.Component:
    side = TicketPage.side
    return rx.el.section(
        rx.el.h3("Requester"),
        w.person(T.requester_initials, T.requester, T.requester_color, size=24),
        rx.el.a(
            T.requester_email,
            href=rx.Var.create("mailto:") + T.requester_email,
            class_name="soft cut",
        ),
        rx.cond(T.company != "", rx.el.span(T.company, class_name="soft cut", dir="auto")),
        rx.cond(
            side.requester_since != "",
            rx.el.span("First ticket ", w.time_ago(side.requester_since), class_name="soft"),
        ),
        rx.cond(
            side.others.length() > 0,
            rx.fragment(
                rx.el.h3("Also open (", side.others_count, ")"),
                rx.el.div(rx.foreach(side.others, _related)),
            ),
        ),
        class_name="side-block",
    )


def _related(other: Any) -> rx.Component:
    return w.related_ticket(other.number, other.title, to=other.href, status=other.status)


def _links(title: str, tickets: Any) -> rx.Component:
    return rx.cond(
        tickets.length() > 0,
        rx.el.section(rx.el.h3(title), rx.foreach(tickets, _related), class_name="side-block"),
    )


def _kin() -> rx.Component:
    side = TicketPage.side
    return rx.fragment(
        rx.cond(
            side.original.length() > 0,
            rx.el.section(
                rx.el.h3("Duplicate of"),
                rx.foreach(side.original, _related),
                class_name="side-block",
            ),
        ),
        rx.cond(
            side.duplicates.length() > 0,
            rx.el.section(
                rx.el.h3("Duplicates"),
                rx.foreach(side.duplicates, _related),
                class_name="side-block",
            ),
        ),
        _links("Follow-up to", side.follow_up_of),
        _links("Follow-ups", side.follow_ups),
        merged_kin(T.id, _related),
    )


def _fact(fact: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label), rx.el.dd(fact.value, dir="auto"))


def _environment() -> rx.Component:
    return rx.cond(
        T.environment.length() > 0,
        rx.el.section(
            rx.el.h3("Environment"),
            rx.el.dl(rx.foreach(T.environment, _fact), class_name="facts-list"),
            class_name="side-block",
        ),
    )


def file_tile(file: Any) -> rx.Component:
    """A file of the ticket."""
    return w.attachment_tile(
        name=file.name,
        size=file.note,
        href=file.href,
        extension=file.extension,
        thumbnail=file.thumbnail,
        state=file.state,
        note=file.note,
    )


def _files() -> rx.Component:
    return rx.cond(
        TicketPage.files.length() > 0,
        rx.el.section(
            rx.el.h3("Files"),
            w.files(rx.foreach(TicketPage.files, file_tile)),
            class_name="side-block",
        ),
    )


def side() -> rx.Component:
    """All of it."""
    return rx.fragment(
        PanelToggle.create(
            rx.icon("x", size=16),
            panel="side",
            class_name="icon-button side-button",
            aria_label="Close the properties",
        ),
        _properties(),
        rx.el.button(
            type="button",
            hidden=True,
            tab_index=-1,
            data_shortcut="Shift+A",
            on_click=TicketPage.give(T.seen, "assignee", ME),
        ),
        _requester(),
        _kin(),
        _text_block(
            "Feedback", T.feedback, "admin_feedback", "The requester sees it.", internal=False
        ),
        _text_block("Working notes", T.notes, "internal_notes", "For staff only.", internal=True),
        _environment(),
        _files(),
    )
