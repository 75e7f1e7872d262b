"""A form that the browser posts itself, and whose text outlives a refusal by the server."""

from typing import Final

import reflex as rx

from ticket_app.ui.components import dom as dom
from ticket_app.ui.post_form import PostForm

SOURCE: Final = rx.asset("component.tsx", shared=True)


class RememberedForm(PostForm):
    """A posted form; the page with `?error` in its address shows what was typed again.

    `name` tells the forms of the product apart.
    """

    library = SOURCE.importable_path
    tag = "RememberedForm"

    name: rx.Var[str]
