"""Write the models of the C# SDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from scripts.sdk_schemas import SECRETS, Enumeration, Model, Property, Type, pascal_case

HEADER = """// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

"""
NAMESPACE = "namespace Company.TicketSystem.Models;\n\n"
TYPES = {
    "integer": "long",
    "number": "double",
    "boolean": "bool",
    "string": "string",
    "time": "DateTimeOffset",
    "date": "DateOnly",
    "object": "IReadOnlyDictionary<string, JsonElement>",
    "any": "JsonElement",
}


def write(
    responses: Sequence[Model], requests: Sequence[Model], enumerations: Sequence[Enumeration]
) -> Iterator[tuple[str, str]]:
    """Yield the name and content of each file."""
    for model in responses:
        yield f"{model.name}.cs", _record(model)
    for model in requests:
        yield f"{model.name}.cs", _request(model)
    for enumeration in enumerations:
        yield f"{enumeration.name}.cs", _enum(enumeration)


def _summary(text: str, indent: str = "") -> str:
    return f"{indent}/// <summary>{escape(text, quote=False)}</summary>\n"


def _record(model: Model) -> str:
    properties = "\n".join(
        f"{_summary(f'{one.name} of the API.', '    ')}    {_property(one)}\n"
        for one in model.properties
    )
    uses = "using System.Text.Json;\n\n" if "JsonElement" in properties else ""
    return (
        f"{HEADER}{uses}{NAMESPACE}{_summary(model.description)}"
        f"public sealed record {model.name}\n{{\n{properties}{_to_string(model)}}}\n"
    )


def _property(one: Property) -> str:
    name = _name(one.type)
    if one.type.kind == "list":
        return f"public {name} {one.pascal} {{ get; init; }} = [];"
    if one.is_optional:
        return f"public {name}? {one.pascal} {{ get; init; }}"
    return f"public required {name} {one.pascal} {{ get; init; }}"


def _to_string(model: Model) -> str:
    """Return a `ToString` without secrets."""
    if not any(one.name in SECRETS for one in model.properties):
        return ""
    shown = ", ".join(
        f"{one.pascal} = {{{one.pascal}}}" for one in model.properties if one.name not in SECRETS
    )
    return (
        f"\n{_summary('Everything but the secrets.', '    ')}"
        f'    public override string ToString() => $"{model.name} {{{{ {shown} }}}}";\n'
    )


def _name(type_: Type, *, is_request: bool = False) -> str:
    if type_.kind == "list" and type_.item:
        return f"IReadOnlyList<{_name(type_.item, is_request=is_request)}>"
    if type_.kind == "any" and is_request:
        return "object"
    return type_.name or TYPES[type_.kind]


def _request(model: Model) -> str:
    properties = "\n".join(
        f"{_summary(f'{one.name} of the API.', '    ')}    {_settable(one)}\n"
        for one in model.properties
    )
    return (
        f"{HEADER}{NAMESPACE}{_summary(model.description)}"
        f"public sealed class {model.name} : RequestFields\n{{\n{properties}}}\n"
    )


def _settable(one: Property) -> str:
    name = _name(one.type, is_request=True)
    modifier, mark = ("required ", "") if one.is_required else ("", "?")
    value = f'Get<{name}{mark}>("{one.name}"){"" if mark else "!"}'
    accessors = f'get => {value}; set => Set("{one.name}", value);'
    return f"public {modifier}{name}{mark} {one.pascal} {{ {accessors} }}"


def _enum(enumeration: Enumeration) -> str:
    values = ",\n".join(
        f'    /// <summary>{one}</summary>\n    [WireName("{one}")]\n    {pascal_case(one)}'
        for one in enumeration.values
    )
    return (
        f"{HEADER}{NAMESPACE}{_summary('Values that requests may have.')}"
        f"public enum {enumeration.name}\n{{\n{values},\n}}\n"
    )
