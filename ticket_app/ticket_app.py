"""The composition root: the pages and the API, joined into the program that is served."""

from __future__ import annotations

import reflex as rx

from ticket_app.api.app import build_api
from ticket_app.serving import compose
from ticket_app.ui import theme
from ticket_app.ui.page_calls import apologise
from ticket_app.ui.pages import add_pages
from ticket_app.ui.visitor import session_holds

HEAD = [
    rx.el.link(
        rel="preload",
        href=theme.FONT,
        type="font/woff2",
        cross_origin="anonymous",
        custom_attrs={"as": "font"},
    ),
    *(rx.el.script(src=path) for path in theme.SCRIPTS),
    *(rx.el.script(src=path, type="module") for path in theme.MODULES),
]

app = compose(
    rx.App(
        head_components=HEAD,
        stylesheets=theme.STYLESHEETS,
        html_lang="en",
        backend_exception_handler=apologise,
    ),
    build_api(),
    is_alive=session_holds,
)
add_pages(app)
