"""A form that the browser posts itself, and that keeps its text if the server rejects it."""

from typing import Final

import reflex as rx

from ticket_app.ui.components import dom as dom
from ticket_app.ui.post_form import PostForm

SOURCE: Final = rx.asset("component.tsx", shared=True)


class RememberedForm(PostForm):
    """A posted form; the page with `?error` in its URL shows what was entered before.

    `name` distinguishes the forms of the product.
    """

    library = SOURCE.importable_path
    tag = "RememberedForm"

    name: rx.Var[str]
