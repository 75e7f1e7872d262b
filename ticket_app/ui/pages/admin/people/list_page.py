"""The list of people; search and filters are in the address."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.people import invitation_texts
from ticket_app.ui.pages.admin.people.edit_dialog import PersonDialog, person_dialog
from ticket_app.ui.pages.admin.people.invite_dialog import (
    InviteDialog,
    invitation_menu,
    invite_dialog,
)
from ticket_app.ui.pages.admin.people.rows import PAGE_SIZE, ROLE_NAMES, PersonRow, people_rows
from ticket_app.ui.pages.admin.records.pages import people_tabs

ACTIVE_FILTERS: Final = {
    "": texts.PEOPLE_FILTER_ALL,
    "yes": texts.PEOPLE_FILTER_ACTIVE,
    "no": texts.PEOPLE_INACTIVE,
}


class PeopleList(rx.State):
    """One page of people."""

    rows: list[PersonRow] = []
    role: str = ""
    active: str = ""
    page: int = 1
    range_text: str = ""
    has_more: bool = False
    is_loaded: bool = False
    denied_reason: str = ""

    _search: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load the people that the address asks for."""
        params = self.router.url.query_parameters
        self._search = params.get("q", "")[:200]
        self.role = params.get("role", "") if params.get("role", "") in ROLE_NAMES else ""
        self.active = params.get("active", "") if params.get("active", "") in ACTIVE_FILTERS else ""
        page = params.get("page", "")
        self.page = int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1
        self.denied_reason = ""
        try:
            await self._load_rows()
        except Forbidden as error:
            self.rows, self.denied_reason = [], error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        self.rows, total = await bridge.read(
            self, people_rows, self._search, self.role, self.active, self.page
        )
        first = (self.page - 1) * PAGE_SIZE
        last = first + len(self.rows)
        self.range_text = texts.people_range(first + 1, last, total) if self.rows else ""
        self.has_more = last < total

    @bridge.event
    async def refresh(self) -> None:
        """Reload the list after a change."""
        await self._load_rows()

    def _href(self, **changes: str) -> str:
        current = {"q": self._search, "role": self.role, "active": self.active}
        return routes.admin_people(**{**current, **changes})

    @bridge.event
    def filter_by(self, name: str, value: str) -> bridge.Events:
        """Filter by role or by whether people can sign in."""
        if name in ("role", "active"):
            return rx.redirect(self._href(**{name: value[:20]}))
        return None

    @bridge.event
    def turn_page(self, step: int) -> bridge.Events:
        """Go to the previous or next page."""
        page = self.page + (1 if step > 0 else -1)
        return rx.redirect(self._href(page=str(page) if page > 1 else ""))


def role_label(role: rx.Var[str]) -> rx.Component:
    """Return the name of a role."""
    labels = ((name, rx.fragment(word)) for name, word in ROLE_NAMES.items())
    return rx.match(role, *labels, rx.fragment(role))


def _person_item(row: rx.Var[PersonRow]) -> rx.Component:
    return rx.el.li(
        w.avatar(row.initials, row.name, row.color, size=24),
        rx.el.div(
            rx.el.button(
                rx.el.b(row.name, class_name="truncate", dir="auto"),
                type="button",
                class_name="row-button truncate",
                title=row.name,
                on_click=PersonDialog.edit(row.id),
            ),
            rx.el.span(
                row.username,
                rx.el.span(" · ", row.email),
                class_name="text-muted text-small truncate",
            ),
            class_name="person-main",
        ),
        rx.el.span(
            rx.el.span(role_label(row.role), class_name="truncate"),
            rx.cond(row.has_own_permissions, w.chip(texts.PEOPLE_OWN_PERMISSIONS, outline=True)),
            class_name="person-role",
        ),
        rx.el.span(row.department, class_name="text-muted truncate person-department", dir="auto"),
        rx.el.span(
            rx.cond(
                row.is_invited,
                invitation_menu(row, PeopleList.refresh),
            ),
            rx.cond(
                row.is_active & ~row.is_invited,
                rx.cond(
                    row.last_sign_in_at != "",
                    rx.el.span(w.time_ago(row.last_sign_in_at), title=texts.PEOPLE_LAST_SIGN_IN),
                    rx.el.span(texts.PEOPLE_NEVER_SIGNED_IN),
                ),
                rx.cond(row.is_active, rx.fragment(), w.chip(texts.PEOPLE_INACTIVE, "amber")),
            ),
            class_name="text-muted text-small person-last-seen",
        ),
        class_name="person-row",
        data_inactive=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def _filters() -> rx.Component:
    def items(name: str, options: dict[str, str]) -> list[rx.Component]:
        return [
            rx.dropdown_menu.item(word, on_select=PeopleList.filter_by(name, value))
            for value, word in options.items()
        ]

    role = rx.match(PeopleList.role, *((name, word) for name, word in ROLE_NAMES.items()), "")
    active = rx.match(
        PeopleList.active, *((name, word) for name, word in ACTIVE_FILTERS.items()), ""
    )
    return rx.el.div(
        w.search_field(texts.PEOPLE_SEARCH),
        w.filter_chip(
            texts.PEOPLE_ROLE,
            role,
            *items("role", {"": texts.PEOPLE_ANY_ROLE, **ROLE_NAMES}),
            is_active=PeopleList.role != "",
        ),
        w.filter_chip(
            texts.PEOPLE_STATUS,
            active,
            *items("active", ACTIVE_FILTERS),
            is_active=PeopleList.active != "",
        ),
        class_name="settings-filters",
    )


def people_page() -> rx.Component:
    invite = w.button(
        invitation_texts.INVITE, variant="primary", icon="mail", on_click=InviteDialog.show
    )
    add = w.button(texts.PEOPLE_ADD, icon="plus", on_click=PersonDialog.add)
    return settings_page(
        routes.ADMIN_PEOPLE,
        rx.el.section(people_tabs(routes.ADMIN_PEOPLE), _filters()),
        rx.cond(
            PeopleList.rows,
            rx.el.div(
                rx.el.ul(
                    rx.foreach(PeopleList.rows, _person_item),
                    class_name="list-unstyled delivery-list",
                ),
                w.pager(
                    PeopleList.range_text,
                    has_previous=PeopleList.page > 1,
                    has_next=PeopleList.has_more,
                    on_previous=PeopleList.turn_page(-1),
                    on_next=PeopleList.turn_page(1),
                ),
            ),
            w.empty_state(
                "users",
                texts.PEOPLE_EMPTY_TITLE,
                texts.PEOPLE_EMPTY_HINT,
                w.button_link(texts.PEOPLE_CLEAR, to=routes.ADMIN_PEOPLE),
            ),
        ),
        person_dialog(PeopleList.refresh),
        invite_dialog(PeopleList.refresh),
        ready=PeopleList.is_loaded,
        denied_reason=PeopleList.denied_reason,
        tools=(invite, add),
    )
