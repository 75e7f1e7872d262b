"""Write the models of the Java SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scripts.sdk_schemas import SECRETS, Enumeration, Model, Property, Type

HEADER = """// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

package com.company.ticketsystem.model;

"""
TYPES = {
    "integer": ("long", "Long"),
    "number": ("double", "Double"),
    "boolean": ("boolean", "Boolean"),
    "string": ("String", "String"),
    "time": ("Instant", "Instant"),
    "date": ("LocalDate", "LocalDate"),
    "object": ("Map<String, Object>", "Map<String, Object>"),
    "any": ("Object", "Object"),
}
"""The type of a value that is always there, and of one that may be null."""
READERS = {"boolean": "flag"}
"""Methods of `JsonObject` that cannot have the name of their type in Java."""
IMPORTS = {
    "Instant": "java.time",
    "LocalDate": "java.time",
    "List": "java.util",
    "Map": "java.util",
}


def write(
    responses: Sequence[Model], requests: Sequence[Model], enumerations: Sequence[Enumeration]
) -> Iterator[tuple[str, str]]:
    """Yield the name and content of each file."""
    for model in responses:
        yield f"{model.name}.java", _record(model)
    for model in requests:
        yield f"{model.name}.java", _request(model)
    for enumeration in enumerations:
        yield f"{enumeration.name}.java", _enum(enumeration)


def _file(body: str, *imports: str) -> str:
    used = [f"{package}.{name}" for name, package in IMPORTS.items() if _uses(body, name)]
    lines = "".join(f"import {name};\n" for name in sorted([*imports, *used]))
    return f"{HEADER}{lines}\n{body}" if lines else HEADER + body


def _uses(body: str, name: str) -> bool:
    return any(f"{name}{end}" in body for end in ("<", " ")) and f"record {name}" not in body


def _record(model: Model) -> str:
    parameters = ",\n".join(f"        {_type(one)} {one.camel}" for one in model.properties)
    values = ",\n".join(f"                {_reading(one)}" for one in model.properties)
    return _file(
        f"/** {_javadoc(model.description)} Missing values are null. */\n"
        f"public record {model.name}(\n{parameters}) {{\n\n"
        "    /** Read it from a response. */\n"
        f"    public static {model.name} read(JsonObject fields) {{\n"
        f"        return new {model.name}(\n{values});\n    }}\n{_to_string(model)}}}\n",
        "com.company.ticketsystem.json.JsonObject",
    )


def _to_string(model: Model) -> str:
    """Return a `toString` without secrets."""
    if not any(one.name in SECRETS for one in model.properties):
        return ""
    shown = ' + ", '.join(
        f'{one.camel}=" + {one.camel}' for one in model.properties if one.name not in SECRETS
    )
    return (
        "\n    /** Everything but the secrets. */\n    @Override\n    public String toString() {\n"
        f'        return "{model.name}[{shown} + "]";\n    }}\n'
    )


def _javadoc(text: str) -> str:
    return re.sub(r"`(.+?)`", r"{@code \1}", text)


def _type(one: Property) -> str:
    return _name(one.type, boxed=one.is_optional)


def _name(type_: Type, *, boxed: bool) -> str:
    if type_.kind == "list" and type_.item:
        return f"List<{_name(type_.item, boxed=True)}>"
    return type_.name or TYPES[type_.kind][boxed]


def _reading(one: Property) -> str:
    def method(name: str) -> str:
        return f"optional{name.capitalize()}" if one.is_optional else name

    item = one.type.item
    if one.type.kind == "model":
        return f'fields.{method("model")}("{one.name}", {one.type.name}::read)'
    if item and item.kind == "model":
        return f'fields.models("{one.name}", {item.name}::read)'
    if item:
        return f'fields.{"values" if item.kind == "any" else item.kind + "s"}("{one.name}")'
    if one.type.kind == "any":
        return f'fields.value("{one.name}")'
    return f'fields.{method(READERS.get(one.type.kind, one.type.kind))}("{one.name}")'


def _request(model: Model) -> str:
    required = [one for one in model.properties if one.is_required]
    arguments = ", ".join(f"{_name(one.type, boxed=False)} {one.camel}" for one in required)
    settings = "".join(f'        set("{one.name}", {one.camel});\n' for one in required)
    setters = "".join(_setter(model.name, one) for one in model.properties if not one.is_required)
    return _file(
        f"/** {_javadoc(model.description)} */\n"
        f"public final class {model.name} extends RequestFields {{\n"
        "    /** With what is required. */\n"
        f"    public {model.name}({arguments}) {{\n{settings}    }}\n"
        f"{setters}}}\n"
    )


def _setter(model: str, one: Property) -> str:
    """Return the methods that set a field; those of changes also take null, which clears it."""
    can_be_null = model.endswith("Changes") and one.type.is_nullable
    types = {_name(one.type, boxed=False): None, _name(one.type, boxed=can_be_null): None}
    return "".join(
        f"\n    /** Set {{@code {one.name}}}. */\n"
        f"    public {model} {one.camel}({type_} {one.camel}) {{\n"
        f'        set("{one.name}", {one.camel});\n        return this;\n    }}\n'
        for type_ in types
    )


def _enum(enumeration: Enumeration) -> str:
    cases = ",\n".join(
        f'    {one.upper().replace(".", "_")}("{one}")' for one in enumeration.values
    )
    return (
        f"{HEADER}/** Values that requests may have. */\n"
        f"public enum {enumeration.name} {{\n{cases};\n\n"
        f"    private final String value;\n\n    {enumeration.name}(String value) {{\n"
        "        this.value = value;\n    }\n\n    /** The value as the API has it. */\n"
        "    @Override\n    public String toString() {\n        return value;\n    }\n}\n"
    )
