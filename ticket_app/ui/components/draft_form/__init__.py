"""Forms whose text outlives an ended session, a broken connection and a closed tab."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.el.elements.forms import Form

from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import network_status as network_status

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("account.ts", "form_values.ts", "reports.ts", "storage.ts"):
    rx.asset(_name, shared=True)


class DraftForm(Form):
    """A form whose text is kept in the browser until the server has it.

    `place` names where it is written; without it, the page's address and the form's id do.
    `on_draft` gets `{"values": {...}, "touched": [...]}` as JSON a moment after the last key. A
    button with `data_discards_draft` gives the text up.
    """

    library = SOURCE.importable_path
    tag = "DraftForm"

    place: rx.Var[str]

    on_draft: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class DraftStatus(rx.Component):
    """Show the child of class by-server, on-device or queued, wherever the form's text is now.

    `at` is when the server saved it (ISO) and `length` how many characters it was told.
    """

    library = SOURCE.importable_path
    tag = "DraftStatus"

    at: rx.Var[str]

    length: rx.Var[int]


class ContinueDraftButton(BaseHTML):
    """A button that goes on with the draft of `place`.

    It clicks itself in the tab in which the draft was typed: nobody needs to be asked there.
    """

    library = SOURCE.importable_path
    tag = "ContinueDraftButton"

    place: rx.Var[str]

    type: rx.Var[str]


class SignOutForm(BaseHTML):
    """The form that signs out: what this account has not sent is forgotten in this browser."""

    library = SOURCE.importable_path
    tag = "SignOutForm"

    action: rx.Var[str]

    method: rx.Var[str]
