"""The page with a list of objects, and its dialogs, drawn from the description of their kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog
from ticket_app.ui.pages.admin import fields, list_items
from ticket_app.ui.pages.admin import texts as admin_texts
from ticket_app.ui.pages.admin.dialog_actions import NEW
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.records import texts
from ticket_app.ui.pages.admin.records.kinds import Field, RecordKind, RecordRow
from ticket_app.ui.pages.admin.records.state import (
    RecordDialog,
    RecordList,
    SwitchableRecordDialog,
)
from ticket_app.ui.pages.desk.lookup import SEARCH_LABELS, lookup_menu
from ticket_app.ui.widgets.buttons import ButtonVariant

RowItems = Callable[[rx.Var[RecordRow]], Sequence[rx.Component]]
"""Returns what the menu of a row has besides "Edit" and "Delete"."""


def record_page(
    kind: RecordKind,
    record_list: type[RecordList],
    dialog: type[RecordDialog],
    tabs: rx.Component,
    *more_dialogs: rx.Component,
    current_path: str,
    icon: str,
    row_items: RowItems = lambda _row: (),
) -> rx.Component:
    """Return the page; `tabs` lead to the neighbouring lists, `current_path` is the main tab."""

    def add_button(variant: ButtonVariant = "plain") -> rx.Component:
        return w.button(texts.add(kind.noun), icon="plus", variant=variant, on_click=dialog.add)

    return settings_page(
        current_path,
        rx.el.section(
            tabs, rx.el.div(w.search_field(kind.search_label), class_name="settings-filters")
        ),
        rx.cond(
            record_list.rows,
            rx.el.div(
                rx.el.ul(
                    rx.foreach(
                        record_list.rows,
                        lambda row: _record_item(record_list, dialog, row, row_items),
                    ),
                    class_name="list-unstyled settings-list",
                ),
                w.pager(
                    record_list.range_text,
                    has_previous=record_list.page > 1,
                    has_next=record_list.has_more,
                    on_previous=record_list.turn_page(-1),
                    on_next=record_list.turn_page(1),
                ),
            ),
            rx.cond(
                record_list.is_searching,
                w.empty_state(
                    "search",
                    texts.NOTHING_FOUND_TITLE,
                    texts.NOTHING_FOUND_HINT,
                    w.button_link(texts.CLEAR_SEARCH, to=kind.path),
                ),
                w.empty_state(icon, kind.empty_title, kind.empty_hint, add_button()),
            ),
        ),
        _dialogs(kind, record_list, dialog),
        *more_dialogs,
        ready=record_list.is_loaded,
        denied_reason=record_list.denied_reason,
        tools=(add_button("primary"),),
    )


def _record_item(
    record_list: type[RecordList],
    dialog: type[RecordDialog],
    row: rx.Var[RecordRow],
    row_items: RowItems,
) -> rx.Component:
    edit = dialog.edit(row.id)
    note = rx.cond(row.note != "", rx.el.span(row.note, class_name="text-muted text-small"))
    main = rx.el.div(
        list_items.name_button(row.name, edit),
        rx.cond(row.details != "", rx.el.p(row.details, class_name="text-muted", dir="auto")),
        class_name="settings-row-main",
    )
    menu = list_items.row_menu(
        row.name,
        *row_items(row),
        label=admin_texts.more_actions(row.name),
        on_edit=edit,
        on_delete=dialog.confirm_delete(row.id),
    )
    if not issubclass(dialog, SwitchableRecordDialog):
        return rx.el.li(main, menu, class_name="settings-row without-icon", key=row.id)
    return rx.el.li(
        list_items.active_switch(
            row.name,
            row.is_active,
            lambda on: [dialog.toggle_active(row.id, on), record_list.refresh],
        ),
        main,
        rx.el.div(note, class_name="settings-row-end"),
        menu,
        class_name="settings-row",
        data_inactive=rx.cond(row.is_active, "false", "true"),
        key=row.id,
    )


def edit_dialog(
    kind: RecordKind, dialog: type[RecordDialog], *on_saved: rx.event.EventType
) -> rx.Component:
    """Return the dialog that adds and changes an object; `on_saved` updates the page."""
    is_new = dialog.editing == NEW
    return fields.dialog(
        rx.cond(is_new, texts.add(kind.noun), admin_texts.edit_title(dialog.name)),
        kind.hint,
        *(_control(dialog, one, is_first=one is kind.fields[0]) for one in kind.fields),
        name=kind.edit_dialog,
        on_submit=[dialog.save(OpenDialog.fingerprint), *on_saved],
        button_label=rx.cond(is_new, texts.add(kind.noun), admin_texts.SAVE),
        error=dialog.errors[""],
    )


def _dialogs(
    kind: RecordKind, record_list: type[RecordList], dialog: type[RecordDialog]
) -> rx.Component:
    return rx.fragment(
        edit_dialog(kind, dialog, record_list.refresh),
        fields.confirm_dialog(
            admin_texts.delete_title(dialog.name),
            kind.delete_hint,
            name=kind.delete_dialog,
            on_confirm=[dialog.delete(OpenDialog.fingerprint), record_list.refresh],
            button_label=texts.delete(kind.noun),
            error=dialog.delete_error,
        ),
    )


def _control(dialog: type[RecordDialog], one: Field, *, is_first: bool) -> rx.Component:
    """Return the labelled control of a field."""
    value, error = dialog.form.texts[one.name], dialog.errors[one.name]
    match one.type:
        case "choices":
            return fields.checkbox_group(
                one.label,
                f"{one.name}.",
                dialog.options[one.name] if one.options is None else one.options,
                dialog.form.checked[one.name],
                hint=one.hint,
                error=error,
            )
        case "lookup" | "lookups":
            return _lookup_field(dialog, one)
        case "flag":
            return rx.el.div(
                rx.el.label(
                    rx.el.input(type="checkbox", name=one.name, default_checked=value == "on"),
                    rx.el.span(one.label),
                    class_name="checkbox",
                ),
                *([rx.el.p(one.hint, class_name="text-muted text-small")] if one.hint else []),
                fields.field_error(error),
                class_name="checkbox-group",
            )
        case "choice":
            options = dialog.options[one.name] if one.options is None else one.options
            control = w.select_input(one.name, options, value=value)
        case "text":
            control = w.text_area(one.name, value=value, rows=5, max_length=one.max_length)
        case "number":
            control = w.text_input(one.name, value=value, input_mode="numeric", max_length=7)
        case "line":
            control = w.text_input(
                one.name,
                value=value,
                max_length=one.max_length,
                auto_complete="off",
                placeholder=one.placeholder,
                **({"auto_focus": True} if is_first else {}),
                **({"aria_required": "true"} if one.is_required else {}),
            )
    return fields.labelled_field(one.label_in_dialog, control, error, hint=one.hint)


def _lookup_field(dialog: type[RecordDialog], one: Field) -> rx.Component:
    chosen = dialog.form.chosen[one.name]
    return rx.el.fieldset(
        rx.el.legend(one.label, class_name="field-label"),
        rx.el.div(
            rx.cond(chosen.length() == 0, rx.el.span(one.placeholder, class_name="text-muted")),
            rx.foreach(
                chosen,
                lambda entry: w.tag_chip(
                    entry.label, on_remove=dialog.toggle_choice(one.name, entry.value, entry.label)
                ),
            ),
            lookup_menu(
                w.button(admin_texts.CHOOSE, icon="plus"),
                one.lookup,
                SEARCH_LABELS[one.lookup],
                lambda entry: dialog.toggle_choice(one.name, entry.value, entry.label),
            ),
            class_name="settings-row-details",
        ),
        *([rx.el.p(one.hint, class_name="text-muted text-small")] if one.hint else []),
        fields.field_error(dialog.errors[one.name]),
        class_name="checkbox-group",
    )
