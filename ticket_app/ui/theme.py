"""Labels, icons and colours of statuses, priorities and kinds.

The tables are complete (tests/ui/test_theme.py). Colours are names of Radix scales, so that light
and dark are handled by the stylesheet.
"""

from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.ui import texts

ACCENT: Final = "indigo"
GRAY: Final = "slate"

STYLESHEETS: Final = [
    f"/styles/{area}.css"
    for area in (
        "base",
        "badges",
        "layouts",
        "lists",
        "conversation",
        "forms",
        "feedback",
        "markdown",
        "portal",
        "overlays",
        "desk",
        "approvals",
        "analytics",
        "settings",
        "sign_in_dialog",
        "command_palette",
        "narrow_screens",
    )
]
"""The style sheets in the order of the cascade; the build makes one file of them."""
SCRIPTS: Final = ("/js/before_paint.js",)
ICON: Final = "/favicon.svg"
APPLE_TOUCH_ICON: Final = "/icons/apple-touch-icon-180.png"
MANIFEST: Final = "/manifest.webmanifest"
FONT: Final = "/fonts/inter.woff2"
WINDOW_COLORS: Final = {"light": "#ffffff", "dark": "#111113"}
"""The background of the pages (`styles/base.css`) and of the installed app's window."""


@dataclass(frozen=True)
class StatusLook:
    """The label of a status for staff, its label for requesters, and its colour."""

    word: str
    color: str
    requester_word: str


STATUS_LOOKS: Final[dict[str, StatusLook]] = {
    "new": StatusLook(texts.STATUS_NEW, "blue", texts.STATUS_NEW_FOR_REQUESTER),
    "open": StatusLook(texts.STATUS_OPEN, "sky", texts.STATUS_OPEN_FOR_REQUESTER),
    "in_progress": StatusLook(
        texts.STATUS_IN_PROGRESS, "amber", texts.STATUS_IN_PROGRESS_FOR_REQUESTER
    ),
    "pending_user": StatusLook(
        texts.STATUS_PENDING_USER, "violet", texts.STATUS_PENDING_USER_FOR_REQUESTER
    ),
    "pending_approval": StatusLook(
        texts.STATUS_PENDING_APPROVAL, "plum", texts.STATUS_PENDING_APPROVAL_FOR_REQUESTER
    ),
    "resolved": StatusLook(texts.STATUS_RESOLVED, "green", texts.STATUS_RESOLVED_FOR_REQUESTER),
    "closed": StatusLook(texts.STATUS_CLOSED, "gray", texts.STATUS_CLOSED_FOR_REQUESTER),
    "reopened": StatusLook(texts.STATUS_REOPENED, "orange", texts.STATUS_REOPENED_FOR_REQUESTER),
    "duplicate": StatusLook(texts.STATUS_DUPLICATE, "gray", texts.STATUS_DUPLICATE_FOR_REQUESTER),
    "wont_fix": StatusLook(texts.STATUS_WONT_FIX, "gray", texts.STATUS_WONT_FIX_FOR_REQUESTER),
}


@dataclass(frozen=True)
class PriorityLook:
    """The label of a priority, how many bars its icon fills, its colour and its meaning."""

    word: str
    bars: int
    color: str
    description: str


PRIORITY_LOOKS: Final[dict[str, PriorityLook]] = {
    "low": PriorityLook(texts.PRIORITY_LOW, 1, "gray", texts.PRIORITY_LOW_HINT),
    "medium": PriorityLook(texts.PRIORITY_MEDIUM, 2, "blue", texts.PRIORITY_MEDIUM_HINT),
    "high": PriorityLook(texts.PRIORITY_HIGH, 3, "amber", texts.PRIORITY_HIGH_HINT),
    "urgent": PriorityLook(texts.PRIORITY_URGENT, 4, "orange", texts.PRIORITY_URGENT_HINT),
    "critical": PriorityLook(texts.PRIORITY_CRITICAL, 0, "red", texts.PRIORITY_CRITICAL_HINT),
}


@dataclass(frozen=True)
class KindLook:
    """The label of a kind, its icon (lucide) and its meaning."""

    word: str
    icon: str
    description: str


KIND_LOOKS: Final[dict[str, KindLook]] = {
    "bug": KindLook(texts.KIND_BUG, "bug", texts.KIND_BUG_HINT),
    "feature_request": KindLook(
        texts.KIND_FEATURE_REQUEST, "lightbulb", texts.KIND_FEATURE_REQUEST_HINT
    ),
    "improvement": KindLook(texts.KIND_IMPROVEMENT, "trending-up", texts.KIND_IMPROVEMENT_HINT),
    "support": KindLook(texts.KIND_SUPPORT, "life-buoy", texts.KIND_SUPPORT_HINT),
    "incident": KindLook(texts.KIND_INCIDENT, "siren", texts.KIND_INCIDENT_HINT),
    "request": KindLook(texts.KIND_REQUEST, "inbox", texts.KIND_REQUEST_HINT),
    "problem": KindLook(texts.KIND_PROBLEM, "search-x", texts.KIND_PROBLEM_HINT),
    "change": KindLook(texts.KIND_CHANGE, "git-compare", texts.KIND_CHANGE_HINT),
    "other": KindLook(texts.KIND_OTHER, "circle-dashed", texts.KIND_OTHER_HINT),
}

Look = StatusLook | PriorityLook | KindLook

PERSON_COLORS: Final = (
    "indigo",
    "teal",
    "plum",
    "orange",
    "cyan",
    "pink",
    "grass",
    "brown",
)

TONES: Final = ("gray", "indigo", "blue", "green", "amber", "red", "violet")


def radix_theme() -> rx.Component:
    """Return the Radix theme of the app, for `rx.plugins.RadixThemesPlugin(theme=...)`."""
    return rx.theme(
        appearance="inherit",
        accent_color=ACCENT,
        gray_color=GRAY,
        radius="medium",
        panel_background="solid",
        has_background=True,
    )


def head_components() -> list[rx.Component]:
    """Return the elements of each page's head, for `rx.App(head_components=...)`.

    The script is a file, which a policy of `script-src 'self'` allows.
    """
    return [
        rx.el.link(
            rel="preload",
            href=FONT,
            custom_attrs={"as": "font"},
            type="font/woff2",
            cross_origin="anonymous",
        ),
        rx.el.link(rel="icon", href=ICON, type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href=APPLE_TOUCH_ICON, sizes="180x180"),
        rx.el.link(rel="manifest", href=MANIFEST),
        rx.el.meta(name="color-scheme", content="light dark"),
        rx.el.meta(name="mobile-web-app-capable", content="yes"),
        rx.el.meta(name="apple-mobile-web-app-title", content=texts.PRODUCT_NAME),
        *(
            rx.el.meta(
                name="theme-color",
                content=color,
                # As arguments of their own, Reflex would take them for styles.
                custom_attrs={
                    "media": f"(prefers-color-scheme: {mode})",
                    "data-mode": mode,
                    "data-color": color,
                },
            )
            for mode, color in WINDOW_COLORS.items()
        ),
        *(rx.el.script(src=path) for path in SCRIPTS),
    ]
