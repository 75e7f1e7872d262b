"""The list of people, searched and filtered by its address."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.frame import settings_page
from ticket_app.ui.pages.admin.people.editing import PersonDialog, person_dialog
from ticket_app.ui.pages.admin.people.rows import PAGE, ROLES, PersonRow, people_rows

ACTIVE: Final = {"": "Everybody", "yes": "May sign in", "no": "Switched off"}


class People(rx.State):
    """A page of the people, for those who manage them."""

    rows: list[PersonRow] = []
    role: str = ""
    active: str = ""
    page: int = 1
    shown: str = ""
    has_more: bool = False
    ready: bool = False
    refused: str = ""

    _words: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        self._words = asked.get("q", "")[:200]
        self.role = asked.get("role", "") if asked.get("role", "") in ROLES else ""
        self.active = asked.get("active", "") if asked.get("active", "") in ACTIVE else ""
        page = asked.get("page", "")
        self.page = int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1
        self.refused = ""
        try:
            await self._fill()
        except Forbidden as no:
            self.rows, self.refused = [], no.message
        self.ready = True

    async def _fill(self) -> None:
        self.rows, total = await bridge.read(
            self, people_rows, self._words, self.role, self.active, self.page
        )
        first = (self.page - 1) * PAGE
        last = first + len(self.rows)
        self.shown = f"{first + 1:,}–{last:,} of {total:,}" if self.rows else ""
        self.has_more = last < total

    @bridge.event
    async def refresh(self) -> None:
        """Show what was changed."""
        await self._fill()

    def _address(self, **other: str) -> str:
        now = {"q": self._words, "role": self.role, "active": self.active}
        return routes.admin_people(**{**now, **other})

    @bridge.event
    def choose(self, what: str, value: str) -> Any:
        """Those of a role, or who may sign in or not."""
        if what in ("role", "active"):
            return rx.redirect(self._address(**{what: value[:20]}))
        return None

    @bridge.event
    def turn_page(self, step: int) -> Any:
        """The people before or after these."""
        page = self.page + (1 if step > 0 else -1)
        return rx.redirect(self._address(page=str(page) if page > 1 else ""))


def role_word(role: Any) -> rx.Component:
    """A role in words."""
    words = ((name, rx.fragment(word)) for name, word in ROLES.items())
    return rx.match(role, *words, rx.fragment(role))


def people_tabs(here: str) -> rx.Component:
    """People, and what their roles may."""
    return w.tab_links(
        w.tab_link("People", to=routes.ADMIN_PEOPLE, here=here == routes.ADMIN_PEOPLE),
        w.tab_link("Roles and permissions", to=routes.ADMIN_ROLES, here=here == routes.ADMIN_ROLES),
        label="People and roles",
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        w.avatar(row.initials, row.name, row.color, size=24),
        rx.el.div(
            rx.el.button(
                rx.el.b(row.name, class_name="cut", dir="auto"),
                type="button",
                class_name="set-open cut",
                title=row.name,
                on_click=PersonDialog.edit(row.id),
            ),
            rx.el.span(row.username, rx.el.span(" · ", row.email), class_name="soft fine cut"),
            class_name="person-main",
        ),
        rx.el.span(
            rx.el.span(role_word(row.role), class_name="cut"),
            rx.cond(row.has_own, w.chip("Own list", outline=True)),
            class_name="person-role",
        ),
        rx.el.span(row.department, class_name="soft cut person-department", dir="auto"),
        rx.el.span(
            rx.cond(
                row.is_active,
                rx.cond(
                    row.seen_at != "",
                    rx.el.span(w.time_ago(row.seen_at), title="Last sign-in"),
                    rx.el.span("Never signed in"),
                ),
                w.chip("Switched off", "amber"),
            ),
            class_name="soft fine person-seen",
        ),
        class_name="person-row",
        data_off=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def _filters() -> rx.Component:
    def items(what: str, words: dict[str, str]) -> list[rx.Component]:
        return [
            rx.dropdown_menu.item(word, on_select=People.choose(what, value))
            for value, word in words.items()
        ]

    role = rx.match(People.role, *((name, word) for name, word in ROLES.items()), "")
    active = rx.match(People.active, *((name, word) for name, word in ACTIVE.items()), "")
    return rx.el.div(
        w.search_field("Search people"),
        w.filter_chip(
            "Role", role, *items("role", {"": "Any role", **ROLES}), on=People.role != ""
        ),
        w.filter_chip("Sign-in", active, *items("active", ACTIVE), on=People.active != ""),
        class_name="set-filters",
    )


def people_page() -> rx.Component:
    """The page."""
    add = w.button("Add person", look="primary", icon="plus", on_click=PersonDialog.add)
    return settings_page(
        routes.ADMIN_PEOPLE,
        rx.el.section(people_tabs(routes.ADMIN_PEOPLE), _filters()),
        rx.cond(
            People.rows,
            rx.el.div(
                rx.el.ul(rx.foreach(People.rows, _row), class_name="plain log-list"),
                w.pager(
                    People.shown,
                    has_previous=People.page > 1,
                    has_next=People.has_more,
                    on_previous=People.turn_page(-1),
                    on_next=People.turn_page(1),
                ),
            ),
            w.empty_state(
                "users",
                "Nobody is found",
                "Every word is looked for in names, usernames and addresses.",
                w.button_link("Show everybody", to=routes.ADMIN_PEOPLE),
            ),
        ),
        person_dialog(People.refresh),
        ready=People.ready,
        refused=People.refused,
        tools=(add,),
    )
