"""The log of outgoing email, and an email with its content."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.address_field import address_field
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.pages.admin.mail.log_rows import EmailAttempt, EmailRow
from ticket_app.ui.pages.admin.mail.log_state import EMAIL_DIALOG, EmailLog
from ticket_app.ui.pages.admin.mail.notice import sender_check_advice
from ticket_app.ui.pages.admin.mail.tabs import mail_tabs

STATE_COLORS: dict[str, Literal["gray", "green", "red", "blue"]] = {
    DeliveryState.WAITING: "blue",
    DeliveryState.SENT: "green",
    DeliveryState.FAILED: "red",
    DeliveryState.DROPPED: "gray",
}


def state_chip(state: rx.Var[str], label: rx.Var[str]) -> rx.Component:
    """Return the state of an email as a chip."""
    return rx.match(
        state,
        *((str(name), w.chip(label, tone=tone)) for name, tone in STATE_COLORS.items()),
        w.chip(label),
    )


def _state_tabs() -> rx.Component:
    def number(state: str) -> rx.Var[str] | None:
        return EmailLog.counts[state] if state else None

    return w.tab_links(
        *(
            w.tab_link(
                label,
                to=routes.admin_mail(state=state),
                is_current=EmailLog.state == state,
                number=number(state),
            )
            for state, label in {"": texts.ALL, **texts.STATE_LABELS}.items()
        ),
    )


def _day_field(name: str, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="text-muted text-small"),
        address_field(name, type="date", class_name="input", aria_label=label),
        class_name="audit-day",
    )


def _filters() -> rx.Component:
    return rx.el.div(
        w.search_field(texts.SEARCH, param="address"),
        w.filter_chip(
            texts.KIND,
            EmailLog.kind,
            *(
                rx.dropdown_menu.item(label, on_select=EmailLog.filter_by("kind", kind))
                for kind, label in {"": texts.ANY_KIND, **texts.KIND_LABELS}.items()
            ),
            is_active=EmailLog.kind != "",
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
        rx.cond(EmailLog.has_filters, w.button_link(texts.CLEAR, to=routes.ADMIN_MAIL)),
        class_name="settings-filters",
    )


def _email_item(row: rx.Var[EmailRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(state_chip(row.state, row.state_label), class_name="mail-state"),
        rx.el.div(
            rx.el.button(
                rx.el.b(row.subject, dir="auto"),
                type="button",
                class_name="row-button truncate mail-subject",
                on_click=EmailLog.open_email(row.uuid),
                aria_label=texts.open_email(row.subject),
            ),
            rx.el.div(
                rx.el.span(row.recipient, class_name="truncate", dir="auto"),
                rx.el.span(row.kind),
                rx.cond(row.attempts != "", rx.el.span(row.attempts)),
                class_name="settings-row-details text-muted text-small",
            ),
            rx.cond(
                (row.reason != "") & (row.state != "sent"),
                rx.el.p(row.reason, class_name="text-muted text-small break-anywhere", dir="auto"),
            ),
            class_name="settings-row-main",
        ),
        rx.el.span(
            rx.cond(
                row.number != "", w.link(row.number, to=row.href, class_name="ticket-key text-link")
            ),
            class_name="delivery-ticket mail-ticket",
        ),
        rx.el.span(w.time_ago(row.at), class_name="text-muted text-small delivery-time"),
        class_name="delivery-row mail-row",
        key=row.uuid,
    )


def _attempt_item(one: rx.Var[EmailAttempt]) -> rx.Component:
    return rx.el.li(
        rx.el.span(w.time_ago(one.at), class_name="text-muted"),
        " ",
        rx.el.span(one.result, class_name="break-anywhere"),
    )


def sandboxed_email_frame(url: rx.Var[str]) -> rx.Component:
    """Return the frame that shows an email from an address of its own, in a sandbox."""
    return rx.el.iframe(
        src=url,
        sandbox="",
        title=texts.PREVIEW,
        class_name="mail-frame",
        custom_attrs={"referrerPolicy": "no-referrer"},
    )


def theme_switch(theme: rx.Var[str], on_change: rx.event.EventType[str]) -> rx.Component:
    """Return the buttons that show an email in light or dark colours."""
    return rx.el.div(
        *(
            rx.el.button(
                label,
                type="button",
                class_name="button quiet small",
                aria_pressed=rx.cond(theme == value, "true", "false"),
                on_click=on_change(value),  # type: ignore[operator]
            )
            for value, label in (("light", texts.LIGHT), ("dark", texts.DARK))
        ),
        class_name="mail-themes",
    )


def _content() -> rx.Component:
    one = EmailLog.details
    return rx.tabs.root(
        rx.tabs.list(
            rx.tabs.trigger(texts.FORMATTED, value="html"),
            rx.tabs.trigger(texts.PLAIN_TEXT, value="text"),
            rx.tabs.trigger(texts.HEADERS, value="headers"),
            size="1",
        ),
        rx.tabs.content(
            theme_switch(EmailLog.theme, EmailLog.show_theme),
            sandboxed_email_frame(one.preview + "?theme=" + EmailLog.theme),
            value="html",
        ),
        rx.tabs.content(
            rx.el.pre(one.text, tab_index=0, aria_label=texts.PLAIN_TEXT, dir="auto"), value="text"
        ),
        rx.tabs.content(
            rx.el.dl(
                rx.foreach(
                    one.headers,
                    lambda header: rx.fragment(
                        rx.el.dt(header[0]), rx.el.dd(header[1], class_name="break-anywhere")
                    ),
                ),
                class_name="mail-headers",
            ),
            value="headers",
        ),
        default_value="html",
        key=one.uuid,
    )


def _email_dialog() -> rx.Component:
    one = EmailLog.details
    seen = OpenDialog.fingerprint
    return dialog_root(
        EMAIL_DIALOG,
        rx.dialog.content(
            rx.dialog.title(one.subject, size="3", dir="auto"),
            rx.dialog.description(
                texts.TO,
                " ",
                rx.el.span(one.recipient, dir="auto"),
                size="1",
                class_name="text-muted",
            ),
            rx.el.div(
                rx.el.div(
                    state_chip(one.state, one.state_label),
                    rx.cond(
                        one.reason != "",
                        rx.el.span(one.reason, class_name="text-small break-anywhere", dir="auto"),
                    ),
                    class_name="settings-row-details",
                ),
                rx.cond(
                    one.attempts,
                    rx.el.section(
                        rx.el.h2(texts.ATTEMPTS),
                        rx.el.ul(
                            rx.foreach(one.attempts, _attempt_item),
                            class_name="list-unstyled text-small",
                        ),
                    ),
                ),
                _content(),
                class_name="delivery-messages",
            ),
            rx.el.div(
                rx.dialog.close(w.button(texts.CLOSE)),
                rx.cond(
                    one.state == DeliveryState.WAITING.value,
                    w.button(texts.DROP, on_click=EmailLog.act("drop", seen)),
                ),
                rx.cond(
                    (one.state == DeliveryState.WAITING.value)
                    | (one.state == DeliveryState.FAILED.value),
                    w.button(
                        texts.RETRY,
                        variant="primary",
                        icon="rotate-cw",
                        on_click=EmailLog.act("retry", seen),
                    ),
                    w.button(
                        texts.RESEND,
                        variant="primary",
                        icon="send",
                        on_click=EmailLog.act("resend", seen),
                    ),
                ),
                class_name="align-end dialog-actions",
            ),
            max_width="760px",
        ),
    )


def email_log_page() -> rx.Component:
    """Return the page."""
    return settings_page(
        routes.ADMIN_MAIL,
        sender_check_advice(),
        rx.el.section(mail_tabs(routes.ADMIN_MAIL), _state_tabs(), _filters()),
        rx.cond(
            EmailLog.rows,
            rx.el.ul(
                rx.foreach(EmailLog.rows, _email_item), class_name="list-unstyled delivery-list"
            ),
            rx.cond(
                EmailLog.has_filters,
                w.empty_state("mail", texts.NO_MATCH_TITLE, texts.NO_MATCH_HINT),
                w.empty_state("mail", texts.EMPTY_TITLE, texts.EMPTY_HINT),
            ),
        ),
        rx.el.div(
            rx.cond(
                EmailLog.is_later_page,
                w.button(texts.NEWEST, icon="chevrons-left", on_click=EmailLog.show_newest),
            ),
            rx.cond(
                EmailLog.next_cursor != "",
                w.button(texts.OLDER, icon="chevron-right", on_click=EmailLog.show_older),
            ),
            class_name="audit-paging",
        ),
        _email_dialog(),
        ready=EmailLog.is_loaded,
        denied_reason=EmailLog.denied_reason,
        tools=(w.button(texts.SEND_TEST, icon="send", on_click=EmailLog.send_test),),
    )
