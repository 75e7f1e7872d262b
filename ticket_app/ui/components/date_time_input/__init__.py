"""A field for a day and a time in the browser's own time zone."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("local_time.ts", shared=True)


class DateTimeInput(BaseHTML):
    """A `datetime-local` field. `value`, and the form's value, is an ISO time in UTC."""

    library = SOURCE.importable_path
    tag = "DateTimeInput"

    name: rx.Var[str]

    value: rx.Var[str]


class TimeZoneName(rx.Component):
    """The name of the browser's time zone."""

    library = SOURCE.importable_path
    tag = "TimeZoneName"
