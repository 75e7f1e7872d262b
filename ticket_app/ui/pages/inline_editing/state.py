"""The comment or file of a ticket that is being edited in its place."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.attachments.attachments import FileFacts
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.errors import Invalid, VersionConflict
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.inline_editing import rows, texts
from ticket_app.ui.pages.inline_editing.rows import VersionRow

COMMENT_TEXT_ID = "edited-comment"
FILE_NAME_ID = "edited-file-name"
FILE_DESCRIPTION_ID = "edited-file-description"
CONFIRM_ID = "confirm-removal"


class InlineEditor(rx.State, mixin=True):
    """One comment or file at a time is edited, or asked about before it is deleted.

    Everything is refused if the comment or file has changed since it was opened; the newer text is
    shown then, and saving again replaces it.
    """

    comment_id: int = 0
    comment_text: str = ""
    deleted_comment_id: int = 0
    file_key: str = ""
    """The file whose form is open: where it is shown, and its id."""
    file_name: str = ""
    file_description: str = ""
    removed_file_key: str = ""
    newer_text: str = ""
    error: str = ""
    history_id: int = 0
    versions: list[VersionRow] = []

    _original: str = ""
    _original_file: FileFacts = FileFacts("", None)

    def _close(self) -> None:
        self.comment_id = self.deleted_comment_id = 0
        self.file_key = self.removed_file_key = ""
        self.newer_text = self.error = ""

    def _reload_page(self) -> bridge.Events:
        """Return the event that loads the ticket again."""
        raise NotImplementedError

    @bridge.event
    def close_editor(self) -> None:
        """Close the form and leave everything as it is."""
        self._close()

    @bridge.event
    async def edit_comment(self, comment_id: int) -> bridge.Events:
        """Open the form of a comment in its place."""
        self._close()
        self.comment_text = self._original = await bridge.read(self, rows.read_comment, comment_id)
        self.comment_id = comment_id
        return w.focus_on(COMMENT_TEXT_ID)

    @bridge.submission
    async def save_comment(self, comment_id: int, form: bridge.FormData) -> bridge.Events:
        """Save the text, unless the comment has changed since the form was opened."""
        text = str(form.get("body", ""))
        if comment_id != self.comment_id:
            return None
        if not text.strip():
            self.error = texts.COMMENT_EMPTY
            return w.focus_on(COMMENT_TEXT_ID)
        try:
            await bridge.write(
                self, commenting.edit_comment, comment_id, text, original=self._original
            )
        except VersionConflict:
            self._original = self.newer_text = await bridge.read(
                self, rows.read_comment, comment_id
            )
            self.error = texts.CONFLICT
            return None
        except Invalid as error:
            self.error = texts.invalid_field(texts.COMMENT_TEXT, error.reason)
            return None
        self._close()
        await self._reload_history()
        return self._finished(texts.COMMENT_SAVED)

    @bridge.event
    async def ask_to_delete(self, comment_id: int) -> bridge.Events:
        """Ask before a comment is deleted."""
        self._close()
        self._original = await bridge.read(self, rows.read_comment, comment_id)
        self.deleted_comment_id = comment_id
        return w.focus_on(CONFIRM_ID)

    @bridge.event
    async def delete_comment(self, comment_id: int) -> bridge.Events:
        """Delete the comment that was asked about."""
        if comment_id != self.deleted_comment_id:
            return None
        try:
            await bridge.write(self, commenting.delete_comment, comment_id, original=self._original)
        except VersionConflict:
            self._close()
            return self._finished(texts.DELETE_CONFLICT, tone="amber")
        self._close()
        return self._finished(texts.COMMENT_DELETED)

    @bridge.event
    async def toggle_history(self, comment_id: int) -> None:
        """Show the earlier texts of a comment, or hide them."""
        self.history_id = 0 if self.history_id == comment_id else comment_id
        await self._reload_history()

    async def _reload_history(self) -> None:
        self.versions = (
            await bridge.read(self, rows.read_versions, self.history_id) if self.history_id else []
        )

    @bridge.event
    async def edit_file(self, place: str, file_id: str) -> bridge.Events:
        """Open the form of a file in its place."""
        self._close()
        facts = await bridge.read(self, rows.read_file_facts, UUID(file_id))
        self._original_file = facts
        self.file_name, self.file_description = facts.name, facts.description or ""
        self.file_key = f"{place}:{file_id}"
        return w.focus_on(FILE_NAME_ID)

    @bridge.submission
    async def save_file(self, file_key: str, form: bridge.FormData) -> bridge.Events:
        """Save the name and description, unless they have changed since the form was opened."""
        file_id = file_key.rpartition(":")[2]
        if not file_id or file_key != self.file_key:
            return None
        try:
            await bridge.write(
                self,
                attachments.edit_file,
                UUID(file_id),
                name=str(form.get(FILE_NAME_ID, "")),
                description=str(form.get(FILE_DESCRIPTION_ID, "")),
                original=self._original_file,
            )
        except VersionConflict:
            facts = await bridge.read(self, rows.read_file_facts, UUID(file_id))
            self._original_file = facts
            self.newer_text = "\n".join(filter(None, (facts.name, facts.description)))
            self.error = texts.CONFLICT
            return None
        except Invalid as error:
            labels = {"name": texts.FILE_NAME, "description": texts.FILE_DESCRIPTION}
            self.error = texts.invalid_field(labels.get(error.field, error.field), error.reason)
            return None
        self._close()
        return self._finished(texts.FILE_SAVED)

    @bridge.event
    def ask_to_remove(self, place: str, file_id: str) -> bridge.Events:
        """Ask before a file is removed."""
        self._close()
        self.removed_file_key = f"{place}:{file_id}"
        return w.focus_on(CONFIRM_ID)

    @bridge.event
    async def remove_file(self, file_id: str) -> bridge.Events:
        """Remove the file that was asked about."""
        if not self.removed_file_key.endswith(f":{file_id}"):
            return None
        await bridge.write(self, attachments.remove_file, UUID(file_id))
        self._close()
        return self._finished(texts.FILE_REMOVED)

    def _finished(self, message: str, tone: str = "green") -> bridge.Events:
        reload = self._reload_page()
        return [*(reload if isinstance(reload, list) else [reload]), w.toast(message, tone=tone)]
