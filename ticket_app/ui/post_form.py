"""An HTML form that the browser posts itself, because cookies are only set by such a request.

`rx.el.form` always prevents the browser from sending the form.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class PostForm(BaseHTML):
    """A form that the browser posts to the path `action`."""

    tag = "form"

    action: rx.Var[str]

    method: rx.Var[str] = rx.Var.create("post")

    enc_type: rx.Var[str]

    auto_complete: rx.Var[str]


def post_form(*children: Any, action: str, **props: Any) -> rx.Component:
    """Return a form with these fields that the browser posts to the path `action`."""
    return PostForm.create(*children, action=action, method="post", **props)
