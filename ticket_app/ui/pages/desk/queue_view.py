"""The queue: filters over a list of tickets, and what can be done to them without opening one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.tickets.transitions import NEEDS
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.components.fresh_rows import FreshRowsButton
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk.finder import find_menu, found_list, plain_choice
from ticket_app.ui.pages.desk.frame import desk_page, new_button
from ticket_app.ui.pages.desk.queue_state import CHOOSE, Queue
from ticket_app.ui.pages.desk.views import FACTS, ME, NOBODY
from ticket_app.ui.widgets.signs import kind_mark, priority_mark, status_mark

SLA_FACTS = ("sla_met", "sla_breached", "response_met", "response_breached")
SORTS = (
    ("updated", "Last change"),
    ("created", "Created"),
    ("priority", "Priority"),
    ("due", "Due"),
    ("status", "Status"),
)


def _tick(is_on: Any) -> rx.Component:
    return rx.cond(
        is_on,
        rx.el.span(
            rx.icon("check", size=14), rx.el.span("chosen", class_name="hear"), class_name="tick"
        ),
    )


def _words(what: str, label: str, shown: Any, chosen: Any, looks: dict[str, Any]) -> rx.Component:
    mark = {"status": status_mark, "priority": priority_mark, "kind": kind_mark}[what]
    return w.filter_chip(
        label,
        shown,
        *(
            rx.dropdown_menu.item(
                mark(**{what: word}),
                look.word,
                _tick(chosen.contains(word)),
                on_select=Queue.toggle(what, word),
            )
            for word, look in looks.items()
        ),
        on=shown != "",
    )


def _chip(label: str, shown: Any) -> rx.Component:
    return rx.el.button(
        rx.cond(
            shown != "", rx.el.span(f"{label}: ", rx.el.b(shown, dir="auto")), rx.el.span(label)
        ),
        rx.icon("chevron-down", size=12),
        type="button",
        class_name="filter",
        data_on=rx.cond(shown != "", "true", "false"),
    )


def _form_chip(label: str, shown: Any, on_submit: Any, *fields: rx.Component) -> rx.Component:
    return w.popover_root(
        rx.popover.trigger(_chip(label, shown)),
        rx.popover.content(
            rx.el.form(
                *fields,
                rx.el.div(
                    rx.popover.close(w.button("Apply", look="primary", submit=True)),
                    class_name="end",
                ),
                on_submit=on_submit,
                class_name="small-form",
            ),
            size="1",
            width="240px",
        ),
    )


def _labelled(label: str, field: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label), field)


def _day_input(name: str, label: str, day: Any) -> rx.Component:
    """A day of the filter; another address brings another field, with its own start value."""
    return w.text_input(name, sort="date", value=day, aria_label=label, key=day)


def filters() -> list[rx.Component]:
    """The filters as chips; each opens its menu."""
    chips = Queue.chips
    return [
        rx.foreach(chips.extras, _extra),
        _words("status", "Status", chips.status, chips.statuses, theme.STATUS),
        _words("priority", "Priority", chips.priority, chips.priorities, theme.PRIORITY),
        rx.cond(
            ~chips.fixed_assignee,
            find_menu(
                _chip("Assignee", chips.assignee),
                "staff",
                "Find somebody",
                lambda entry: Queue.narrow_to_person(entry.value),
                plain_choice("Anybody", Queue.narrow("assignee", "")),
                plain_choice("Me", Queue.narrow("assignee", ME), icon="user"),
                plain_choice("Nobody", Queue.narrow("assignee", NOBODY), icon="user-x"),
            ),
        ),
        _words("kind", "Kind", chips.kind, chips.kinds, theme.KIND),
        find_menu(
            _chip("Company", chips.company),
            "company",
            "Find a company",
            lambda entry: Queue.narrow("company", entry.value),
            plain_choice("Any company", Queue.narrow("company", "")),
        ),
        find_menu(
            _chip("Tag", chips.tag),
            "tag",
            "Find a tag",
            lambda entry: Queue.narrow("tag", entry.value),
            plain_choice("Any tag", Queue.narrow("tag", "")),
        ),
        _form_chip(
            "Created",
            chips.dates,
            Queue.narrow_dates,
            _labelled(
                "From",
                _day_input("since", "From", chips.since),
            ),
            _labelled("To", _day_input("until", "To", chips.until)),
        ),
        w.menu_root(
            rx.dropdown_menu.trigger(_chip("SLA", "")),
            rx.dropdown_menu.content(
                *(
                    rx.dropdown_menu.item(
                        FACTS[name],
                        _tick(chips.facts.contains(name)),
                        on_select=Queue.toggle_fact(name),
                    )
                    for name in SLA_FACTS
                ),
                size="1",
            ),
        ),
        _form_chip(
            "Section",
            chips.section,
            Queue.narrow_section,
            _labelled("Section", w.text_input("section", value=chips.section, key=chips.section)),
        ),
    ]


def _extra(extra: Any) -> rx.Component:
    """A filter that came with a link; one click takes it off."""
    return rx.el.button(
        rx.el.b(extra.text),
        rx.icon("x", size=12),
        type="button",
        class_name="filter",
        data_on="true",
        on_click=Queue.drop(extra.name),
        title="Remove this filter",
        key=extra.name,
    )


def _sort_menu() -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(w.icon_button("arrow-up-down", "Sort")),
        rx.dropdown_menu.content(
            *(
                rx.dropdown_menu.item(
                    word, _tick(Queue.sort == sort), on_select=Queue.sort_by(sort)
                )
                for sort, word in SORTS
            ),
            size="1",
            align="end",
        ),
    )


def header() -> rx.Component:
    """The view's name, its filters, search, sort, and New ticket."""
    return w.desk_header(
        Queue.heading,
        *filters(),
        tools=(
            rx.cond(
                Queue.chips.any,
                rx.el.button(
                    "Clear", type="button", class_name="filter quiet", on_click=Queue.clear
                ),
            ),
            rx.el.div(
                w.search_field("Search tickets", on_enter=Queue.open_number),
                class_name="desk-search",
            ),
            _sort_menu(),
            new_button(),
        ),
    )


def _row(ticket: Any) -> rx.Component:
    line = w.queue_row(
        to=ticket.href,
        number=ticket.number,
        title=ticket.title,
        words=ticket.words,
        status=ticket.status,
        priority=ticket.priority,
        tags=ticket.tags,
        due=ticket.clock.due,
        due_state=ticket.clock.state,
        due_since=ticket.clock.since,
        due_goal=ticket.clock.goal,
        assignee=ticket.assignee,
        assignee_initials=ticket.assignee_initials,
        assignee_color=ticket.assignee_color,
        updated_at=ticket.updated_at,
        done=ticket.done,
        selected=Queue.peek.id == ticket.id,
        marked=Queue.marked.contains(ticket.id),
        on_mark=Queue.mark(ticket.id),
        actions=(
            w.icon_button(
                "hand", "Assign to me", size="small", on_click=Queue.take(ticket.id, ticket.version)
            ),
            w.icon_button(
                "circle-dot",
                "Status",
                size="small",
                on_click=Queue.choose("status", ticket.id),
                data_row_shortcut="s",
            ),
            w.icon_button(
                "signal",
                "Priority",
                size="small",
                on_click=Queue.choose("priority", ticket.id),
                data_row_shortcut="p",
            ),
            w.icon_button(
                "user-plus",
                "Assign",
                size="small",
                on_click=Queue.choose("assignee", ticket.id),
                data_row_shortcut="a",
            ),
            w.icon_button(
                "eye", "Peek", size="small", on_click=Queue.look(ticket.id), data_peek="true"
            ),
        ),
    )
    line.key = ticket.id
    return line


def _sort(column: str, sort: str, label: Any) -> tuple[str, rx.Component]:
    return column, w.sort_button(
        label, on=Queue.sort == sort, down=Queue.down, on_click=Queue.sort_by(sort)
    )


def _heard(word: str) -> rx.Component:
    return rx.el.span(word, class_name="hear")


def _list() -> rx.Component:
    return w.queue(
        rx.foreach(Queue.rows, _row),
        sorts=(
            _sort("status", "status", _heard("Status")),
            _sort("priority", "priority", _heard("Priority")),
            _sort("key", "number", "Number"),
            _sort("sla", "due", "Due"),
            _sort("age", "updated", "Changed"),
        ),
        marking=Queue.marked.length() > 0,
    )


def _news() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Queue.fresh > 0,
            FreshRowsButton.create(
                rx.icon("arrow-up", size=12),
                Queue.fresh,
                " new",
                class_name="news",
                on_click=Queue.show_news,
            ),
        ),
        role="status",
        class_name="news-place",
    )


def _bulk() -> rx.Component:
    return rx.cond(
        Queue.marked.length() > 0,
        w.bulk_bar(
            rx.cond(
                (Queue.marked.length() > 1) & (Queue.marked.length() == Queue.rows.length()),
                rx.cond(Queue.is_cut, "First ", "All "),
                "",
            ).to(str)
            + Queue.marked.length().to_string()
            + rx.match(
                rx.cond(Queue.marked.length() == Queue.rows.length(), "all", "some"),
                (
                    "all",
                    rx.cond(Queue.is_whole, " in this view selected", " on this page selected"),
                ),
                " selected",
            ).to(str),
            w.button(
                "Assign", icon="user-plus", on_click=Queue.choose("assignee", 0), data_shortcut="a"
            ),
            w.button(
                "Status", icon="circle-dot", on_click=Queue.choose("status", 0), data_shortcut="s"
            ),
            w.button(
                "Priority", icon="signal", on_click=Queue.choose("priority", 0), data_shortcut="p"
            ),
            w.button(
                "Delete", icon="trash-2", look="danger", on_click=Queue.delete_chosen(Queue.marked)
            ),
            rx.cond(
                Queue.marked.length() < Queue.rows.length(),
                w.button("Select page", look="quiet", on_click=Queue.mark_all),
                rx.cond(
                    Queue.more_words != "",
                    w.button(Queue.more_words, look="quiet", on_click=Queue.mark_whole),
                ),
            ),
            w.icon_button(
                "x", "Clear the selection", on_click=Queue.unmark, data_shortcut="Escape"
            ),
        ),
    )


def _option(mark: rx.Component, word: str, what: str, value: str) -> rx.Component:
    return rx.el.button(
        mark,
        rx.el.span(word),
        type="button",
        class_name="found",
        on_click=Queue.give(OpenDialog.seen, what, value),
    )


def _options() -> rx.Component:
    return rx.match(
        Queue.choosing,
        (
            "status",
            OptionList.create(
                *(
                    _option(status_mark(status=word), look.word, "status", word)
                    for word, look in theme.STATUS.items()
                    if word not in NEEDS
                ),
                class_name="founds",
            ),
        ),
        (
            "priority",
            OptionList.create(
                *(
                    _option(priority_mark(priority=word), look.word, "priority", word)
                    for word, look in reversed(theme.PRIORITY.items())
                ),
                class_name="founds",
            ),
        ),
        rx.fragment(),
    )


def _chooser() -> rx.Component:
    return dialog_root(
        CHOOSE,
        rx.dialog.content(
            rx.dialog.title(
                rx.match(
                    Queue.choosing,
                    ("status", "Status"),
                    ("priority", "Priority"),
                    "Assignee",
                ),
                " of ",
                Queue.choosing_for,
                size="2",
                margin_bottom="12px",
            ),
            rx.cond(Queue.choosing == "assignee", _assignees(), _options()),
            max_width="320px",
            aria_describedby="",
        ),
    )


def _assignees() -> rx.Component:
    return found_list(
        "staff",
        "Find somebody",
        lambda entry: Queue.give(OpenDialog.seen, "assignee", entry.value),
        rx.el.button(
            rx.icon("user-x", size=14),
            rx.el.span("Nobody"),
            type="button",
            class_name="found",
            on_click=Queue.give(OpenDialog.seen, "assignee", ""),
        ),
        closes=False,
    )


def _peek() -> rx.Component:
    ticket = Queue.peek
    return rx.cond(
        ticket.id > 0,
        rx.el.aside(
            rx.el.header(
                w.key(ticket.number, copy=True),
                rx.el.span(
                    w.icon_button(
                        "x",
                        "Close",
                        size="small",
                        on_click=Queue.close_peek,
                        data_shortcut="Escape",
                    ),
                    class_name="end",
                ),
            ),
            rx.el.h2(
                w.link(ticket.title, to=ticket.href, dir="auto"),
                class_name="ticket-title",
                dir="auto",
            ),
            rx.el.p(
                w.status_badge(ticket.status),
                w.priority_badge(ticket.priority),
                rx.cond(ticket.assignee != "", w.user_text(ticket.assignee), "Unassigned"),
                class_name="facts",
            ),
            rx.el.p(
                w.user_text(ticket.requester),
                rx.cond(ticket.company != "", rx.el.span(" · ", w.user_text(ticket.company))),
                " · ",
                w.time_ago(ticket.created_at),
                class_name="soft",
            ),
            w.prose(ticket.html),
            rx.cond(
                ticket.last_at != "",
                rx.el.section(
                    rx.el.p("Latest reply, ", w.time_ago(ticket.last_at), class_name="soft"),
                    w.prose(ticket.last_html),
                ),
            ),
            rx.el.div(
                w.button_link("Open", to=ticket.href, look="primary"),
                class_name="do",
            ),
            class_name="peek",
            aria_label="Peek",
        ),
    )


def _elsewhere() -> rx.Component:
    return rx.cond(
        Queue.elsewhere != "",
        rx.el.p(
            Queue.elsewhere,
            " more elsewhere",
            w.link("Search all tickets", to=Queue.everywhere),
            class_name="elsewhere",
            role="status",
        ),
    )


def _nothing() -> rx.Component:
    return rx.cond(
        Queue.chips.any,
        w.empty_state(
            "search",
            Queue.empty_title,
            Queue.empty_text,
            rx.cond(
                Queue.elsewhere != "",
                w.button_link("Search all tickets", to=Queue.everywhere),
                w.button(Queue.clear_words, on_click=Queue.clear),
            ),
        ),
        w.empty_state("inbox", Queue.empty_title, Queue.empty_text),
    )


OPEN_VIEW = rx.cond(Queue.heading != "", Queue.heading, "Tickets")
"""What is open, for the window's title."""


def queue_page() -> rx.Component:
    """The queue."""
    return desk_page(
        header(),
        w.server_clock(Queue.now),
        rx.cond(
            Queue.ready,
            rx.cond(
                Queue.rows.length() > 0,
                rx.fragment(
                    _news(),
                    _elsewhere(),
                    _list(),
                    w.pager(
                        Queue.shown,
                        has_previous=Queue.has_previous,
                        has_next=Queue.has_next,
                        on_previous=Queue.previous_page,
                        on_next=Queue.next_page,
                    ),
                ),
                rx.fragment(_news(), _nothing()),
            ),
            w.queue_skeleton(18),
        ),
        _bulk(),
        _peek(),
        _chooser(),
        after_undo=Queue.undone,
    )
