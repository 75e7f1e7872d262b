"""What widgets take: a plain value or a Var of it, and the two attributes made of facts."""

import reflex as rx

Text = str | rx.Var[str]
Number = int | rx.Var[int]
Flag = bool | rx.Var[bool]


def truth(fact: Flag) -> Text:
    """The attribute value "true" or "false"."""
    if isinstance(fact, rx.Var):
        return rx.cond(fact, "true", "false").to(str)
    return "true" if fact else "false"


def current(here: Flag) -> Text:
    """The value of `aria-current` for a link that may be the open page."""
    if isinstance(here, rx.Var):
        return rx.cond(here, "page", "false").to(str)
    return "page" if here else "false"


def given(value: object) -> bool:
    """Whether there may be something to show: a Var always may."""
    return isinstance(value, rx.Var) or bool(value)


def as_json(values: dict[str, Text]) -> Text:
    """A dict of values as the JSON text of an attribute."""
    return rx.Var.create(values).to_string()
