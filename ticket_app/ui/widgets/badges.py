"""Status, priority and kind icons, SLA clocks, avatars, tags, ticket keys and counts.

Each takes plain values or Vars. Values unknown to the theme get a neutral icon.
"""

from typing import Final, Literal

import reflex as rx

from ticket_app.ui.components.copy_button import CopyButton
from ticket_app.ui.components.relative_time import DueTime, RelativeTime
from ticket_app.ui.theme import KIND_LOOKS, PERSON_COLORS, PRIORITY_LOOKS, STATUS_LOOKS
from ticket_app.ui.widgets import texts
from ticket_app.ui.widgets.drawings import draw_priority, draw_status, draw_unknown_status
from ticket_app.ui.widgets.vars import Number, Text

Tone = Literal["gray", "indigo", "blue", "green", "amber", "red", "violet"]
PersonSize = Literal[20, 24, 32, 40]


@rx.memo
def status_icon_only(status: rx.Var[str]) -> rx.Component:
    """Return the icon of a status, compiled once for all pages."""
    return rx.match(
        status,
        *((word, draw_status(word)) for word in STATUS_LOOKS),
        rx.el.span(draw_unknown_status(), class_name="icon tone-gray"),
    )


@rx.memo
def status_label(status: rx.Var[str]) -> rx.Component:
    """Return the label of a status for staff."""
    return rx.match(
        status,
        *((w, rx.el.span(look.word)) for w, look in STATUS_LOOKS.items()),
        rx.el.span(status),
    )


def _status_chips(status: rx.Var[str], words: dict[str, str]) -> rx.Component:
    return rx.match(
        status,
        *(
            (value, rx.el.span(draw_status(value), word, class_name=f"chip tone-{look.color}"))
            for value, word in words.items()
            for look in [STATUS_LOOKS[value]]
        ),
        rx.el.span(status, class_name="chip tone-gray"),
    )


@rx.memo
def status_chip(status: rx.Var[str]) -> rx.Component:
    """Return the chip of a status for staff: icon and word in its colour."""
    return _status_chips(status, {w: look.word for w, look in STATUS_LOOKS.items()})


@rx.memo
def requester_status_chip(status: rx.Var[str]) -> rx.Component:
    """Return the chip of a status for requesters."""
    return _status_chips(status, {w: look.requester_word for w, look in STATUS_LOOKS.items()})


@rx.memo
def priority_icon_only(priority: rx.Var[str]) -> rx.Component:
    """Return the icon of a priority, compiled once for all pages."""
    return rx.match(
        priority,
        *((word, draw_priority(word)) for word in PRIORITY_LOOKS),
        rx.el.span(class_name="icon tone-gray"),
    )


@rx.memo
def priority_chip(priority: rx.Var[str]) -> rx.Component:
    """Return the chip of a priority: bars and word in its colour."""
    return rx.match(
        priority,
        *(
            (w, rx.el.span(draw_priority(w), look.word, class_name=f"chip tone-{look.color}"))
            for w, look in PRIORITY_LOOKS.items()
        ),
        rx.el.span(priority, class_name="chip tone-gray"),
    )


@rx.memo
def priority_label(priority: rx.Var[str]) -> rx.Component:
    """Return the label of a priority."""
    return rx.match(
        priority,
        *((w, rx.el.span(look.word)) for w, look in PRIORITY_LOOKS.items()),
        rx.el.span(priority),
    )


@rx.memo
def kind_icon_only(kind: rx.Var[str]) -> rx.Component:
    """Return the icon of a kind, compiled once for all pages."""
    return rx.match(
        kind,
        *((w, rx.icon(look.icon, size=16, stroke_width=1.75)) for w, look in KIND_LOOKS.items()),
        rx.icon("circle-dashed", size=16, stroke_width=1.75),
    )


@rx.memo
def kind_label(kind: rx.Var[str]) -> rx.Component:
    """Return the label of a kind."""
    return rx.match(
        kind, *((w, rx.el.span(look.word)) for w, look in KIND_LOOKS.items()), rx.el.span(kind)
    )


def _with_hidden_text(
    shape: rx.Component, word: rx.Component, class_name: str = ""
) -> rx.Component:
    return rx.el.span(shape, rx.el.span(word, class_name="visually-hidden"), class_name=class_name)


def status_icon_with_label(status: Text) -> rx.Component:
    """Return the icon of a status with its word; narrow lists hide the word from the eye."""
    return _with_hidden_text(
        status_icon_only(status=status), status_label(status=status), "icon-label"
    )


def status_badge(status: Text, audience: Literal["staff", "requester"] = "staff") -> rx.Component:
    """Return the chip of a status: its icon and its word for this audience, in its colour."""
    if audience == "requester":
        return requester_status_chip(status=status)
    return status_chip(status=status)


def priority_icon_with_label(priority: Text) -> rx.Component:
    """Return the icon of a priority with its word, as `status_icon_with_label` does."""
    return _with_hidden_text(
        priority_icon_only(priority=priority), priority_label(priority=priority), "icon-label"
    )


def priority_badge(priority: Text) -> rx.Component:
    """Return the chip of a priority: its bars and its word, in its colour."""
    return priority_chip(priority=priority)


def kind_icon_with_label(kind: Text) -> rx.Component:
    """Return the icon of a kind with its label for screen readers."""
    return _with_hidden_text(
        kind_icon_only(kind=kind), kind_label(kind=kind), "icon-label text-muted"
    )


def kind_badge(kind: Text) -> rx.Component:
    """Return icon and label of a kind."""
    return rx.el.span(kind_icon_only(kind=kind), kind_label(kind=kind), class_name="icon-label")


def sla_chip(due: Text, state: Text = "running", since: Text = "", goal: Text = "") -> rx.Component:
    """Return a clock that counts down in the browser.

    `due` and `since` are ISO times in UTC; `state` is running, paused, met, breached or
    not_applicable; `goal` ("First reply") begins the tooltip. An empty `due` shows nothing.
    """
    return DueTime.create(due=due, since=since, state=state, goal=goal)


def time_ago(at: Text) -> rx.Component:
    """Return a relative time ("3 h ago"), exact on hover. `at` is an ISO time in UTC."""
    return RelativeTime.create(at=at)


def time_exact(at: Text) -> rx.Component:
    """Return day and time in the browser's time zone. `at` is an ISO time in UTC."""
    return RelativeTime.create(at=at, format="exact")


def time_short(at: Text) -> rx.Component:
    """Return a short relative time ("3 h") for list columns."""
    return RelativeTime.create(at=at, format="short")


_PERSON_TONES: Final = [f"tone-{color}" for color in PERSON_COLORS]


def _person_tone(color: Number) -> Text:
    if isinstance(color, rx.Var):
        return rx.Var.create(_PERSON_TONES)[color % len(_PERSON_TONES)].to(str)
    return _PERSON_TONES[color % len(_PERSON_TONES)]


def avatar(
    initials: Text,
    name: Text,
    color: Number = 0,
    *,
    size: PersonSize = 24,
) -> rx.Component:
    """Return a person's initials in a stable colour.

    `initials` and the index of the colour come from the row, so that every page agrees. The name is
    the tooltip and the label.
    """
    classes = rx.Var.create(f"avatar size-{size} ") + _person_tone(color)
    return rx.el.span(
        initials,
        class_name=classes,
        title=name,
        # An empty name would be an image without a label.
        role=rx.cond(rx.Var.create(name) != "", "img", "presentation"),
        aria_label=name,
    )


def presence_avatar(
    initials: Text, label: Text, color: Number, *, level: Text, **props: object
) -> rx.Component:
    """Return a person who has a ticket open; `level` is "idle", "viewing" or "editing".

    They are dimmed, plain, or have a ring. `label` is the whole sentence.
    """
    return rx.el.span(
        avatar(initials, label, color, size=24), class_name="presence", data_level=level, **props
    )


def unassigned_avatar(
    label: Text = texts.AVATAR_UNASSIGNED, *, size: PersonSize = 24
) -> rx.Component:
    """Return the avatar of an unassigned ticket."""
    return rx.el.span(
        rx.icon("user", size=size // 2, stroke_width=1.75),
        class_name=f"avatar unassigned size-{size}",
        title=label,
        role="img",
        aria_label=label,
    )


def person_name(
    initials: Text, name: Text, color: Number = 0, *, size: PersonSize = 20
) -> rx.Component:
    """Return avatar and name on one line; a long name is cut, with the whole name on hover."""
    return rx.el.span(
        rx.el.span(
            avatar(initials, name, color, size=size),
            aria_hidden="true",
            style={"display": "inline-flex"},
        ),
        rx.el.span(name, class_name="truncate", title=name, dir="auto"),
        class_name="person-name",
    )


def tag_chip(name: Text, on_remove: rx.event.EventType | None = None) -> rx.Component:
    """Return a tag; with `on_remove` it has a remove button."""
    parts: list[rx.Component] = [rx.el.span(name, class_name="truncate", title=name, dir="auto")]
    if on_remove is not None:
        parts.append(
            rx.el.button(
                rx.icon("x", size=12),
                type="button",
                on_click=on_remove,
                aria_label=rx.Var.create(texts.TAG_REMOVE) + name,
            )
        )
    return rx.el.span(*parts, class_name="chip tag")


def chip(label: Text, tone: Tone = "gray", *, outline: bool = False) -> rx.Component:
    """Return a label that is neither status nor tag ("External", "Edited")."""
    class_name = f"chip tone-{tone} outline" if outline else f"chip tone-{tone}"
    return rx.el.span(rx.el.span(label, class_name="truncate", dir="auto"), class_name=class_name)


def ticket_key(number: Text, *, copy: bool = False) -> rx.Component:
    """Return a ticket's number; with `copy` it is a button that copies it."""
    if copy:
        return CopyButton.create(
            number, text=number, class_name="ticket-key", title=texts.TICKET_COPY_NUMBER
        )
    return rx.el.span(number, class_name="ticket-key")


def count(number: Number | Text, *, strong: bool = False, tone: Tone = "gray") -> rx.Component:
    """Return a count beside a label; `strong` puts it in a pill. The caller caps it ("99+")."""
    return rx.el.span(number, class_name=f"count pill tone-{tone}" if strong else "count")


def key_caps(*keys: str) -> rx.Component:
    """Return keys of the keyboard: `key_caps("G", "H")`."""
    return rx.el.span(*(rx.el.kbd(k) for k in keys), class_name="kbd", aria_hidden="true")
