"""What a macro can do to a ticket: each action with its check, its effect and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import cast

from ticket_app.core.automation import variables
from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid, does_not_exist, invalid_choice
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Status
from ticket_app.core.tickets import assigning, editing, status_changes
from ticket_app.core.tickets.tags import merge_tag_changes
from ticket_app.core.tickets.transitions import REQUIRED_INPUT
from ticket_app.tables import Team, Ticket

ME = "me"
MAX_DUE_DAYS = 365


class ActionType(StrEnum):
    """What one action of a macro does."""

    SET_STATUS = "set_status"
    SET_PRIORITY = "set_priority"
    SET_KIND = "set_kind"
    SET_CATEGORY = "set_category"
    SET_ASSIGNEE = "set_assignee"
    SET_TEAM = "set_team"
    ADD_TAGS = "add_tags"
    REMOVE_TAGS = "remove_tags"
    SET_DUE = "set_due_in_days"
    REPLY = "reply"
    NOTE = "note"
    FOLLOW = "follow"


MESSAGES = frozenset({ActionType.REPLY, ActionType.NOTE, ActionType.FOLLOW})
"""Actions that follow when all fields are set; they change no field."""


@dataclass(frozen=True, slots=True)
class MacroAction:
    """One action of a macro; what its value may be depends on its type."""

    type: ActionType
    value: object = None

    def as_json(self) -> dict[str, object]:
        """Return the action as it is stored and as an API shows it."""
        return {"type": str(self.type), "value": self.value}


Check = Callable[[UnitOfWork, object], object]
Apply = Callable[[UnitOfWork, Ticket, object], None]


def _check_choice(choices: Sequence[str]) -> Check:
    def check(_uow: UnitOfWork, value: object) -> object:
        if value not in choices:
            raise Invalid("actions", invalid_choice(choices, value))
        return str(value)

    return check


def _check_assignee(uow: UnitOfWork, value: object) -> object:
    if value is None or value == ME:
        return value
    person_id = _check_id(value)
    assigning.get_assignable_person(uow, person_id)
    return person_id


def _check_team(uow: UnitOfWork, value: object) -> object:
    if value is None:
        return None
    team_id = _check_id(value)
    if uow.session.get(Team, team_id) is None:
        raise Invalid("actions", does_not_exist(team_id))
    return team_id


def _check_id(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid("actions", "must have an id as a whole number")
    return value


def _check_tags(_uow: UnitOfWork, value: object) -> object:
    if not isinstance(value, list):
        raise Invalid("actions", "must have a list of tags")
    tags = validators.validate_tags("actions", [str(one) for one in cast("list[object]", value)])
    if not tags:
        raise Invalid("actions", "must name at least one tag")
    return tags


def _check_days(_uow: UnitOfWork, value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_DUE_DAYS:
        raise Invalid("actions", f"must have a number of days between 0 and {MAX_DUE_DAYS}")
    return value


def _check_text(_uow: UnitOfWork, value: object) -> object:
    text = validators.required_text("actions", value if isinstance(value, str) else None)
    variables.ensure_known("actions", text)
    return text


def _check_nothing(_uow: UnitOfWork, _value: object) -> object:
    return None


def _edit(field: str) -> Apply:
    return lambda uow, ticket, value: editing.edit(uow, ticket, {field: value})


def _assign(uow: UnitOfWork, ticket: Ticket, value: object) -> None:
    assigning.assign(uow, ticket, uow.actor.id if value == ME else cast("int | None", value))


def _add_tags(uow: UnitOfWork, ticket: Ticket, value: object) -> None:
    editing.edit(
        uow, ticket, {"tags": merge_tag_changes(ticket.tags, (), cast("list[str]", value))}
    )


def _remove_tags(uow: UnitOfWork, ticket: Ticket, value: object) -> None:
    editing.edit(
        uow, ticket, {"tags": merge_tag_changes(ticket.tags, cast("list[str]", value), ())}
    )


def _set_due(uow: UnitOfWork, ticket: Ticket, value: object) -> None:
    due_at = uow.now.replace(second=0, microsecond=0) + timedelta(days=cast("int", value))
    editing.edit(uow, ticket, {"due_at": due_at})


def _change_nothing(_uow: UnitOfWork, _ticket: Ticket, _value: object) -> None:
    """Messages and following are no changes of the ticket's fields; `macro_running` does them."""


def _words(value: object) -> str:
    return str(value).replace("_", " ")


def _names(value: object) -> str:
    return ", ".join(cast("list[str]", value))


def _person(value: object) -> str:
    return "assign to me" if value == ME else "unassign" if value is None else "assign"


@dataclass(frozen=True, slots=True)
class ActionRule:
    """How the value of an action is checked, applied and described."""

    check: Check
    apply: Apply
    describe: Callable[[object], str]


STATUSES = tuple(str(status) for status in Status if status not in REQUIRED_INPUT)
"""The statuses that a macro can set: those that need no further input."""
ACTION_RULES: Mapping[ActionType, ActionRule] = {
    ActionType.SET_STATUS: ActionRule(
        _check_choice(STATUSES),
        lambda uow, ticket, value: status_changes.change_status(uow, ticket, Status(str(value))),
        lambda value: f"set status to {_words(value)}",
    ),
    ActionType.SET_PRIORITY: ActionRule(
        _check_choice([str(one) for one in Priority]),
        _edit("priority"),
        lambda value: f"set priority to {value}",
    ),
    ActionType.SET_KIND: ActionRule(
        _check_choice([str(one) for one in Kind]),
        _edit("kind"),
        lambda value: f"set kind to {_words(value)}",
    ),
    ActionType.SET_CATEGORY: ActionRule(
        _check_choice([str(one) for one in Category]),
        _edit("category"),
        lambda value: f"set category to {_words(value)}",
    ),
    ActionType.SET_ASSIGNEE: ActionRule(_check_assignee, _assign, _person),
    ActionType.SET_TEAM: ActionRule(
        _check_team,
        lambda uow, ticket, value: assigning.set_team(uow, ticket, cast("int | None", value)),
        lambda value: "remove the team" if value is None else "set the team",
    ),
    ActionType.ADD_TAGS: ActionRule(
        _check_tags, _add_tags, lambda value: f"add tags {_names(value)}"
    ),
    ActionType.REMOVE_TAGS: ActionRule(
        _check_tags, _remove_tags, lambda value: f"remove tags {_names(value)}"
    ),
    ActionType.SET_DUE: ActionRule(
        _check_days,
        _set_due,
        lambda value: f"due in {value} {'day' if value == 1 else 'days'}",
    ),
    ActionType.REPLY: ActionRule(_check_text, _change_nothing, lambda _value: "reply"),
    ActionType.NOTE: ActionRule(_check_text, _change_nothing, lambda _value: "add internal note"),
    ActionType.FOLLOW: ActionRule(_check_nothing, _change_nothing, lambda _value: "follow"),
}


def describe(action: MacroAction) -> str:
    """Return an action in words, as in "set status to resolved"."""
    return ACTION_RULES[action.type].describe(action.value)


def validate_actions(uow: UnitOfWork, values: object) -> list[dict[str, object]]:
    """Return the actions of a macro, each type once. Raises `Invalid`."""
    if not isinstance(values, list) or not values:
        raise Invalid("actions", "must have at least one action")
    checked: dict[ActionType, dict[str, object]] = {}
    for one in cast("list[Mapping[str, object]]", values):
        action_type = one.get("type")
        if action_type not in list(ActionType):
            raise Invalid("actions", invalid_choice(list(ActionType), action_type))
        known = ActionType(str(action_type))
        if known in checked:
            raise Invalid("actions", f"must have {known} only once")
        try:
            value = ACTION_RULES[known].check(uow, one.get("value"))
        except Invalid as error:
            raise Invalid("actions", f"{known}: {error.reason}") from None
        checked[known] = MacroAction(known, value).as_json()
    return list(checked.values())


def read_actions(stored: Sequence[Mapping[str, object]]) -> list[MacroAction]:
    """Return the stored actions of a macro."""
    return [MacroAction(ActionType(str(one["type"])), one.get("value")) for one in stored]
