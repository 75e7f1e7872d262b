"""Read the settings from the environment and describe what is wrong with them."""

from __future__ import annotations

import difflib
import json
import os
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from ticket_app.name_suggestions import suggest_name
from ticket_app.settings.variables import VARIABLE_NAMES, Settings

RENAMED_VARIABLES = {"TICKET_ALLOWED_ORIGINS": "TICKET_CORS_ORIGINS"}
"""Variables that are no longer read, and their new names."""
MIN_NAME_SIMILARITY = 0.88
"""The similarity, from 0 to 1, of a name with two typing mistakes."""


class InvalidSettings(ValueError):
    """The environment contains invalid settings.

    `problems` has a message for each, with the name of the variable and never its value.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read from the environment once.

    Raises:
        InvalidSettings: with a message for each invalid variable.
    """
    problems, _ = check_variable_names()
    try:
        loaded = Settings()
    except ValidationError as error:
        raise InvalidSettings([*problems, *map(_describe_problem, error.errors())]) from None
    except SettingsError as error:
        raise InvalidSettings([*problems, f"{error}."]) from None
    if problems:
        raise InvalidSettings(problems)
    return loaded


def reload_settings(**overrides: object) -> Settings:
    """Read the environment again, for tests and commands."""
    settings.cache_clear()
    for name, value in overrides.items():
        os.environ[f"TICKET_{name.upper()}"] = (
            value if isinstance(value, str) else json.dumps(value)
        )
    return settings()


def check_variable_names() -> tuple[list[str], list[str]]:
    """Return errors and warnings about `TICKET_` variables that are not settings.

    A misspelt name of a setting is an error. Other names get only a warning, because Kubernetes,
    for example, sets `TICKET_PORT` for a service called ticket.
    """
    known_names = {_variable_name(name) for name in Settings.model_fields}
    env_file = Settings.model_config.get("env_file")
    env_file_values = dotenv_values(env_file) if isinstance(env_file, str | Path) else {}
    errors: list[str] = []
    warnings: list[str] = []
    for name in sorted({name.upper() for name in (*os.environ, *env_file_values)} - known_names):
        if not name.startswith("TICKET_") or name.startswith("TICKET_TEST_"):
            continue
        if name in RENAMED_VARIABLES:
            errors.append(f"{name} was renamed to {RENAMED_VARIABLES[name]}. Set that instead.")
            continue
        short_name, known_short_names = (
            name.removeprefix("TICKET_"),
            [n.removeprefix("TICKET_") for n in known_names],
        )
        suggested = suggest_name(short_name, known_short_names) or next(
            iter(difflib.get_close_matches(short_name, known_short_names, 1, MIN_NAME_SIMILARITY)),
            None,
        )
        if suggested:
            errors.append(f"{name} is not a setting. Did you mean TICKET_{suggested}?")
        else:
            warnings.append(f"{name} is not a setting and is ignored.")
    return errors, warnings


def _variable_name(field: str) -> str:
    """Return the name of the variable that a field is read from."""
    return field if field.isupper() else f"TICKET_{field.upper()}"


def _variable_that_is_set(name: str) -> str:
    """Return the name by which a setting with several names was set."""
    names = next((names for names in VARIABLE_NAMES.values() if name in names), ())
    return next((other for other in names if other in os.environ), name)


_PROBLEM_REASONS = {
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "extra_forbidden": "is not a known option",
    "missing": "is missing",
}


def _describe_problem(problem: ErrorDetails) -> str:
    """Return the message for a problem that pydantic found, without the value."""
    location = [str(part) for part in problem["loc"]]
    context = problem.get("ctx") or {}
    kind = problem["type"]
    if kind == "value_error":
        reason = str(context["error"])
    elif kind == "greater_than_equal":
        reason = f"must be at least {context['ge']}"
    elif kind == "less_than_equal":
        reason = f"must be at most {context['le']}"
    elif kind == "literal_error":
        reason = f"must be {context['expected']}"
    elif kind == "string_too_short":
        reason = f"must have at least {context['min_length']} characters"
    else:
        reason = _PROBLEM_REASONS.get(kind, "has an invalid value")
    if not location:
        return reason
    name, inner_location = _variable_that_is_set(_variable_name(location[0])), location[1:]
    if inner_location and inner_location[0].isdigit():
        inner_location[0] = f"entry {int(inner_location[0]) + 1}"
    return f"{', '.join([name, *inner_location])} {reason}."
