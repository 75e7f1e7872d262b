"""Macros as a kind of object with a page: those for everyone and teams, and one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final, cast

import reflex as rx

from ticket_app.core.automation import macro_actions, macros
from ticket_app.core.automation.macro_actions import ME, STATUSES, ActionType, MacroAction
from ticket_app.core.automation.macros import MacroRow
from ticket_app.core.platform.errors import REQUIRED, Invalid, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import MAX_TEXT_LENGTH, split_tags
from ticket_app.core.tickets import editing
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.ui import routes
from ticket_app.ui.field_values import CATEGORY_LABELS
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
from ticket_app.ui.pages.admin.fields import KIND_OPTIONS, PRIORITY_OPTIONS
from ticket_app.ui.pages.admin.records.kinds import (
    NAME_FIELD,
    Field,
    RecordForm,
    RecordKind,
    RecordRow,
    single_option,
    text_of,
)
from ticket_app.ui.pages.admin.records.state import RecordDialog, RecordList
from ticket_app.ui.pages.admin.records.ticket_settings import ORDER_FIELD
from ticket_app.ui.pages.desk.macros.rows import describe_actions, shown_keys
from ticket_app.ui.theme import STATUS_LOOKS

NOT_CHANGED: Final = ("", texts.NOT_CHANGED)
NO_ONE: Final = "none"
PERSON: Final = "person"
_CHOICES: Final[dict[str, ActionType]] = {
    "status": ActionType.SET_STATUS,
    "priority": ActionType.SET_PRIORITY,
    "kind": ActionType.SET_KIND,
    "category": ActionType.SET_CATEGORY,
    "reply": ActionType.REPLY,
    "note": ActionType.NOTE,
}
"""Fields of the form whose text is the value of an action."""
_TAGS: Final = {"add_tags": ActionType.ADD_TAGS, "remove_tags": ActionType.REMOVE_TAGS}
_FORM_FIELDS: Final = {
    **{str(action): name for name, action in {**_CHOICES, **_TAGS}.items()},
    str(ActionType.SET_ASSIGNEE): "assignee_id",
    str(ActionType.SET_TEAM): "set_team_id",
    str(ActionType.SET_DUE): "due_days",
    str(ActionType.FOLLOW): "follow",
}
"""The field of the form in which each action is chosen."""


def _row(row: MacroRow) -> RecordRow:
    parts = [
        texts.scope(row.scope, row.team_name),
        shown_keys(row.shortcut),
        texts.used(row.use_count, row.last_used_at),
        describe_actions(row.actions),
    ]
    return RecordRow(row.id, row.name, " · ".join(part for part in parts if part))


def _form(kind: RecordKind, uow: UnitOfWork, macro_id: int) -> RecordForm:
    row = macros.get_macro(uow, macro_id)
    actions = {one.type: one for one in macro_actions.read_actions(row.actions)}
    values: dict[str, object] = {
        name: actions[action].value for name, action in _CHOICES.items() if action in actions
    }
    for name, action in _TAGS.items():
        if action in actions:
            values[name] = ", ".join(cast("list[str]", actions[action].value))
    if ActionType.SET_DUE in actions:
        values["due_days"] = actions[ActionType.SET_DUE].value
    return kind.form(
        row.name,
        name=row.name,
        shortcut=row.shortcut,
        rank=row.rank,
        scope=row.scope,
        team_id=single_option(row.team_id, row.team_name),
        follow=ActionType.FOLLOW in actions,
        **_assignee_values(uow, actions.get(ActionType.SET_ASSIGNEE)),
        **_team_values(uow, actions.get(ActionType.SET_TEAM)),
        **values,
    )


def _assignee_values(uow: UnitOfWork, action: MacroAction | None) -> dict[str, object]:
    if action is None:
        return {"assign": ""}
    if action.value is None or action.value == ME:
        return {"assign": ME if action.value == ME else NO_ONE}
    person_id = cast("int", action.value)
    name = editing.find_row_name(uow, ticket_fields.ASSIGNEE, person_id)
    return {"assign": PERSON, "assignee_id": single_option(person_id, name)}


def _team_values(uow: UnitOfWork, action: MacroAction | None) -> dict[str, object]:
    if action is None or action.value is None:
        return {}
    team_id = cast("int", action.value)
    name = editing.find_row_name(uow, ticket_fields.TEAM, team_id)
    return {"set_team_id": single_option(team_id, name)}


def build_actions(values: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the actions of a form, in the order of its fields.

    Raises `Invalid`, and `RuleViolation` if nothing is chosen.
    """
    actions = [
        MacroAction(action, values[name]) for name, action in _CHOICES.items() if values[name]
    ]
    match text_of(values, "assign"):
        case "":
            pass
        case "person":
            if values["assignee_id"] is None:
                raise Invalid("assignee_id", REQUIRED)
            actions.append(MacroAction(ActionType.SET_ASSIGNEE, values["assignee_id"]))
        case word:
            actions.append(MacroAction(ActionType.SET_ASSIGNEE, ME if word == ME else None))
    if values["set_team_id"] is not None:
        actions.append(MacroAction(ActionType.SET_TEAM, values["set_team_id"]))
    for name, action in _TAGS.items():
        if tags := [tag.strip() for tag in split_tags(text_of(values, name)) if tag.strip()]:
            actions.append(MacroAction(action, tags))
    if values["due_days"] is not None:
        actions.append(MacroAction(ActionType.SET_DUE, values["due_days"]))
    if values["follow"]:
        actions.append(MacroAction(ActionType.FOLLOW))
    if not actions:
        raise RuleViolation(texts.NO_ACTION)
    return [action.as_json() for action in actions]


def _changes(values: Mapping[str, object]) -> dict[str, object]:
    return {
        "name": text_of(values, "name"),
        "actions": build_actions(values),
        "shortcut": values["shortcut"],
        "rank": values["rank"],
        **scope_and_team_of(values),
    }


def _form_problem(field: str, reason: str) -> tuple[str, str]:
    """Return a problem under the field of the form; one of an action begins with its type."""
    action, _, rest = reason.partition(": ")
    if field == "actions" and action in _FORM_FIELDS:
        return _FORM_FIELDS[action], rest
    return field, reason


def _create(uow: UnitOfWork, values: Mapping[str, object]) -> None:
    with problems_in_form(_form_problem):
        macros.create_macro(
            uow,
            text_of(values, "name"),
            build_actions(values),
            shortcut=cast("str | None", values["shortcut"]),
            rank=cast("int | None", values["rank"]),
            **scope_and_team_of(values),
        )


def _update(uow: UnitOfWork, macro_id: int, values: Mapping[str, object]) -> None:
    with problems_in_form(_form_problem):
        macros.update_macro(uow, macro_id, _changes(values))


def _fields(*sharing_fields: Field) -> Sequence[Field]:
    return (
        NAME_FIELD,
        Field(
            "status",
            texts.SET_STATUS,
            "choice",
            options=[
                NOT_CHANGED,
                *((word, look.word) for word, look in STATUS_LOOKS.items() if word in STATUSES),
            ],
        ),
        Field(
            "priority",
            texts.SET_PRIORITY,
            "choice",
            options=[NOT_CHANGED, *PRIORITY_OPTIONS],
        ),
        Field(
            "kind",
            texts.SET_KIND,
            "choice",
            options=[NOT_CHANGED, *KIND_OPTIONS],
        ),
        Field(
            "category",
            texts.SET_CATEGORY,
            "choice",
            options=[NOT_CHANGED, *CATEGORY_LABELS.items()],
        ),
        Field(
            "assign",
            texts.ASSIGN,
            "choice",
            options=[
                NOT_CHANGED,
                (ME, texts.ASSIGN_ME),
                (NO_ONE, texts.ASSIGN_NO_ONE),
                (PERSON, texts.ASSIGN_PERSON),
            ],
        ),
        Field("assignee_id", texts.ASSIGNEE, "lookup", placeholder=texts.NO_ASSIGNEE),
        Field(
            "set_team_id",
            texts.SET_TEAM,
            "lookup",
            lookup="team",
            placeholder=texts.NOT_CHANGED,
        ),
        Field("add_tags", texts.ADD_TAGS, hint=texts.TAGS_HINT, max_length=1300),
        Field("remove_tags", texts.REMOVE_TAGS, hint=texts.TAGS_HINT, max_length=1300),
        Field("due_days", texts.DUE_DAYS, "number"),
        Field("reply", texts.REPLY, "text", hint=texts.CONTENT_HINT, max_length=MAX_TEXT_LENGTH),
        Field("note", texts.NOTE, "text", max_length=MAX_TEXT_LENGTH),
        Field("follow", texts.FOLLOW, "flag"),
        Field("shortcut", texts.FIELD_KEY, hint=texts.KEY_HINT, max_length=1),
        ORDER_FIELD,
        *sharing_fields,
    )


SHARED_MACROS: Final = RecordKind(
    key="macro",
    path=routes.ADMIN_MACROS,
    noun=texts.MACRO,
    hint=texts.MACRO_HINT,
    search_label=texts.MACRO_SEARCH,
    empty_title=texts.MACRO_EMPTY,
    empty_hint=texts.MACRO_EMPTY_HINT,
    delete_hint=texts.MACRO_DELETE_HINT,
    fields=_fields(SHARED_SCOPE_FIELD, TEAM_FIELD),
    list_rows=list_for_everyone(macros.list_macros, _row, texts.MACROS.lower()),
    load=lambda uow, row_id: _form(SHARED_MACROS, uow, row_id),
    create=_create,
    update=_update,
    delete=macros.delete_macro,
)
OWN_MACROS: Final = replace(
    SHARED_MACROS,
    key="own-macro",
    path=routes.MY_MACROS,
    fields=_fields(OWN_SCOPE_FIELD),
    list_rows=list_own(macros.list_macros, _row),
    load=lambda uow, row_id: _form(OWN_MACROS, uow, row_id),
    load_options=own_scope_options,
)


class SharedMacroList(RecordList, rx.State):
    """The macros of everyone and of teams."""

    _kind: ClassVar[RecordKind] = SHARED_MACROS


class SharedMacroDialog(RecordDialog, rx.State):
    """The shared macro in the open dialog."""

    _kind: ClassVar[RecordKind] = SHARED_MACROS


class OwnMacroList(RecordList, rx.State):
    """The person's own macros and those of their team."""

    _kind: ClassVar[RecordKind] = OWN_MACROS


class OwnMacroDialog(RecordDialog, rx.State):
    """The person's own macro in the open dialog."""

    _kind: ClassVar[RecordKind] = OWN_MACROS
