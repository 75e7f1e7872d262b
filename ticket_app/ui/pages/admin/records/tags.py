"""Tags as a kind of object with a settings page, and the dialog that merges two of them."""

from __future__ import annotations

from typing import ClassVar, Final

import reflex as rx

from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import tag_changes
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import (
    OpenDialog,
    close_dialog,
    ensure_dialog_is_current,
    open_dialog,
)
from ticket_app.ui.durations import pluralize
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.admin import texts as admin_texts
from ticket_app.ui.pages.admin.dialog_actions import try_write
from ticket_app.ui.pages.admin.records import texts
from ticket_app.ui.pages.admin.records.kinds import Field, RecordForm, RecordKind, RecordRow
from ticket_app.ui.pages.admin.records.state import RecordDialog, RecordList
from ticket_app.ui.pages.desk.lookup import lookup_menu

DIALOG: Final = "merge-tag"


def _list_tags(
    uow: UnitOfWork, search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    page, total = tag_changes.list_tags(uow, search, page_request)
    return [RecordRow(row.id, row.name, pluralize(row.tickets, "ticket")) for row in page.rows], (
        total
    )


def _tag_form(uow: UnitOfWork, tag_id: int) -> RecordForm:
    row = tag_changes.get_tag(uow, tag_id)
    return TAGS.form(row.name, name=row.name)


TAGS: Final = RecordKind(
    key="tag",
    path=routes.ADMIN_TAGS,
    noun=texts.TAG,
    hint=texts.TAG_HINT,
    search_label=texts.TAG_SEARCH,
    empty_title=texts.TAG_EMPTY,
    empty_hint=texts.TAG_EMPTY_HINT,
    delete_hint=texts.TAG_DELETE_HINT,
    fields=(Field("name", texts.FIELD_NAME, max_length=60),),
    list_rows=_list_tags,
    load=_tag_form,
    create=lambda uow, values: tag_changes.create_tag(uow, str(values.get("name") or "")),
    update=lambda uow, row_id, values: tag_changes.rename_tag(
        uow, row_id, str(values.get("name") or "")
    ),
    delete=tag_changes.delete_tag,
)


class TagList(RecordList, rx.State):
    """The list of tags."""

    _kind: ClassVar[RecordKind] = TAGS


class TagDialog(RecordDialog, rx.State):
    """The tag in the open dialog."""

    _kind: ClassVar[RecordKind] = TAGS


def _tag_name(uow: UnitOfWork, tag_id: int) -> str:
    return tag_changes.get_tag(uow, tag_id).name


class TagMergeDialog(rx.State):
    """The tag that is merged, and the tag that it becomes."""

    tag_id: int = 0
    name: str = ""
    into: str = ""
    error: str = ""

    @bridge.event
    async def open_for(self, tag_id: int) -> None:
        """Open the dialog for a tag."""
        self.name = await bridge.read(self, _tag_name, tag_id)
        self.tag_id, self.into, self.error = tag_id, "", ""
        await open_dialog(self, DIALOG, tag_id, self.name)

    @bridge.event
    def choose(self, name: str) -> None:
        """Choose the tag that the other one becomes; none with an empty name."""
        self.into = name[:60]

    @bridge.submission
    async def merge(self, seen: str, _form: bridge.FormData) -> bridge.Events:
        """Merge the tags."""
        await ensure_dialog_is_current(self, DIALOG, seen)
        if not self.into:
            self.error = texts.TAG_INTO_EMPTY
            return None
        error = await try_write(self, tag_changes.merge_tags, self.tag_id, self.into)
        if error:
            self.error = error.message
            return None
        await close_dialog(self)
        return w.toast(texts.tags_merged(self.name, self.into), tone="green")


def tag_merge_dialog(on_change: rx.event.EventType) -> rx.Component:
    """Return the dialog, once per page; `on_change` runs after it is submitted."""
    return fields.dialog(
        texts.tag_merge_title(TagMergeDialog.name),
        texts.TAG_MERGE_HINT,
        rx.el.fieldset(
            rx.el.legend(texts.TAG_INTO, class_name="field-label"),
            rx.el.div(
                rx.cond(
                    TagMergeDialog.into == "",
                    rx.el.span(texts.TAG_INTO_EMPTY, class_name="text-muted"),
                    w.tag_chip(TagMergeDialog.into, on_remove=TagMergeDialog.choose("")),
                ),
                lookup_menu(
                    w.button(admin_texts.CHOOSE, icon="plus"),
                    "tag",
                    texts.TAG_SEARCH,
                    lambda entry: TagMergeDialog.choose(entry.value),
                ),
                class_name="settings-row-details",
            ),
            class_name="checkbox-group",
        ),
        name=DIALOG,
        on_submit=[TagMergeDialog.merge(OpenDialog.fingerprint), on_change],
        button_label=texts.TAG_MERGE,
        error=TagMergeDialog.error,
        width="460px",
    )
