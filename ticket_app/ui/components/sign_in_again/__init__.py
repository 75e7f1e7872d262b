"""A dialog to sign in again when the session has ended."""

from typing import Final

import reflex as rx

from ticket_app.ui.components import draft_form as draft_form
from ticket_app.ui.components import failure_reports as failure_reports
from ticket_app.ui.components import installed_app as installed_app
from ticket_app.ui.components import texts as texts

SOURCE: Final = rx.asset("component.tsx", shared=True)
rx.asset("open.ts", shared=True)


class SignInAgain(rx.Component):
    """The dialog of `account` (a username); the server opens it by the page command `signInAgain`.

    It also tells the other components whose page this is, so that unsent text is kept for that
    account only.
    """

    library = SOURCE.importable_path
    tag = "SignInAgain"

    account: rx.Var[str]
