"""What the composers of staff and requesters have in common: the draft, its files and sending."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.platform.errors import NotFound, VersionConflict
from ticket_app.ui import bridge, routes
from ticket_app.ui.double_click import LastSubmission
from ticket_app.ui.pages.composer import comments, texts
from ticket_app.ui.pages.composer.comments import NOTE, REPLY, ComposerDraft, SentComment
from ticket_app.ui.rows import FileRow

MAX_DRAFT_LENGTH = 50_000


class CommentComposer(rx.State, mixin=True):
    """The composer of the ticket in the address. The text stays in the browser."""

    ticket_id: int = 0
    draft_text: str = ""
    draft_files: list[FileRow] = []
    saved_at: str = ""
    saved_length: int = 0
    load_count: int = 0
    """The form is rendered again when the page loads: its fields take their text only then."""

    _audiences: ClassVar[tuple[str, ...]] = (REPLY,)
    _unsent_text: str = ""
    _last_submission: LastSubmission = LastSubmission()

    @bridge.event
    async def load(self) -> None:
        """Load the draft; the page comes next and shows whether there is such a ticket."""
        await self._load()

    async def _load(self) -> None:
        reference = routes.ticket_reference(self.router.url.path)
        try:
            draft = await bridge.read(self, comments.load_draft, reference, self._audiences)
        except NotFound:
            self.ticket_id = 0
            return
        self._show_draft(draft)

    def _show_draft(self, draft: ComposerDraft) -> None:
        self.ticket_id, self.load_count = draft.ticket_id, self.load_count + 1
        self.draft_text = self._unsent_text = draft.text
        self.draft_files, self.saved_at = draft.files, draft.saved_at

    @bridge.event
    async def autosave(self, ticket_id: int, text: str) -> None:
        """Save the draft unless it was just sent.

        `ticket_id` comes from the page, because another ticket may have been opened since the last
        key.
        """
        if not ticket_id or self._is_double_click(ticket_id, self._audience(), text):
            return
        if bool(text.strip()) != bool(self._unsent_text.strip()):
            await self._note_writing(bool(text.strip()))
        saved_at = await bridge.write(
            self, comments.save_draft, ticket_id, self._audience(), text[:MAX_DRAFT_LENGTH]
        )
        if ticket_id == self.ticket_id:
            self.saved_at, self.saved_length, self._unsent_text = saved_at, len(text), text

    @bridge.event
    async def reload_draft_files(self) -> None:
        """Show the files of the draft after an upload."""
        draft = await bridge.read(self, comments.load_draft, self.ticket_id, self._audiences)
        self.draft_files = draft.files

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Remove a file from the draft."""
        await bridge.write(self, attachments.remove_file, UUID(file_id))
        self.draft_files = [file for file in self.draft_files if file.id != file_id]

    async def _note_writing(self, is_begun: bool) -> None:
        """Do what follows when a text is begun, or removed again."""

    def _audience(self) -> str:
        """Return for whom the text is; a requester always replies."""
        return REPLY

    def _ensure_shown(self, ticket_id: int) -> None:
        """Raise `VersionConflict` if the event comes from the page of another ticket."""
        if not ticket_id or ticket_id != self.ticket_id:
            raise VersionConflict(texts.COMPOSER_OTHER_TICKET_OPEN)

    def _is_double_click(self, ticket_id: int, audience: str, text: str) -> bool:
        """Return whether the same text was sent a moment ago."""
        return self._last_submission.is_double_click(str(ticket_id), audience, text.strip())

    async def _send(
        self, text: str, *, internal: bool = False, new_status: str = ""
    ) -> SentComment:
        """Send the text with the files of the draft; an error of the core leaves all as it is."""
        sent = await bridge.write(
            self,
            comments.send_comment,
            self.ticket_id,
            text,
            internal=internal,
            new_status=new_status,
            audiences=self._audiences,
        )
        self._forget_text(text, NOTE if internal else REPLY)
        return sent

    def _forget_text(self, text: str, audience: str) -> None:
        """Forget a draft that was sent."""
        self._last_submission = LastSubmission.sent_now(str(self.ticket_id), audience, text.strip())
        self._unsent_text = self.draft_text = self.saved_at = ""
        self.draft_files = []
