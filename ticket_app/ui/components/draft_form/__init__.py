"""Forms whose text survives an ended session, a broken connection and a closed tab."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.el.elements.forms import Form

from ticket_app.ui.components import browser_notifications as browser_notifications
from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import installed_app as installed_app
from ticket_app.ui.components import network_status as network_status

SOURCE: Final = rx.asset("component.tsx", shared=True)
for _name in ("account.ts", "form_values.ts", "reports.ts", "storage.ts"):
    rx.asset(_name, shared=True)


class DraftForm(Form):
    """A form whose text is kept in the browser until the server has it.

    `place` identifies the draft; without it, the URL and the form's id do. `on_draft` gets
    `{"values": {...}, "touched": [...]}` as JSON a moment after the last key. A button with
    `data_discards_draft` deletes the draft.
    """

    library = SOURCE.importable_path
    tag = "DraftForm"

    place: rx.Var[str]

    on_draft: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class DraftStatus(rx.Component):
    """Show the child of class on-server, on-device or queued, depending on where the text is saved.

    `at` is when the server saved it (ISO) and `length` how many characters it received.
    """

    library = SOURCE.importable_path
    tag = "DraftStatus"

    at: rx.Var[str]

    length: rx.Var[int]


class ContinueDraftButton(BaseHTML):
    """A button that continues the draft of `place`.

    It clicks itself in the tab in which the draft was typed.
    """

    library = SOURCE.importable_path
    tag = "ContinueDraftButton"

    place: rx.Var[str]

    type: rx.Var[str]


class SignOutForm(BaseHTML):
    """The sign-out form; it deletes this account's unsent text from the browser."""

    library = SOURCE.importable_path
    tag = "SignOutForm"

    action: rx.Var[str]

    method: rx.Var[str]
