"""Detect misspelt names of fields and query parameters, and suggest the correct ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from typing import get_args, get_origin, get_type_hints

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from typing_extensions import is_typeddict

from ticket_app.core.platform.errors import Reason, to_printable
from ticket_app.core.platform.json_types import JsonValue
from ticket_app.name_suggestions import suggest_name

IGNORED_PARAMETERS = frozenset({"format"})
"""Query parameters that client frameworks send to any path."""


def find_misspelt(
    names: Iterable[str],
    known: Collection[str],
    response_fields: Collection[str],
    *,
    location: str = "field",
) -> list[tuple[str, str]]:
    """Return a problem for each name that is unknown but close to a known one.

    `response_fields` are accepted too: clients send back whole objects.
    """
    problems: list[tuple[str, str]] = []
    for name in names:
        if name in known or name in response_fields or name in IGNORED_PARAMETERS:
            continue
        suggested = suggest_name(name, known)
        if suggested is not None:
            phrase = f'is not known; did you mean "{suggested}"?'
            problems.append(
                (to_printable(name), Reason(phrase, "misspelt", meant=suggested, place=location))
            )
    return problems


@cache
def body_fields(model: type[BaseModel]) -> Mapping[str, type[BaseModel] | None]:
    """Return the fields of a body, each with the model of its value, if it has one."""
    return {
        field.alias or name: next(models_in_annotation(field.annotation), None)
        for name, field in model.model_fields.items()
    }


def models_in_annotation(annotation: object) -> Iterator[type[BaseModel]]:
    """Return the models in an annotation, including those of list items and optional values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in_annotation(argument)


def find_misspelt_in_body(
    body: JsonValue, model: type[BaseModel], response_fields: Collection[str], path: str = ""
) -> list[tuple[str, str]]:
    """Return a problem for each misspelt field of a body and of its nested models."""
    if isinstance(body, list):
        return [
            problem
            for n, item in enumerate(body)
            for problem in find_misspelt_in_body(item, model, response_fields, f"{path}{n}.")
        ]
    if not isinstance(body, dict):
        return []
    known = body_fields(model)
    unknown = [name for name in body if name not in known]
    problems = [
        (path + name, reason) for name, reason in find_misspelt(unknown, known, response_fields)
    ]
    for name, inner_model in known.items():
        if inner_model is not None and name in body:
            problems += find_misspelt_in_body(
                body[name], inner_model, response_fields, f"{path}{name}."
            )
    return problems


@lru_cache(maxsize=512)
def response_field_names(annotation: object) -> frozenset[str]:
    """Return the names of all fields of a response type, at any depth."""
    field_names: set[str] = set()
    origin = get_origin(annotation)
    typed_dict = origin if is_typeddict(origin) else annotation
    if is_typeddict(typed_dict):
        hints = get_type_hints(typed_dict)
        field_names |= hints.keys()
        for hint in hints.values():
            field_names |= response_field_names(hint)
    for argument in get_args(annotation):
        try:
            field_names |= response_field_names(argument)
        except TypeError:  # not a type, such as a value of a Literal
            continue
    return frozenset(field_names)


ROUTES_BY_DOCUMENT: dict[str, list[APIRoute]] = {}
"""The routes of each dialect, by the name of its error renderer."""


class KnownRouteNames:
    """The names that requests to a route may use, and the fields of its dialect's responses."""

    def __init__(self, route: APIRoute, document: str) -> None:
        ROUTES_BY_DOCUMENT.setdefault(document, []).append(route)
        self.document = document
        self.parameters = tuple(dict.fromkeys(_query_parameters(route.dependant)))
        field = route.body_field
        self.model = field and next(models_in_annotation(field.field_info.annotation), None)
        self.form_fields = _form_fields(route)

    @cached_property
    def response_fields(self) -> frozenset[str]:
        """Return the fields of all the dialect's responses."""
        return frozenset[str]().union(
            *(
                response_field_names(route.response_model)
                for route in ROUTES_BY_DOCUMENT[self.document]
            )
        )


def _query_parameters(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _query_parameters(inner)


def _form_fields(route: APIRoute) -> dict[str, bool]:
    """Return the fields of the route's form, each with whether it is required."""
    body = (route.openapi_extra or {}).get("requestBody", {})
    schema = body.get("content", {}).get("multipart/form-data", {}).get("schema", {})
    required = schema.get("required", ())
    return {name: name in required for name in schema.get("properties", {})}
