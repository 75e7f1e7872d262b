"""Names of fields and parameters that a client has misspelt, and what they were meant to be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from typing import Any, get_args, get_origin, get_type_hints

from fastapi.routing import APIRoute
from pydantic import BaseModel
from typing_extensions import is_typeddict

from ticket_app.core.platform.errors import Reason, printable
from ticket_app.spelling import suggestion

EVERYWHERE = frozenset({"format"})
"""Query parameters that frameworks' clients send to any path."""


def misspelt(
    names: Iterable[str], known: Collection[str], answered: Collection[str], *, place: str = "field"
) -> list[tuple[str, str]]:
    """A problem for each name that is unknown but close to a known one.

    `answered` are the fields of the document's answers: clients send back whole objects.
    """
    problems: list[tuple[str, str]] = []
    for name in names:
        if name in known or name in answered or name in EVERYWHERE:
            continue
        meant = suggestion(name, known)
        if meant is not None:
            phrase = f'is not known; did you mean "{meant}"?'
            problems.append((printable(name), Reason(phrase, "misspelt", meant=meant, place=place)))
    return problems


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, type[BaseModel] | None]:
    """The fields of a body, each with the model that its value is read with, if there is one."""
    return {
        field.alias or name: next(models_in(field.annotation), None)
        for name, field in model.model_fields.items()
    }


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation holds: its own, of a list's items, of an optional value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def misspelt_in(
    body: Any, model: type[BaseModel], answered: Collection[str], path: str = ""
) -> list[tuple[str, str]]:
    """A problem for each misspelt field of a body and of the objects in it that it defines."""
    if isinstance(body, list):
        return [
            problem
            for n, one in enumerate(body)
            for problem in misspelt_in(one, model, answered, f"{path}{n}.")
        ]
    if not isinstance(body, dict):
        return []
    known = fields_of(model)
    unknown = [name for name in body if name not in known]
    problems = [(path + name, why) for name, why in misspelt(unknown, known, answered)]
    for name, inner in known.items():
        if inner is not None and name in body:
            problems += misspelt_in(body[name], inner, answered, f"{path}{name}.")
    return problems


@lru_cache(maxsize=512)
def names_in(annotation: Any) -> frozenset[str]:
    """The names of all fields that an answer of this type has, at any depth."""
    found: set[str] = set()
    origin = get_origin(annotation)
    shape = origin if is_typeddict(origin) else annotation
    if is_typeddict(shape):
        hints = get_type_hints(shape)
        found |= hints.keys()
        for hint in hints.values():
            found |= names_in(hint)
    for part in get_args(annotation):
        try:
            found |= names_in(part)
        except TypeError:  # a part that is no type, such as a word of a Literal's list
            continue
    return frozenset(found)


ROUTES: dict[str, list[APIRoute]] = {}
"""The routes of each document, by the name of its voice."""


class KnownNames:
    """The names that a request to one route may use, and those that its document answers with."""

    def __init__(self, route: APIRoute, document: str) -> None:
        ROUTES.setdefault(document, []).append(route)
        self.document = document
        self.parameters = tuple(dict.fromkeys(_parameters(route.dependant)))
        field = route.body_field
        self.model = field and next(models_in(field.field_info.annotation), None)
        self.form = _form_of(route)

    @cached_property
    def answered(self) -> frozenset[str]:
        """The fields of the document's answers."""
        return frozenset().union(
            *(names_in(route.response_model) for route in ROUTES[self.document])
        )


def _parameters(dependant: Any) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _parameters(inner)


def _form_of(route: APIRoute) -> dict[str, bool]:
    """The fields of the form that a route takes, each with whether it must be sent."""
    body = (route.openapi_extra or {}).get("requestBody", {})
    schema = body.get("content", {}).get("multipart/form-data", {}).get("schema", {})
    required = schema.get("required", ())
    return {name: name in required for name in schema.get("properties", {})}
