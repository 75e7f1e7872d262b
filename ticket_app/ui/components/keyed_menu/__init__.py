"""A dropdown menu whose items are also chosen by a key each."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("component.tsx", shared=True)


class KeyedMenuContent(rx.Component):
    """The content of a dropdown menu with `KeyedMenuItem`s."""

    library = SOURCE.importable_path
    tag = "KeyedMenuContent"

    size: rx.Var[str]

    align: rx.Var[str]


class KeyedMenuItem(rx.Component):
    """An item that `item_key` chooses while the menu is open."""

    library = SOURCE.importable_path
    tag = "KeyedMenuItem"

    item_key: rx.Var[str]

    shown_keys: rx.Var[str]

    on_choose: rx.EventHandler[rx.event.no_args_event_spec]
