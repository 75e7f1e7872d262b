"""Read what the PHP, Java and C# SDKs need of the Enterprise API's OpenAPI description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ticket_app.api.app import build_api

Kind = Literal[
    "integer",
    "number",
    "boolean",
    "string",
    "time",
    "date",
    "object",
    "any",
    "model",
    "enum",
    "list",
]
Schema = Mapping[str, Any]

RESPONSES = (
    "TokenResponse",
    "enterprise__administration__users__User",
    "enterprise__data_models__Ticket",
    "enterprise__tickets__details__TicketDetails",
    "enterprise__data_models__Comment",
    "enterprise__data_models__Attachment",
    "Approval",
    "PendingApproval",
    "BulkResults",
    "Dashboard",
    "Performance",
    "Webhook",
    "Delivery",
    "DeliveryDetails",
    "ReplayResult",
)
"""The responses of the SDKs' methods; what they refer to is read as well."""
REQUESTS = (
    "enterprise__data_models__NewTicket",
    "enterprise__data_models__TicketUpdate",
    "enterprise__data_models__NewComment",
    "SearchFilters",
    "SortKey",
    "NewWebhook",
    "WebhookUpdate",
)
NAMES = {
    "TokenResponse": "Session",
    "TicketUpdate": "TicketChanges",
    "WebhookUpdate": "WebhookChanges",
    "SortKey": "Sort",
    "MetricsSchema": "PerformanceMetrics",
    "SlaTargetStatus": "SlaTarget",
}
"""Classes that the Python SDK calls by another name than the description."""
ENUMS = {
    "status": "Status",
    "priority": "Priority",
    "ticket_type": "TicketType",
    "sort": "SortField",
    "field": "SortField",
    "order": "Order",
    "format": "TextFormat",
    "events": "EventName",
}
"""The enumeration of a request's field, by the name of the field.

Responses have texts in their place, so that a new value does not break an old client.
"""
UNUSED_FILTERS = {"cursor"}


@dataclass(frozen=True)
class Type:
    """The type of a field: `name` of a model or enumeration, `item` of a list."""

    kind: Kind
    name: str = ""
    item: Type | None = None
    is_nullable: bool = False


MOMENT = Type("time", is_nullable=True)
"""The type of a filter that the description has as a text, because days may be given too."""
SECRETS = {"access_token", "refresh_token", "secret"}
"""Fields that are not printed with their model."""


@dataclass(frozen=True)
class Property:
    """A field of a model."""

    name: str
    type: Type
    is_required: bool

    @property
    def is_optional(self) -> bool:
        """Whether the value may be missing or null."""
        return self.type.is_nullable or not self.is_required

    @property
    def camel(self) -> str:
        """The name in camel case, as in PHP and Java."""
        return self.pascal[0].lower() + self.pascal[1:]

    @property
    def pascal(self) -> str:
        """The name in Pascal case, as in C#."""
        return pascal_case(self.name)


@dataclass(frozen=True)
class Model:
    """An object of the API."""

    name: str
    description: str
    properties: Sequence[Property]


@dataclass(frozen=True)
class Enumeration:
    """The values that a field of a request may have."""

    name: str
    values: Sequence[str]


@dataclass
class Description:
    """The models of the API, read from its OpenAPI description."""

    enumerations: dict[str, Enumeration] = field(default_factory=dict[str, Enumeration])

    @cached_property
    def openapi(self) -> Schema:
        """The description itself."""
        return build_api().openapi()

    @property
    def schemas(self) -> Mapping[str, Schema]:
        """The named schemas."""
        return self.openapi["components"]["schemas"]

    def responses(self) -> list[Model]:
        """Return the models of responses by name."""
        found: dict[str, Model] = {}
        waiting = [self._key(name) for name in RESPONSES]
        while waiting:
            key = waiting.pop()
            name = self._name(key)
            schema = self.schemas[key]
            if name not in found and "properties" in schema:
                found[name] = self._model(name, schema, is_request=False)
                waiting += _references(schema)
        return [found[name] for name in sorted(found)]

    def requests(self) -> list[Model]:
        """Return the models of requests by name, and the filters of the list of tickets."""
        models = [
            self._model(self._name(key), self.schemas[key], is_request=True)
            for key in map(self._key, REQUESTS)
        ]
        parameters = self.openapi["paths"]["/tickets"]["get"]["parameters"]
        filters = [
            Property(name, MOMENT if name == "created_after" else self._filter(name, schema), False)
            for name, schema in ((one["name"], one["schema"]) for one in parameters)
            if name not in UNUSED_FILTERS
        ]
        models.append(Model("TicketFilters", "List Tickets.", filters))
        actions = self.schemas["ApprovalAction"]["enum"]
        self.enumerations["ApprovalAction"] = Enumeration("ApprovalAction", actions)
        return sorted(models, key=lambda model: model.name)

    def _filter(self, name: str, schema: Schema) -> Type:
        return self._type(name, schema, is_request=True)

    def _key(self, suffix: str) -> str:
        """Return the full key of a schema."""
        return next(
            key for key in self.schemas if key in (suffix, f"ticket_app__api__dialects__{suffix}")
        )

    def _name(self, key: str) -> str:
        name = key.rpartition("__")[2]
        return NAMES.get(name, name)

    def _model(self, name: str, schema: Schema, *, is_request: bool) -> Model:
        required = set(schema.get("required", ()))
        properties = [
            Property(key, self._type(key, value, is_request=is_request), key in required)
            for key, value in schema["properties"].items()
        ]
        if name == "TicketDetails":
            properties.append(Property("etag", Type("string", is_nullable=True), False))
        return Model(name, schema.get("description", "").partition("\n")[0], properties)

    def _type(self, name: str, schema: Schema, *, is_request: bool) -> Type:
        """Return the type of a field."""
        variants = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
        if len(variants) == 1:
            found = self._type(name, {**schema, "anyOf": (), **variants[0]}, is_request=is_request)
            return Type(found.kind, found.name, found.item, is_nullable=True)
        if variants:
            return Type("any")
        if "$ref" in schema:
            key = schema["$ref"].rpartition("/")[2]
            if "properties" in self.schemas[key]:
                return Type("model", self._name(key))
            return self._type(name, self.schemas[key], is_request=is_request)
        if "enum" in schema and is_request:
            return self._enumeration(ENUMS[name], schema["enum"])
        match schema.get("type"), schema.get("format"):
            case "array", _:
                return Type("list", item=self._type(name, schema["items"], is_request=is_request))
            case "string", "date-time":
                return Type("time")
            case "string", "date":
                return Type("date")
            case ("integer" | "number" | "boolean" | "string" | "object") as kind, _:
                return Type(kind)
            case _:
                return Type("any")

    def _enumeration(self, name: str, values: Sequence[str]) -> Type:
        known = self.enumerations.setdefault(name, Enumeration(name, values))
        if set(known.values) != set(values):
            raise ValueError(f"{name} has two sets of values: {known.values} and {values}")
        return Type("enum", name)


def pascal_case(text: str) -> str:
    """Return a name or value such as `ticket.status_changed` in Pascal case."""
    return "".join(word.capitalize() for word in re.split(r"[._]", text))


def _references(value: Any) -> Iterator[str]:
    """Yield the keys of the schemas that a schema refers to."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "$ref":
                yield inner.rpartition("/")[2]
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
