"""The composition root: the pages and the API, joined into the program that is served."""

from __future__ import annotations

import reflex as rx

from ticket_app.api.app import build_api
from ticket_app.api.kit.threads import few_threads
from ticket_app.jobs.worker import working
from ticket_app.serving import compose
from ticket_app.ui import theme
from ticket_app.ui.page_calls import apologise
from ticket_app.ui.pages import add_pages
from ticket_app.ui.tail import followed
from ticket_app.ui.visitor import session_holds

app = compose(
    rx.App(
        head_components=theme.head(),
        stylesheets=theme.STYLESHEETS,
        html_lang="en",
        backend_exception_handler=apologise,
    ),
    build_api(),
    is_alive=session_holds,
)
app.register_lifespan_task(few_threads)
app.register_lifespan_task(followed)
app.register_lifespan_task(working)
add_pages(app)
