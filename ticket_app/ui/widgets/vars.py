"""Types of widget arguments (a plain value or a Var of it) and helpers for attributes."""

import reflex as rx

Text = str | rx.Var[str]
Number = int | rx.Var[int]
Flag = bool | rx.Var[bool]


def bool_attribute(flag: Flag) -> Text:
    """Return the attribute value "true" or "false"."""
    if isinstance(flag, rx.Var):
        return rx.cond(flag, "true", "false").to(str)
    return "true" if flag else "false"


def aria_current(is_current: Flag) -> Text:
    """Return the value of `aria-current` for a link that may be the open page."""
    if isinstance(is_current, rx.Var):
        return rx.cond(is_current, "page", "false").to(str)
    return "page" if is_current else "false"


def may_be_present(value: object) -> bool:
    """Return whether there may be something to show: a Var always may."""
    return isinstance(value, rx.Var) or bool(value)
