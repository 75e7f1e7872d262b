"""An ordinary HTML form, for what must reach the server as a request: cookies are set only there.

`rx.el.form` always keeps the browser from sending the form itself.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class PostForm(BaseHTML):
    """A form the browser itself posts to `action` (a path of this desk)."""

    tag = "form"

    action: rx.Var[str]

    method: rx.Var[str] = rx.Var.create("post")

    enc_type: rx.Var[str]

    auto_complete: rx.Var[str]


def post_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """Fields and a submit button that the browser posts to `action`."""
    return PostForm.create(*children, action=action, method="post", **props)
