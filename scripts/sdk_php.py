"""Write the models of the PHP SDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scripts.sdk_schemas import SECRETS, Enumeration, Model, Property, Type, pascal_case

HEADER = """<?php

// Written by scripts/sdk_models.py from the API's OpenAPI description. Do not edit.

declare(strict_types=1);

namespace Company\\TicketSystem\\Model;

"""
TYPES = {
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "string": "string",
    "time": "\\DateTimeImmutable",
    "date": "\\DateTimeImmutable",
    "object": "array",
    "any": "mixed",
    "list": "array",
}


def write(
    responses: Sequence[Model], requests: Sequence[Model], enumerations: Sequence[Enumeration]
) -> Iterator[tuple[str, str]]:
    """Yield the name and content of each file."""
    for model in responses:
        yield f"{model.name}.php", _class(model)
    for enumeration in enumerations:
        yield f"{enumeration.name}.php", _enum(enumeration)
    yield "Shapes.php", _shapes(requests)


def _class(model: Model) -> str:
    lists = "".join(
        f"     * @param {_documented(one.type)} ${one.camel}\n"
        for one in model.properties
        if one.type.kind in ("list", "object")
    )
    parameters = "".join(
        f"        public {_declared(one)} ${one.camel},\n" for one in model.properties
    )
    values = "".join(f"            {_reading(one)},\n" for one in model.properties)
    return (
        f"{HEADER}use Company\\TicketSystem\\Internal\\Fields;\n\n"
        f"/** {model.description} */\nfinal readonly class {model.name}\n{{\n"
        + (f"    /**\n{lists}     */\n" if lists else "")
        + f"    public function __construct(\n{parameters}    ) {{\n    }}\n\n"
        "    /** @internal */\n"
        "    public static function read(Fields $fields): self\n    {\n"
        f"        return new self(\n{values}        );\n    }}\n{_debug_info(model)}}}\n"
    )


def _debug_info(model: Model) -> str:
    """Return the method that hides secrets from `var_dump`."""
    secrets = [one for one in model.properties if one.name in SECRETS]
    if not secrets:
        return ""
    hidden = ", ".join(f"'{one.camel}' => '...'" for one in secrets)
    return (
        "\n    /** @return array<string, mixed> */\n"
        "    public function __debugInfo(): array\n    {\n"
        f"        return [{hidden}] + get_object_vars($this);\n    }}\n"
    )


def _declared(one: Property) -> str:
    name = one.type.name if one.type.kind == "model" else TYPES[one.type.kind]
    can_be_null = one.is_optional and one.type.kind not in ("any", "list")
    return f"?{name}" if can_be_null else name


def _documented(type_: Type) -> str:
    if type_.kind == "object":
        return "array<string, mixed>"
    if type_.kind == "list" and type_.item:
        return f"list<{_documented(type_.item)}>"
    return type_.name or TYPES[type_.kind]


def _reading(one: Property) -> str:
    prefix = "optional" if one.is_optional else ""

    def method(name: str) -> str:
        return prefix + name.capitalize() if prefix else name

    item = one.type.item
    if one.type.kind == "model":
        return f"$fields->{method('model')}('{one.name}', {one.type.name}::read(...))"
    if item and item.kind == "model":
        return f"$fields->models('{one.name}', {item.name}::read(...))"
    if item:
        return f"$fields->{'values' if item.kind == 'any' else item.kind + 's'}('{one.name}')"
    if one.type.kind == "any":
        return f"$fields->value('{one.name}')"
    return f"$fields->{method(one.type.kind)}('{one.name}')"


def _enum(enumeration: Enumeration) -> str:
    cases = "".join(f"    case {pascal_case(one)} = '{one}';\n" for one in enumeration.values)
    return f"{HEADER}enum {enumeration.name}: string\n{{\n{cases}}}\n"


def _shapes(requests: Sequence[Model]) -> str:
    """Return the shapes of the arrays that methods take, for PHPStan, Psalm and PhpStorm."""
    types = "".join(f" *\n * @phpstan-type {model.name} {_shape(model)}\n" for model in requests)
    return (
        f"{HEADER}/**\n * The fields of the arrays that methods take, for static analysis.\n"
        f"{types} */\ninterface Shapes\n{{\n}}\n"
    )


def _shape(model: Model) -> str:
    fields = "".join(
        f" *     {one.name}{'' if one.is_required else '?'}: {_accepted(one.type)},\n"
        for one in model.properties
    )
    return f"array{{\n{fields} * }}"


def _accepted(type_: Type) -> str:
    if type_.kind == "list" and type_.item:
        found = f"list<{_accepted(type_.item)}>"
    elif type_.kind == "enum":
        found = f"{type_.name}|value-of<{type_.name}>"
    elif type_.kind == "time":
        found = "\\DateTimeInterface|string"
    else:
        found = {"any": "int|string"}.get(type_.kind) or TYPES[type_.kind]
    return f"{found}|null" if type_.is_nullable else found
