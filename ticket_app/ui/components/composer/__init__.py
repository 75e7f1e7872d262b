"""The form in which a reply or an internal note is written."""

from typing import Final

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from ticket_app.ui.components import date_time_input as date_time_input
from ticket_app.ui.components import dom as dom
from ticket_app.ui.components import file_uploads as file_uploads
from ticket_app.ui.components import markdown_editor as markdown_editor
from ticket_app.ui.components import suggestions as suggestions
from ticket_app.ui.components import texts as texts
from ticket_app.ui.components.draft_form import DraftForm

SOURCE: Final = rx.asset("component.tsx", shared=True)
SCHEDULING: Final = rx.asset("scheduling.tsx", shared=True)
for _name in ("rules.ts", "schedule.ts"):
    rx.asset(_name, shared=True)


class Composer(DraftForm):
    """A draft form that rejects an empty text and warns about mentions in a public reply.

    The form data has `then`: the status to set, or ""; and `send_at`: an ISO time in UTC, or "".
    Ctrl+Shift+Enter sends a public reply with `first_status`. Files dropped or pasted go to
    `upload_url`, if given.
    """

    library = SOURCE.importable_path
    tag = "Composer"

    first_status: rx.Var[str]

    upload_url: rx.Var[str]

    upload_fields: rx.Var[dict[str, str]]

    on_uploaded: rx.EventHandler[rx.event.no_args_event_spec]


class ComposerWarning(rx.Component):
    """The warning of the composer before the text is sent."""

    library = SOURCE.importable_path
    tag = "ComposerWarning"


class SavedRepliesButton(BaseHTML):
    """A button that opens the list of saved replies at the caret."""

    library = SOURCE.importable_path
    tag = "SavedRepliesButton"


class SaveTextButton(BaseHTML):
    """A button whose `on_save` receives the text as it is written now."""

    library = SOURCE.importable_path
    tag = "SaveTextButton"

    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class SendWithStatus(rx.Component):
    """An item of a menu that sends the text and sets `status`."""

    library = SOURCE.importable_path
    tag = "SendWithStatus"

    status: rx.Var[str]


class Schedule(rx.Component):
    """Around `ScheduleItems` and `ScheduleFields`; the form has `cancel_on_reply`: "on" or ""."""

    library = SCHEDULING.importable_path
    tag = "Schedule"


class ScheduleItems(rx.Component):
    """Items of a menu that send the text later."""

    library = SCHEDULING.importable_path
    tag = "ScheduleItems"


class ScheduleFields(rx.Component):
    """The fields for a date and time to send at, shown by an item of the menu."""

    library = SCHEDULING.importable_path
    tag = "ScheduleFields"
