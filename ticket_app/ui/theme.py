"""Labels, icons and colours of statuses, priorities and kinds.

The tables are complete (tests/ui/test_theme.py). Colours are names of Radix scales, so that light
and dark are handled by the stylesheet.
"""

from dataclasses import dataclass
from typing import Final

import reflex as rx

ACCENT: Final = "indigo"
GRAY: Final = "slate"

STYLESHEETS: Final = ["/theme.css"]
SCRIPTS: Final = ("/js/before_paint.js",)
ICON: Final = "/favicon.svg"
FONT: Final = "/fonts/inter.woff2"


@dataclass(frozen=True)
class StatusLook:
    """The label of a status for staff, its label for requesters, and its colour."""

    word: str
    color: str
    requester_word: str


STATUS_LOOKS: Final[dict[str, StatusLook]] = {
    "new": StatusLook(
        "New",
        "blue",
        "Received",
    ),
    "open": StatusLook(
        "Open",
        "sky",
        "Received",
    ),
    "in_progress": StatusLook(
        "In progress",
        "amber",
        "In progress",
    ),
    "pending_user": StatusLook(
        "Waiting for requester",
        "violet",
        "Needs your answer",
    ),
    "pending_approval": StatusLook(
        "Waiting for approval",
        "plum",
        "Waiting for approval",
    ),
    "resolved": StatusLook(
        "Resolved",
        "green",
        "Resolved",
    ),
    "closed": StatusLook(
        "Closed",
        "gray",
        "Closed",
    ),
    "reopened": StatusLook(
        "Reopened",
        "orange",
        "Reopened",
    ),
    "duplicate": StatusLook(
        "Duplicate",
        "gray",
        "Duplicate",
    ),
    "wont_fix": StatusLook(
        "Won't fix",
        "gray",
        "Not planned",
    ),
}


@dataclass(frozen=True)
class PriorityLook:
    """The label of a priority, how many bars its icon fills, its colour and its meaning."""

    word: str
    bars: int
    color: str
    description: str


PRIORITY_LOOKS: Final[dict[str, PriorityLook]] = {
    "low": PriorityLook("Low", 1, "gray", "A minor problem. It can wait."),
    "medium": PriorityLook("Medium", 2, "gray", "It slows me down, but I can work."),
    "high": PriorityLook("High", 3, "gray", "I can't do an important part of my work."),
    "urgent": PriorityLook("Urgent", 4, "amber", "I can't work, or several people are affected."),
    "critical": PriorityLook(
        "Critical", 0, "red", "Work has stopped for everyone, or data is at risk."
    ),
}


@dataclass(frozen=True)
class KindLook:
    """The label of a kind, its icon (lucide) and its meaning."""

    word: str
    icon: str
    description: str


KIND_LOOKS: Final[dict[str, KindLook]] = {
    "bug": KindLook("Bug", "bug", "Something does not work as it should."),
    "feature_request": KindLook("Feature request", "lightbulb", "Something new you would like."),
    "improvement": KindLook(
        "Improvement", "trending-up", "Something that works, but could be better."
    ),
    "support": KindLook("Support", "life-buoy", "A question, or help with something."),
    "incident": KindLook("Incident", "siren", "A service is down or slow for people now."),
    "request": KindLook("Request", "inbox", "You need access, a device or a service."),
    "problem": KindLook("Problem", "search-x", "The cause behind several incidents."),
    "change": KindLook("Change", "git-compare", "A planned change that someone has to approve."),
    "other": KindLook("Other", "circle-dashed", "None of the above."),
}

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
        rx.el.meta(name="color-scheme", content="light dark"),
        *(rx.el.script(src=path) for path in SCRIPTS),
    ]
