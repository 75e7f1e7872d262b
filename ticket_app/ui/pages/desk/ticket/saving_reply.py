"""Save the text of the composer as a saved reply."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import reflex as rx

from ticket_app.core.platform.validators import MAX_TEXT_LENGTH
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.components.composer import SaveTextButton
from ticket_app.ui.pages.admin.automation.saved_replies import OWN_REPLIES
from ticket_app.ui.pages.admin.records.kinds import RecordKind
from ticket_app.ui.pages.admin.records.state import RecordDialog
from ticket_app.ui.pages.admin.records.view import edit_dialog
from ticket_app.ui.pages.desk.macros import texts


class ComposedReplyDialog(RecordDialog, rx.State):
    """The saved reply that is made of the composer's text."""

    _kind: ClassVar[RecordKind] = OWN_REPLIES

    @bridge.event
    async def add_composed(self, text: str) -> bridge.Events:
        """Open the dialog with the text that is in the composer."""
        text = text.strip()[:MAX_TEXT_LENGTH]
        if not text:
            return w.toast(texts.NO_TEXT, tone="amber")
        form = self._kind.empty_form()
        await self._open_new(replace(form, texts={**form.texts, "content": text}))
        return None


def save_reply_button() -> rx.Component:
    """Return the button in the composer."""
    return SaveTextButton.create(
        rx.icon("bookmark-plus", size=16, stroke_width=1.75),
        class_name="icon-button",
        title=texts.SAVE_REPLY,
        aria_label=texts.SAVE_REPLY,
        on_save=ComposedReplyDialog.add_composed,
    )


def save_reply_dialog() -> rx.Component:
    """Return the dialog, for the page around the composer."""
    return edit_dialog(OWN_REPLIES, ComposedReplyDialog)
