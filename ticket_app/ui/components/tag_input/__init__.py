"""A field for tags."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import suggestions as suggestions
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("tags.ts", shared=True)


class TagInput(BaseHTML):
    """Tags under `name` as one comma-separated text; at most `limit`.

    `suggestions` are offered below until chosen; while a tag is typed, those that match it and
    known tags from `search_url` (an address that ends with ? or &), in a list. `outside` is the id
    of no form, so that what is being typed is not submitted. Further props go to the input.
    """

    library = SOURCE.importable_path
    tag = "TagInput"

    name: rx.Var[str]

    value: rx.Var[str]

    suggestions: rx.Var[list[str]]

    search_url: rx.Var[str]

    limit: rx.Var[int]

    outside: rx.Var[str]

    on_change: rx.EventHandler[rx.event.input_event]
