"""Saved replies as a kind of object with a page: those for everyone and teams, and one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final, cast

import reflex as rx

from ticket_app.core.automation import saved_replies
from ticket_app.core.automation.saved_replies import SavedReplyRow
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import MAX_TEXT_LENGTH
from ticket_app.ui import routes
from ticket_app.ui.pages.admin.automation import texts
from ticket_app.ui.pages.admin.automation.shared import (
    OWN_SCOPE_FIELD,
    SHARED_SCOPE_FIELD,
    TEAM_FIELD,
    list_for_everyone,
    list_own,
    own_scope_options,
    problems_in_form,
    scope_and_team_of,
)
from ticket_app.ui.pages.admin.records.kinds import (
    Field,
    RecordForm,
    RecordKind,
    RecordRow,
    single_option,
    text_of,
)
from ticket_app.ui.pages.admin.records.state import RecordDialog, RecordList

PREVIEW_LENGTH: Final = 160


def _row(row: SavedReplyRow) -> RecordRow:
    parts = [
        texts.scope(row.scope, row.team_name),
        f"/{row.shortcut}" if row.shortcut else "",
        texts.used(row.use_count, row.last_used_at),
        " ".join(row.content.split())[:PREVIEW_LENGTH],
    ]
    return RecordRow(row.id, row.title, " · ".join(part for part in parts if part))


def _form(kind: RecordKind, uow: UnitOfWork, reply_id: int) -> RecordForm:
    row = saved_replies.get_reply(uow, reply_id)
    return kind.form(
        row.title,
        name=row.title,
        content=row.content,
        shortcut=row.shortcut,
        scope=row.scope,
        team_id=single_option(row.team_id, row.team_name),
    )


def _form_problem(field: str, reason: str) -> tuple[str, str]:
    """Return a problem under the field of the form, which calls the title the name."""
    return "name" if field == "title" else field, reason


def _create(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    with problems_in_form(_form_problem):
        saved_replies.create_reply(
            uow,
            text_of(values, "name"),
            text_of(values, "content"),
            shortcut=cast("str | None", values["shortcut"]),
            **scope_and_team_of(values),
        )


def _update(uow: UnitOfWork, reply_id: int, values: Mapping[str, object]) -> None:
    changes = {
        "title": text_of(values, "name"),
        "content": text_of(values, "content"),
        "shortcut": values["shortcut"],
        **scope_and_team_of(values),
    }
    with problems_in_form(_form_problem):
        saved_replies.update_reply(uow, reply_id, changes)


def _fields(*sharing_fields: Field) -> Sequence[Field]:
    return (
        Field("name", texts.FIELD_TITLE),
        Field(
            "content",
            texts.FIELD_CONTENT,
            "text",
            hint=texts.CONTENT_HINT,
            max_length=MAX_TEXT_LENGTH,
            must_be_filled=True,
        ),
        Field(
            "shortcut",
            texts.FIELD_SHORTCUT_WORD,
            hint=texts.SHORTCUT_WORD_HINT,
            max_length=saved_replies.MAX_SHORTCUT_LENGTH,
        ),
        *sharing_fields,
    )


SHARED_REPLIES: Final = RecordKind(
    key="saved-reply",
    path=routes.ADMIN_SAVED_REPLIES,
    noun=texts.SAVED_REPLY,
    hint=texts.SAVED_REPLY_HINT,
    search_label=texts.SAVED_REPLY_SEARCH,
    empty_title=texts.SAVED_REPLY_EMPTY,
    empty_hint=texts.SAVED_REPLY_EMPTY_HINT,
    delete_hint=texts.SAVED_REPLY_DELETE_HINT,
    fields=_fields(SHARED_SCOPE_FIELD, TEAM_FIELD),
    list_rows=list_for_everyone(saved_replies.list_replies, _row, texts.SAVED_REPLIES.lower()),
    load=lambda uow, row_id: _form(SHARED_REPLIES, uow, row_id),
    create=_create,
    update=_update,
    delete=saved_replies.delete_reply,
)
OWN_REPLIES: Final = replace(
    SHARED_REPLIES,
    key="own-saved-reply",
    path=routes.MY_SAVED_REPLIES,
    empty_hint=texts.MY_SAVED_REPLY_EMPTY_HINT,
    fields=_fields(OWN_SCOPE_FIELD),
    list_rows=list_own(saved_replies.list_replies, _row),
    load=lambda uow, row_id: _form(OWN_REPLIES, uow, row_id),
    load_options=own_scope_options,
)


class SharedReplyList(RecordList, rx.State):
    """The saved replies of everyone and of teams."""

    _kind: ClassVar[RecordKind] = SHARED_REPLIES


class SharedReplyDialog(RecordDialog, rx.State):
    """The shared saved reply in the open dialog."""

    _kind: ClassVar[RecordKind] = SHARED_REPLIES


class OwnReplyList(RecordList, rx.State):
    """The person's own saved replies and those of their team."""

    _kind: ClassVar[RecordKind] = OWN_REPLIES


class OwnReplyDialog(RecordDialog, rx.State):
    """The person's own saved reply in the open dialog."""

    _kind: ClassVar[RecordKind] = OWN_REPLIES
