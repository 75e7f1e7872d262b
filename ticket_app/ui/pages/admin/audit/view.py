"""The audit log: who changed what, when and from where."""

from __future__ import annotations

from collections.abc import Mapping

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.address_field import address_field
from ticket_app.ui.pages.admin.audit import texts
from ticket_app.ui.pages.admin.audit.rows import (
    CHANNEL_LABELS,
    FIELD_LABELS,
    KIND_LABELS,
    AuditLogRow,
)
from ticket_app.ui.pages.admin.audit.state import AuditLog
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.desk.lookup import extra_option, lookup_menu


def _choice_filter(
    name: str, label: str, shown: rx.Var[str], any_label: str, options: Mapping[str, str]
) -> rx.Component:
    return w.filter_chip(
        label,
        shown,
        *(
            rx.dropdown_menu.item(word, on_select=AuditLog.filter_by(name, value))
            for value, word in {"": any_label, **options}.items()
        ),
        is_active=shown != "",
    )


def _person_filter() -> rx.Component:
    button = rx.el.button(
        rx.cond(
            AuditLog.person != "",
            rx.el.span(f"{texts.PERSON}: ", rx.el.b(AuditLog.person, dir="auto")),
            rx.el.span(texts.PERSON),
        ),
        rx.icon("chevron-down", size=12),
        type="button",
        class_name="filter-button",
        data_active=rx.cond(AuditLog.person != "", "true", "false"),
    )
    return lookup_menu(
        button,
        "requester",
        texts.SEARCH_PEOPLE,
        lambda entry: AuditLog.filter_by("person", entry.value),
        extra_option(texts.ANY_PERSON, AuditLog.filter_by("person", "")),
    )


def _day_field(name: str, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="text-muted text-small"),
        address_field(name, type="date", class_name="input", aria_label=label),
        class_name="audit-day",
    )


def _filters() -> rx.Component:
    return rx.el.div(
        w.search_field(texts.SEARCH),
        _person_filter(),
        _choice_filter("kind", texts.KIND, AuditLog.kind, texts.ANY_KIND, KIND_LABELS),
        _choice_filter("field", texts.FIELD, AuditLog.field, texts.ANY_FIELD, FIELD_LABELS),
        _choice_filter(
            "channel", texts.CHANNEL, AuditLog.channel, texts.ANY_CHANNEL, CHANNEL_LABELS
        ),
        address_field(
            "ticket",
            class_name="input audit-ticket",
            placeholder=texts.TICKET_EXAMPLE,
            dir="auto",
            aria_label=texts.TICKET,
            auto_complete="off",
            max_length=60,
        ),
        _day_field("since", texts.SINCE),
        _day_field("until", texts.UNTIL),
        rx.cond(AuditLog.has_filters, w.button_link(texts.CLEAR, to=routes.ADMIN_AUDIT)),
        class_name="settings-filters",
    )


def _who(row: rx.Var[AuditLogRow]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            row.initials != "",
            w.avatar(row.initials, row.who, row.color, size=20),
            rx.icon("settings-2", size=16, class_name="text-muted"),
        ),
        rx.cond(
            row.person_id != "",
            rx.el.button(
                row.who,
                type="button",
                class_name="audit-person truncate",
                title=row.who,
                dir="auto",
                on_click=AuditLog.filter_by("person", row.person_id),
            ),
            rx.el.span(row.who, class_name="truncate", dir="auto"),
        ),
        class_name="audit-who",
    )


def _subject(row: rx.Var[AuditLogRow]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            row.subject_type != "", rx.el.span(row.subject_type, class_name="text-muted text-small")
        ),
        rx.cond(
            row.href != "",
            w.link(row.subject, to=row.href, class_name="audit-subject"),
            rx.el.span(row.subject, class_name="audit-subject truncate", dir="auto"),
        ),
        rx.cond(
            row.title != "",
            rx.el.span(row.title, class_name="text-muted truncate", title=row.title, dir="auto"),
        ),
        rx.cond(row.is_in_trash, w.chip(texts.IN_TRASH, outline=True)),
        rx.cond(row.is_internal, w.chip(texts.INTERNAL, outline=True)),
    )


def _value(label: str, value: rx.Var[str]) -> rx.Component:
    return rx.cond(
        value != "",
        rx.el.span(
            rx.el.span(label, " ", class_name="visually-hidden"),
            value,
            class_name="audit-value",
            dir="auto",
        ),
        rx.el.span(
            rx.el.span(label, " ", class_name="visually-hidden"),
            texts.EMPTY_VALUE,
            class_name="audit-value text-muted",
        ),
    )


def _values(row: rx.Var[AuditLogRow]) -> rx.Component:
    return rx.cond(
        row.has_values,
        rx.el.div(
            _value(texts.FROM_VALUE, row.old),
            rx.icon("arrow-right", size=12, class_name="text-muted"),
            _value(texts.TO_VALUE, row.new),
            class_name="audit-values text-small",
        ),
        rx.cond(
            row.new != "",
            rx.el.div(
                rx.el.span(row.new, class_name="audit-value", dir="auto"),
                class_name="audit-values text-small",
            ),
        ),
    )


def _entry(row: rx.Var[AuditLogRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(w.time_ago(row.at), class_name="audit-time text-muted text-small"),
        _who(row),
        rx.el.div(
            rx.el.div(rx.el.b(row.action), _subject(row), class_name="audit-what"),
            _values(row),
            class_name="audit-main",
        ),
        rx.el.div(
            rx.el.span(row.channel),
            rx.cond(row.address != "", rx.el.span(row.address, class_name="text-muted")),
            rx.cond(
                row.request_id != "",
                rx.el.code(row.request_id, class_name="text-muted truncate", title=row.request_id),
            ),
            class_name="audit-origin text-small",
        ),
        class_name="audit-row",
        key=row.id,
    )


def _paging() -> rx.Component:
    return rx.el.div(
        rx.cond(
            AuditLog.is_later_page,
            w.button(texts.NEWEST, icon="chevrons-left", on_click=AuditLog.show_newest),
        ),
        rx.cond(
            AuditLog.next_cursor != "",
            w.button(texts.OLDER, icon="chevron-right", on_click=AuditLog.show_older),
        ),
        class_name="audit-paging",
    )


def _export_menu() -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(w.button(texts.EXPORT, icon="download")),
        rx.dropdown_menu.content(
            rx.dropdown_menu.item(texts.EXPORT_CSV, on_select=AuditLog.export("csv")),
            rx.dropdown_menu.item(texts.EXPORT_JSON_LINES, on_select=AuditLog.export("jsonl")),
            size="1",
        ),
    )


def audit_log_page() -> rx.Component:
    """Return the page."""
    return settings_page(
        routes.ADMIN_AUDIT,
        rx.el.section(_filters()),
        rx.cond(
            AuditLog.rows,
            rx.el.ul(rx.foreach(AuditLog.rows, _entry), class_name="list-unstyled delivery-list"),
            rx.cond(
                AuditLog.next_cursor != "",
                w.empty_state("history", texts.NOT_YET_TITLE, texts.NOT_YET_HINT),
                w.empty_state("history", texts.EMPTY_TITLE, texts.EMPTY_HINT),
            ),
        ),
        _paging(),
        ready=AuditLog.is_loaded,
        denied_reason=AuditLog.denied_reason,
        tools=(_export_menu(),),
    )
