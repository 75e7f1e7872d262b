"""The list of SLA policies and business calendars, each described in sentences."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import list_items, texts
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.service_levels.calendar_dialog import (
    CalendarDialog,
    calendar_dialogs,
)
from ticket_app.ui.pages.admin.service_levels.policy_dialog import (
    SlaPolicyDialog,
    sla_policy_dialogs,
)
from ticket_app.ui.pages.admin.service_levels.rows import (
    CalendarRow,
    SlaPolicyRow,
    load_service_levels,
)


class ServiceLevels(rx.State):
    """All SLA policies and business calendars."""

    rows: list[SlaPolicyRow] = []
    calendars: list[CalendarRow] = []
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        self.rows, self.calendars, self.denied_reason = [], [], ""
        try:
            await self._load_rows()
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        found = await bridge.read(self, load_service_levels)
        self.rows, self.calendars = found.policies, found.calendars

    @bridge.event
    async def refresh(self) -> None:
        """Reload both lists after a change."""
        await self._load_rows()


def _policy_item(row: rx.Var[SlaPolicyRow]) -> rx.Component:
    edit = SlaPolicyDialog.edit(row.id)
    return rx.el.li(
        list_items.active_switch(
            row.name,
            row.is_active,
            lambda on: [SlaPolicyDialog.toggle_active(row.id, on), ServiceLevels.refresh],
        ),
        rx.el.div(
            list_items.name_button(row.name, edit),
            rx.el.p(row.conditions, class_name="text-muted"),
            rx.el.p(row.targets),
            class_name="settings-row-main",
        ),
        rx.el.div(
            rx.el.span(row.warning, class_name="text-muted text-small tabular-numbers"),
            rx.el.span(
                texts.order_number(row.rank), class_name="text-muted text-small tabular-numbers"
            ),
            class_name="settings-row-end",
        ),
        list_items.row_menu(
            row.name,
            label=texts.more_actions(row.name),
            on_edit=edit,
            on_delete=SlaPolicyDialog.confirm_delete(row.id),
        ),
        class_name="settings-row align-top",
        data_inactive=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def _calendar_item(row: rx.Var[CalendarRow]) -> rx.Component:
    edit = CalendarDialog.edit(row.id)
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                list_items.name_button(row.name, edit),
                rx.cond(row.is_default, w.chip(texts.SLA_CALENDAR_DEFAULT)),
                class_name="settings-row-details",
            ),
            rx.el.p(
                rx.foreach(row.hours, lambda one: rx.el.span(one)),  # noqa: PLW0108
                class_name="settings-row-details opening-hours-summary",
            ),
            rx.el.p(
                rx.el.span(row.zone),
                rx.cond(row.holidays != "", rx.el.span(row.holidays)),
                rx.cond(row.closed != "", rx.el.span(row.closed)),
                class_name="text-muted settings-row-details text-small",
            ),
            class_name="settings-row-main",
        ),
        list_items.row_menu(
            row.name,
            label=texts.more_actions(row.name),
            on_edit=edit,
            on_delete=CalendarDialog.confirm_delete(row.id),
        ),
        class_name="settings-row without-icon align-top",
        key=row.id,
    )


def service_levels_page() -> rx.Component:
    add = w.button(texts.SLA_ADD, variant="primary", icon="plus", on_click=SlaPolicyDialog.add)
    return settings_page(
        routes.ADMIN_SERVICE_LEVELS,
        rx.cond(
            ServiceLevels.rows,
            rx.el.ul(
                rx.foreach(ServiceLevels.rows, _policy_item),
                class_name="list-unstyled settings-list",
            ),
            w.empty_state(
                "timer",
                texts.SLA_EMPTY_TITLE,
                texts.SLA_EMPTY_HINT,
                w.button(texts.SLA_ADD, icon="plus", on_click=SlaPolicyDialog.add),
            ),
        ),
        rx.el.section(
            w.section_header(
                texts.SLA_CALENDARS,
                w.button(texts.SLA_CALENDAR_ADD, icon="plus", on_click=CalendarDialog.add),
            ),
            rx.cond(
                ServiceLevels.calendars,
                rx.el.ul(
                    rx.foreach(ServiceLevels.calendars, _calendar_item),
                    class_name="list-unstyled settings-list",
                ),
                rx.el.p(
                    texts.SLA_CALENDARS_EMPTY,
                    class_name="text-muted",
                ),
            ),
            class_name="settings-section",
        ),
        sla_policy_dialogs(ServiceLevels.refresh),
        calendar_dialogs(ServiceLevels.refresh),
        ready=ServiceLevels.is_loaded,
        denied_reason=ServiceLevels.denied_reason,
        tools=(add,),
    )
