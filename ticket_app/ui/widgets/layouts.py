"""Page layouts: the staff layout with sidebar and header, the portal, and the sign-in card."""

from collections.abc import Mapping, Sequence

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import texts as shared_texts
from ticket_app.ui.components.command_palette import PaletteButton
from ticket_app.ui.components.layout_panels import (
    DrawerBackdrop,
    PanelToggle,
    Sidebar,
    SkipLink,
    Splitter,
)
from ticket_app.ui.components.list_position import ListPosition
from ticket_app.ui.components.relative_time import ServerClock
from ticket_app.ui.components.sign_in_again import SignInAgain
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.badges import count
from ticket_app.ui.widgets.buttons import link
from ticket_app.ui.widgets.feedback import offline_banner
from ticket_app.ui.widgets.header_menus import theme_switch
from ticket_app.ui.widgets.vars import (
    Flag,
    Number,
    Text,
    aria_current,
    bool_attribute,
    may_be_present,
)


def window_title(title: Text) -> Text:
    """Return the title of the browser window: the page, then the product's name."""
    return title + f" - {shared_texts.PRODUCT_NAME}"


def brand(to: str = routes.HOME) -> rx.Component:
    """Return the product's mark and name as a link."""
    return link(
        rx.el.span(rx.icon("ticket", size=13, stroke_width=2), class_name="brand-logo"),
        rx.el.span(shared_texts.PRODUCT_NAME, class_name="truncate hidden-when-collapsed"),
        to=to,
        class_name="brand",
        aria_label=texts.LAYOUT_BRAND,
    )


def sidebar_link(
    icon: str | rx.Component,
    label: Text,
    *,
    to: Text,
    number: Number | Text | None = None,
    is_current: Flag = False,
    is_emphasized: bool = False,
) -> rx.Component:
    """Return a link of the sidebar with a count.

    `is_emphasized` puts the count into a pill, also in the collapsed sidebar.
    """
    shown: list[rx.Component] = []
    if number is not None and is_emphasized:
        shown = [rx.cond(number, rx.el.span(count(number, strong=True, tone="indigo")))]
    elif number is not None:
        shown = [rx.el.span(count(number), class_name="hidden-when-collapsed")]
    return link(
        rx.icon(icon, size=16, stroke_width=1.75) if isinstance(icon, str) else icon,
        rx.el.span(label, class_name="truncate hidden-when-collapsed", dir="auto"),
        *shown,
        to=to,
        class_name="nav-item",
        aria_current=aria_current(is_current),
        title=label,
    )


def sidebar(
    *items: rx.Component, footer: Sequence[rx.Component] = (), home: str = routes.DESK
) -> rx.Component:
    """Return the sidebar; it collapses to 52 px and is a drawer on a phone."""
    return Sidebar.create(
        rx.el.div(
            brand(home),
            PanelToggle.create(
                rx.icon("panel-left", size=14, stroke_width=1.75),
                panel="sidebar",
                class_name="icon-button small sidebar-toggle",
                aria_label=texts.LAYOUT_COLLAPSE_SIDEBAR,
                title=texts.LAYOUT_COLLAPSE_SIDEBAR,
                data_shortcut="[",
            ),
            class_name="sidebar-header",
        ),
        *items,
        rx.el.div(*footer, class_name="sidebar-footer"),
        class_name="sidebar",
        aria_label=texts.LAYOUT_VIEWS,
    )


def desk_header(
    title: Text | rx.Component,
    *chips: rx.Component,
    tools: Sequence[rx.Component] = (),
    full_title: Text = "",
) -> rx.Component:
    """Return the header: title, filters, then search and one primary button in `tools`.

    `full_title` is the tooltip of a title that may be cut.
    """
    return rx.el.header(
        PanelToggle.create(
            rx.icon("menu", size=18, stroke_width=1.75),
            panel="drawer",
            class_name="icon-button menu-button",
            aria_label=texts.LAYOUT_OPEN_MENU,
        ),
        rx.el.h1(title, **({"title": full_title} if may_be_present(full_title) else {})),
        rx.el.div(*chips, class_name="chips", role="group", aria_label=texts.LAYOUT_FILTERS),
        rx.el.div(palette_button(), *tools, class_name="toolbar"),
        class_name="desk-header",
    )


def palette_button() -> rx.Component:
    """Return the button that opens the command palette."""
    return PaletteButton.create(
        rx.icon("command", size=16, stroke_width=1.75),
        class_name="icon-button hide-on-mobile",
        aria_label=texts.LAYOUT_PALETTE,
        title=texts.with_shortcut(texts.LAYOUT_PALETTE, "Ctrl K"),
    )


def mobile_nav(
    *items: tuple[str, str, str, Flag], numbers: Mapping[str, Text] | None = None
) -> rx.Component:
    """Return the navigation bar of a phone: up to five (icon, label, path, is current).

    `numbers` are counts by path, empty for none.
    """

    def badge(path: str) -> list[rx.Component]:
        if numbers is None or path not in numbers:
            return []
        number = numbers[path]
        return [
            rx.cond(
                number, rx.el.span(count(number, strong=True, tone="indigo"), class_name="badge")
            )
        ]

    return rx.el.nav(
        *(
            link(
                rx.icon(icon, size=20, stroke_width=1.75),
                *badge(to),
                word,
                to=to,
                aria_current=aria_current(here),
            )
            for icon, word, to, here in items
        ),
        class_name="mobile-nav",
        aria_label=texts.LAYOUT_MAIN,
    )


def split_panes(
    first: rx.Component, second: rx.Component, *, is_ticket_open: Flag = True
) -> rx.Component:
    """Return list and ticket side by side, with a splitter whose position is remembered.

    On a phone only one of them shows: the ticket if `is_ticket_open`, otherwise the list.
    """
    return rx.el.div(
        rx.el.div(first, class_name="pane"),
        Splitter.create(aria_label=texts.LAYOUT_LIST_WIDTH),
        rx.el.div(second, class_name="pane"),
        class_name="desk-body split-panes",
        data_open=bool_attribute(is_ticket_open),
    )


def desk_layout(
    navigation: rx.Component,
    header: rx.Component,
    content: rx.Component,
    *,
    account: Text,
    bottom_bar: rx.Component | None = None,
    is_split: bool = False,
) -> rx.Component:
    """Return the staff layout.

    `is_split` is for a `content` made by `split_panes`. `account` is the signed-in person's
    username.
    """
    return rx.el.div(
        SkipLink.create(texts.LAYOUT_SKIP_TO_CONTENT),
        navigation,
        DrawerBackdrop.create(),
        rx.el.div(
            rx.el.div(offline_banner()),
            header,
            rx.el.main(
                content,
                id="main",
                tab_index=-1,
                class_name="" if is_split else "desk-body",
                style={"display": "grid", "minHeight": "0"} if is_split else {},
            ),
            *([bottom_bar] if bottom_bar is not None else []),
            class_name="desk-main",
        ),
        ListPosition.create(),
        SignInAgain.create(account=account),
        class_name="desk",
    )


def portal_link(label: Text, *, to: Text, is_current: Flag = False) -> rx.Component:
    """Return a link of the portal's navigation."""
    return link(label, to=to, class_name="portal-nav-link", aria_current=aria_current(is_current))


def notifications_link(unread: Text, *, to: Text, is_current: Flag = False) -> rx.Component:
    """Return the link to the notifications with the number of unread ones; empty for none."""
    return link(
        rx.icon("bell", size=16, stroke_width=1.75),
        rx.cond(unread, rx.el.span(count(unread, strong=True, tone="indigo"), class_name="badge")),
        to=to,
        class_name="icon-button inbox-link",
        aria_label=rx.cond(unread, texts.unread_notifications(unread), texts.LAYOUT_NOTIFICATIONS),
        title=texts.LAYOUT_NOTIFICATIONS,
        aria_current=aria_current(is_current),
    )


def portal_layout(
    *content: rx.Component,
    account: Text,
    links: Sequence[rx.Component] = (),
    notifications: rx.Component | None = None,
    menu: rx.Component | None = None,
) -> rx.Component:
    """Return a column of at most 880 px below a bar with brand, links, theme and account.

    `account` is the signed-in person's username.
    """
    return rx.el.div(
        SkipLink.create(texts.LAYOUT_SKIP_TO_CONTENT),
        rx.el.header(
            rx.el.div(
                brand(routes.PORTAL),
                rx.el.nav(*links, aria_label=texts.LAYOUT_MAIN),
                palette_button(),
                *([notifications] if notifications is not None else []),
                theme_switch(),
                *([menu] if menu is not None else []),
            ),
            class_name="portal-header",
        ),
        offline_banner(),
        rx.el.main(*content, id="main", tab_index=-1, class_name="portal-main"),
        ListPosition.create(),
        SignInAgain.create(account=account),
        class_name="portal",
    )


def auth_layout(
    title: Text, *content: rx.Component, footer: Sequence[rx.Component] = ()
) -> rx.Component:
    """Return the card of the sign-in and registration pages; `footer` is below it."""
    return rx.el.div(
        rx.el.main(brand(), rx.el.h1(title), *content, id="main", class_name="auth-card"),
        rx.el.footer(*footer, theme_switch(), class_name="auth-footer"),
        class_name="auth",
    )


def page_heading(title: Text, text: Text = "", *actions: rx.Component) -> rx.Component:
    """Return the page's h1, a line below it, and actions at its right."""
    return rx.el.div(
        rx.el.div(rx.el.h1(title, dir="auto"), *([rx.el.p(text)] if may_be_present(text) else [])),
        *actions,
        class_name="page-header",
    )


def section_header(
    title: Text, *actions: rx.Component, number: Number | Text | None = None
) -> rx.Component:
    """Return an h2 with a count and actions at the end of its line."""
    return rx.el.div(
        rx.el.h2(title),
        *([count(number)] if number is not None else []),
        rx.el.div(*actions, class_name="align-end"),
        class_name="section-header",
    )


def padded_column(*content: rx.Component) -> rx.Component:
    """Return a padded column for pages that are not lists (settings, forms)."""
    return rx.el.div(*content, class_name="page-content")


def server_time(now: Text) -> rx.Component:
    """Send the server's time (ISO) to the browser, so that times are right on a wrong clock."""
    return ServerClock.create(now=now)
