"""The page of the notification settings, the same for staff and requesters."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.notifications.kinds import Channel
from ticket_app.ui import widgets as w
from ticket_app.ui.components.browser_notifications import BrowserNotificationSettings
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.pages.notification_settings import texts
from ticket_app.ui.pages.notification_settings.rows import KindRow, time_zones
from ticket_app.ui.pages.notification_settings.state import NotificationSettings
from ticket_app.ui.pages.portal.layout import portal_page


def _switch(row: rx.Var[KindRow], channel: Channel, is_on: rx.Var[bool]) -> rx.Component:
    label = texts.CHANNELS[channel]
    return rx.el.td(
        rx.el.input(
            type="checkbox",
            checked=is_on,
            on_change=NotificationSettings.switch(row.kind, channel.value),
            aria_label=row.label + f": {label}",
        )
    )


def _kind_row(row: rx.Var[KindRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.span(row.label, dir="auto"), rx.el.small(row.description, dir="auto"), scope="row"
        ),
        _switch(row, Channel.APP, row.app),
        _switch(row, Channel.EMAIL, row.email),
        _switch(row, Channel.BROWSER, row.browser),
        key=row.kind,
    )


def _kinds() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th(texts.KINDS, scope="col"),
                *(rx.el.th(label, scope="col") for label in texts.CHANNELS.values()),
            )
        ),
        rx.el.tbody(rx.foreach(NotificationSettings.kinds, _kind_row)),
        class_name="notification-kinds",
    )


def _option(
    label: str, hint: str, is_on: rx.Var[bool], on_change: rx.event.EventType[bool]
) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", checked=is_on, on_change=on_change),
        rx.el.span(label, rx.el.small(hint)),
        class_name="checkbox-option",
    )


def _time_field(name: str, label: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        label,
        rx.el.input(
            type="time",
            name=name,
            default_value=value,
            required=True,
            class_name="input",
            dir="auto",
        ),
    )


def _quiet_hours_form() -> rx.Component:
    return rx.el.form(
        rx.cond(NotificationSettings.quiet_error, w.callout(NotificationSettings.quiet_error)),
        rx.el.div(
            _time_field("start", texts.QUIET_FROM, NotificationSettings.quiet_start),
            _time_field("end", texts.QUIET_UNTIL, NotificationSettings.quiet_end),
            rx.el.label(
                texts.TIME_ZONE,
                w.select_input("time_zone", time_zones(), value=NotificationSettings.time_zone),
            ),
            class_name="quiet-hours",
        ),
        rx.el.div(w.button(texts.SAVE, submit=True)),
        on_submit=NotificationSettings.save_quiet_hours,
        class_name="form",
    )


def _settings() -> rx.Component:
    return rx.el.div(
        rx.el.section(
            _kinds(),
            rx.cond(
                CurrentUser.is_staff,
                _option(
                    texts.TEAM_TICKETS,
                    texts.TEAM_TICKETS_HINT,
                    NotificationSettings.team_tickets,
                    NotificationSettings.choose_team_tickets,
                ),
            ),
            class_name="profile-section",
        ),
        rx.el.section(
            rx.el.h2(texts.EMAIL),
            _option(
                texts.DAILY_DIGEST,
                texts.DAILY_DIGEST_HINT,
                NotificationSettings.daily_digest,
                NotificationSettings.choose_daily_digest,
            ),
            class_name="profile-section",
        ),
        rx.el.section(
            rx.el.h2(texts.QUIET_HOURS),
            _option(
                texts.QUIET_HOURS_ON,
                texts.QUIET_HOURS_HINT,
                NotificationSettings.has_quiet_hours,
                NotificationSettings.choose_quiet_hours,
            ),
            rx.cond(NotificationSettings.has_quiet_hours, _quiet_hours_form()),
            class_name="profile-section",
        ),
        rx.el.section(
            rx.el.h2(texts.BROWSER),
            BrowserNotificationSettings.create(),
            class_name="profile-section",
        ),
        class_name="profile-sections",
    )


def notification_settings_page() -> rx.Component:
    """Return the page."""
    return portal_page(
        w.page_heading(texts.TITLE, texts.INTRODUCTION),
        rx.cond(NotificationSettings.is_loaded, _settings(), w.card_skeleton(3)),
    )
