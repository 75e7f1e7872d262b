"""The list of service levels and of the calendars they are counted by, in words."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin.frame import settings_page
from ticket_app.ui.pages.admin.service_levels.hours import CalendarDialog, calendar_dialogs
from ticket_app.ui.pages.admin.service_levels.promises import LevelDialog, level_dialogs
from ticket_app.ui.pages.admin.service_levels.rows import CalendarRow, LevelRow, levels


class ServiceLevels(rx.State):
    """Every service level and calendar, for those who set the desk up."""

    rows: list[LevelRow] = []
    calendars: list[CalendarRow] = []
    ready: bool = False
    refused: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show what is promised."""
        self.rows, self.calendars, self.refused = [], [], ""
        try:
            await self._fill()
        except Forbidden as no:
            self.refused = no.message
        self.ready = True

    async def _fill(self) -> None:
        found = await bridge.read(self, levels)
        self.rows, self.calendars = found.levels, found.calendars

    @bridge.event
    async def refresh(self) -> None:
        """Show what was changed."""
        await self._fill()


def _menu(row: Any, edit: Any, ask: Any) -> rx.Component:
    return w.menu_root(
        rx.dropdown_menu.trigger(w.icon_button("ellipsis", "More for " + row.name)),
        rx.dropdown_menu.content(
            w.menu_title(row.name),
            rx.dropdown_menu.item("Change…", on_select=edit),
            rx.dropdown_menu.separator(),
            rx.dropdown_menu.item("Delete…", color="red", on_select=ask),
            size="1",
            align="end",
        ),
    )


def _name(row: Any, edit: Any) -> rx.Component:
    return rx.el.button(
        rx.el.b(row.name, dir="auto"),
        type="button",
        class_name="set-name cut",
        title=row.name,
        on_click=edit,
    )


def _level(row: Any) -> rx.Component:
    edit = LevelDialog.edit(row.id)
    return rx.el.li(
        fields.switch(
            row.is_active,
            rx.cond(row.is_active, "Switch off ", "Switch on ") + row.name,
            lambda on: [LevelDialog.turn(row.id, on), ServiceLevels.refresh],
        ),
        rx.el.div(
            _name(row, edit),
            rx.el.p(row.when, class_name="soft"),
            rx.el.p(row.promise),
            class_name="set-main",
        ),
        rx.el.div(
            rx.el.span(row.warning, class_name="soft fine nums"),
            rx.el.span("order ", row.rank, class_name="soft fine nums"),
            class_name="set-last",
        ),
        _menu(row, edit, LevelDialog.ask(row.id)),
        class_name="set-row tall",
        data_off=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def _calendar(row: Any) -> rx.Component:
    edit = CalendarDialog.edit(row.id)
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                _name(row, edit),
                rx.cond(row.is_default, w.chip("Default")),
                class_name="set-facts",
            ),
            rx.el.p(
                rx.foreach(row.hours, lambda one: rx.el.span(one)),  # noqa: PLW0108
                class_name="set-facts hours",
            ),
            rx.el.p(
                rx.el.span(row.zone),
                rx.cond(row.holidays != "", rx.el.span(row.holidays)),
                rx.cond(row.closed != "", rx.el.span(row.closed)),
                class_name="soft set-facts fine",
            ),
            class_name="set-main",
        ),
        _menu(row, edit, CalendarDialog.ask(row.id)),
        class_name="set-row plain-row tall",
        key=row.id,
    )


def service_levels_page() -> rx.Component:
    """The page."""
    add = w.button("Add service level", look="primary", icon="plus", on_click=LevelDialog.add)
    return settings_page(
        routes.ADMIN_LEVELS,
        rx.cond(
            ServiceLevels.rows,
            rx.el.ul(rx.foreach(ServiceLevels.rows, _level), class_name="plain set-list"),
            w.empty_state(
                "timer",
                "Nothing is promised yet",
                "A service level says how soon which tickets are answered and solved; their "
                "clocks then run on every list.",
                w.button("Add service level", icon="plus", on_click=LevelDialog.add),
            ),
        ),
        rx.el.section(
            w.section_header(
                "Calendars", w.button("Add calendar", icon="plus", on_click=CalendarDialog.add)
            ),
            rx.cond(
                ServiceLevels.calendars,
                rx.el.ul(
                    rx.foreach(ServiceLevels.calendars, _calendar), class_name="plain set-list"
                ),
                rx.el.p(
                    "Without a calendar every promise is counted around the clock.",
                    class_name="soft",
                ),
            ),
            class_name="set-section",
        ),
        level_dialogs(ServiceLevels.refresh),
        calendar_dialogs(ServiceLevels.refresh),
        ready=ServiceLevels.ready,
        refused=ServiceLevels.refused,
        tools=(add,),
    )
