"""What a page with a list of objects is described by: its fields, its texts and its use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui.pages.admin import fields, texts
from ticket_app.ui.pages.admin.records import texts as record_texts
from ticket_app.ui.pages.desk.lookup import LookupKind, LookupOption

PAGE_SIZE: Final = 50
FieldType = Literal["line", "text", "number", "flag", "choice", "choices", "lookup", "lookups"]
"""`choice` and `choices` have options; `lookup` and `lookups` search for objects by name."""
MAX_CHOSEN: Final = 500
NAME: Final = "name"
"""The field that every object must have."""


@dataclass(frozen=True)
class RecordRow:
    """An object in a list."""

    id: int
    name: str
    details: str = ""
    note: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class RecordForm:
    """An object in the dialog: its values by field, as the controls hold them."""

    name: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    checked: dict[str, list[str]] = field(default_factory=dict)
    chosen: dict[str, list[LookupOption]] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A field of the dialog; an error about it begins with its label."""

    name: str
    label: str
    type: FieldType = "line"
    hint: str = ""
    max_length: int = 120
    options: Sequence[tuple[str, str]] | None = None
    """The options of a choice; None if they are loaded with the dialog."""
    lookup: LookupKind = "staff"
    placeholder: str = ""
    must_be_filled: bool = False
    """Whether a value is required; the name always is."""

    @property
    def label_in_dialog(self) -> str:
        """The label, marked if the field may stay empty; choices and lookups say so themselves."""
        is_typed = self.type in ("line", "text", "number")
        return (
            record_texts.optional(self.label) if is_typed and not self.is_required else self.label
        )

    @property
    def is_required(self) -> bool:
        return self.must_be_filled or self.name == NAME

    def parse(self, form: Mapping[str, object], chosen: Mapping[str, list[LookupOption]]) -> object:
        """Return the field's value in a submitted form. Raises `Invalid`."""
        text = str(form.get(self.name) or "").strip()
        match self.type:
            case "line" | "text" | "choice":
                return text or None
            case "number":
                try:
                    return fields.parse_whole_number(text)
                except ValueError:
                    raise Invalid(self.name, texts.MUST_BE_NUMBER_OR_EMPTY) from None
            case "flag":
                return self.name in form
            case "choices":
                return fields.checked_values(form, f"{self.name}.")
            case "lookup":
                return next((int(one.value) for one in chosen.get(self.name, [])), None)
            case "lookups":
                return [int(one.value) for one in chosen.get(self.name, [])]


ListRows = Callable[[UnitOfWork, str, PageRequest], tuple[list[RecordRow], int]]
"""Returns the rows of a page that match a search, and how many match in all."""


@dataclass(frozen=True)
class RecordKind:
    """One kind of object: how it is listed, shown in the dialog, saved and deleted.

    `noun` begins the messages ("Team"); `load_options` returns the options of those choices that
    have none of their own.
    """

    key: str
    path: str
    noun: str
    hint: str
    search_label: str
    empty_title: str
    empty_hint: str
    delete_hint: str
    fields: Sequence[Field]
    list_rows: ListRows
    load: Callable[[UnitOfWork, int], RecordForm]
    create: Callable[[UnitOfWork, dict[str, object]], object]
    update: Callable[[UnitOfWork, int, dict[str, object]], object]
    delete: Callable[[UnitOfWork, int], object]
    set_active: Callable[[UnitOfWork, int, bool], object] | None = None
    load_options: Callable[[UnitOfWork], dict[str, list[tuple[str, str]]]] | None = None
    saved_detail: str = ""

    @property
    def edit_dialog(self) -> str:
        """The name of the dialog that adds and changes an object."""
        return self.key

    @property
    def delete_dialog(self) -> str:
        """The name of the confirmation before an object is deleted."""
        return f"delete-{self.key}"

    def parse(
        self, form: Mapping[str, object], chosen: Mapping[str, list[LookupOption]]
    ) -> dict[str, object]:
        """Return the values of a submitted form. Raises one `Invalid` for all wrong fields."""
        problems: list[tuple[str, str]] = []
        values: dict[str, object] = {}
        for one in self.fields:
            try:
                values[one.name] = one.parse(form, chosen)
            except Invalid as error:
                problems += error.problems
        if problems:
            raise Invalid.from_problems(problems)
        return values

    def empty_form(self) -> RecordForm:
        """Return the form of a new object."""
        return RecordForm(
            texts={
                one.name: one.options[0][0] if one.type == "choice" and one.options else ""
                for one in self.fields
                if one.type in ("line", "text", "number", "choice", "flag")
            },
            checked={one.name: [] for one in self.fields if one.type == "choices"},
            chosen={one.name: [] for one in self.fields if one.type in ("lookup", "lookups")},
        )

    def form(self, name: str, /, **values: object) -> RecordForm:
        """Return the form of an object: texts, lists of values, or lists of lookup options."""
        form = self.empty_form()
        for one in self.fields:
            value = values.get(one.name)
            if one.type == "choices" and isinstance(value, list):
                form.checked[one.name] = list(value)
            elif one.type in ("lookup", "lookups") and isinstance(value, list):
                form.chosen[one.name] = list(value)
            elif one.type == "flag":
                form.texts[one.name] = "on" if value else ""
            elif one.name in form.texts:
                form.texts[one.name] = "" if value is None else str(value)
        return RecordForm(name, form.texts, form.checked, form.chosen)

    def field_named(self, name: str) -> Field | None:
        """Return a field by its name."""
        return next((one for one in self.fields if one.name == name), None)

    @property
    def error_labels(self) -> dict[str, str]:
        """The beginnings of the sentences about the fields."""
        return {one.name: one.label for one in self.fields}

    def subject(self, form: RecordForm) -> str:
        """Return an object in a sentence."""
        return record_texts.subject(self.noun, form.name)


NAME_FIELD: Final = Field("name", record_texts.FIELD_NAME)


def text_of(values: Mapping[str, object], name: str) -> str:
    """Return a parsed value as text, "" if there is none."""
    return str(values.get(name) or "")


def single_option(row_id: int | None, name: str | None) -> list[LookupOption]:
    """Return a chosen object as the value of a `lookup` field."""
    return [] if row_id is None else [LookupOption(str(row_id), name or "")]


def search_and_paginate(
    rows: Sequence[RecordRow], search: str, page_request: PageRequest
) -> tuple[list[RecordRow], int]:
    """Return one page of the rows that have each word of the search, and their number."""
    words = search.casefold().split()
    found = [
        row for row in rows if all(word in f"{row.name} {row.details}".casefold() for word in words)
    ]
    return found[page_request.offset : page_request.offset + page_request.limit], len(found)
