"""The settings pages for the organisation, the customers and new tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.admin import texts as admin_texts
from ticket_app.ui.pages.admin.records import organisation, tags, texts, ticket_settings
from ticket_app.ui.pages.admin.records.kinds import RecordKind
from ticket_app.ui.pages.admin.records.state import RecordDialog, RecordList
from ticket_app.ui.pages.admin.records.view import RowItems, record_page

PEOPLE_TABS: Final = (
    (routes.ADMIN_PEOPLE, admin_texts.PEOPLE_TITLE),
    (routes.ADMIN_ROLES, admin_texts.PEOPLE_ROLES),
    (routes.ADMIN_DEPARTMENTS, texts.DEPARTMENTS),
    (routes.ADMIN_TEAMS, texts.TEAMS),
    (routes.ADMIN_COMPANIES, texts.COMPANIES),
    (routes.ADMIN_CONTACTS, texts.CONTACTS),
)
TICKET_TABS: Final = (
    (routes.ADMIN_TEMPLATES, texts.TEMPLATES),
    (routes.ADMIN_ROUTING, texts.ROUTING),
    (routes.ADMIN_SECTIONS, texts.SECTIONS),
    (routes.ADMIN_TAGS, texts.TAGS),
)


def people_tabs(current_path: str) -> rx.Component:
    """Return the tabs of the people, the organisation and the customers."""
    return _tabs(PEOPLE_TABS, current_path, texts.TABS_PEOPLE)


def _tabs(tabs: Sequence[tuple[str, str]], current_path: str, label: str) -> rx.Component:
    return w.tab_links(
        *(w.tab_link(name, to=path, is_current=path == current_path) for path, name in tabs),
        label=label,
    )


def _organisation_page(
    kind: RecordKind, rows: type[RecordList], dialog: type[RecordDialog], icon: str
) -> rx.Component:
    return record_page(
        kind,
        rows,
        dialog,
        people_tabs(kind.path),
        current_path=routes.ADMIN_PEOPLE,
        icon=icon,
    )


def _ticket_page(
    kind: RecordKind,
    rows: type[RecordList],
    dialog: type[RecordDialog],
    icon: str,
    *more_dialogs: rx.Component,
    row_items: RowItems = lambda _row: (),
) -> rx.Component:
    return record_page(
        kind,
        rows,
        dialog,
        _tabs(TICKET_TABS, kind.path, texts.TABS_TICKETS),
        *more_dialogs,
        current_path=routes.ADMIN_TEMPLATES,
        icon=icon,
        row_items=row_items,
    )


def departments_page() -> rx.Component:
    return _organisation_page(
        organisation.DEPARTMENTS,
        organisation.DepartmentList,
        organisation.DepartmentDialog,
        "building-2",
    )


def teams_page() -> rx.Component:
    return _organisation_page(
        organisation.TEAMS, organisation.TeamList, organisation.TeamDialog, "users"
    )


def companies_page() -> rx.Component:
    return _organisation_page(
        organisation.COMPANIES, organisation.CompanyList, organisation.CompanyDialog, "building"
    )


def contacts_page() -> rx.Component:
    return _organisation_page(
        organisation.CONTACTS, organisation.ContactList, organisation.ContactDialog, "contact"
    )


def templates_page() -> rx.Component:
    return _ticket_page(
        ticket_settings.TEMPLATES,
        ticket_settings.TemplateList,
        ticket_settings.TemplateDialog,
        "file-text",
    )


def routing_page() -> rx.Component:
    return _ticket_page(
        ticket_settings.RULES,
        ticket_settings.RoutingRuleList,
        ticket_settings.RoutingRuleDialog,
        "route",
    )


def sections_page() -> rx.Component:
    return _ticket_page(
        ticket_settings.SECTIONS,
        ticket_settings.SectionList,
        ticket_settings.SectionDialog,
        "layers",
    )


def tags_page() -> rx.Component:
    return _ticket_page(
        tags.TAGS,
        tags.TagList,
        tags.TagDialog,
        "tag",
        tags.tag_merge_dialog(tags.TagList.refresh),
        row_items=lambda row: (
            rx.dropdown_menu.item(
                texts.TAG_MERGE_ITEM, on_select=tags.TagMergeDialog.open_for(row.id)
            ),
        ),
    )


def add_pages(app: PageRegistry, layout_events: Sequence[rx.event.EventType]) -> None:
    """Add the pages; `layout_events` load what surrounds them."""
    for route, page, title, load in (
        (
            routes.ADMIN_DEPARTMENTS,
            departments_page,
            texts.DEPARTMENTS,
            organisation.DepartmentList.load,
        ),
        (routes.ADMIN_TEAMS, teams_page, texts.TEAMS, organisation.TeamList.load),
        (routes.ADMIN_COMPANIES, companies_page, texts.COMPANIES, organisation.CompanyList.load),
        (routes.ADMIN_CONTACTS, contacts_page, texts.CONTACTS, organisation.ContactList.load),
        (
            routes.ADMIN_TEMPLATES,
            templates_page,
            texts.TEMPLATES,
            ticket_settings.TemplateList.load,
        ),
        (routes.ADMIN_ROUTING, routing_page, texts.ROUTING, ticket_settings.RoutingRuleList.load),
        (routes.ADMIN_SECTIONS, sections_page, texts.SECTIONS, ticket_settings.SectionList.load),
        (routes.ADMIN_TAGS, tags_page, texts.TAGS, tags.TagList.load),
    ):
        app.add_page(
            page,
            route=route,
            title=w.window_title(title),
            on_load=[CurrentUser.load_staff, load, *layout_events],
        )
