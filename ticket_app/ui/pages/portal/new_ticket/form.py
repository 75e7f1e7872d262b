"""The new ticket form's fields: parsing, validation, and conversion to a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Final

from ticket_app.core.platform.vocabulary import (
    Kind,
    Priority,
    ReproductionRate,
    Severity,
)
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.fields import FieldView
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.ticket_form.form import TicketForm, find_problem

OTHER_SECTION: Final = "other"
OFFERED_KINDS: Final = (
    Kind.BUG,
    Kind.FEATURE_REQUEST,
    Kind.IMPROVEMENT,
    Kind.SUPPORT,
    Kind.INCIDENT,
    Kind.OTHER,
)
ENVIRONMENT_LABELS: Final = {
    "browser": texts.NEW_TICKET_BROWSER,
    "os": texts.NEW_TICKET_OPERATING_SYSTEM,
    "screen": texts.NEW_TICKET_SCREEN,
    "language": texts.NEW_TICKET_LANGUAGE,
    "time_zone": texts.NEW_TICKET_TIME_ZONE,
}
"""Facts about the person's browser that are added to a bug report, with their labels."""

BUG_FIELDS: Final = (
    "plugin_name",
    "client_version",
    "steps_to_reproduce",
    "expected_behavior",
    "actual_behavior",
)
VALIDATED_FIELDS: Final = ("title", "description", "section", *BUG_FIELDS, "tags")
CHECKED_FIELDS: Final = (
    *VALIDATED_FIELDS,
    *(field.name for field in ticket_fields.fields_shown_in(FieldView.REQUESTER_FORM)),
)
"""The fields that show problems: those of this form, and those that the registry adds."""


@dataclass(frozen=True)
class RequesterTicketForm(TicketForm):
    """The values of the requester's form."""

    kind: str = Kind.BUG
    severity: str = Severity.MINOR
    section_other: str = ""
    plugin_name: str = ""
    client_version: str = ""
    steps_to_reproduce: str = ""
    expected_behavior: str = ""
    actual_behavior: str = ""
    reproduction_rate: str = ""
    browser: str = ""
    os: str = ""
    screen: str = ""
    language: str = ""
    time_zone: str = ""

    choices: ClassVar[dict[str, type[StrEnum]]] = {
        **TicketForm.choices,
        "severity": Severity,
        "reproduction_rate": ReproductionRate,
    }

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing worth saving as a draft."""
        written = ("title", "description", "section_other", "tags", *BUG_FIELDS)
        return not any(getattr(self, name).strip() for name in written)

    @property
    def is_bug(self) -> bool:
        """Whether the fields for bugs apply."""
        return self.kind == Kind.BUG

    def core_value(self, name: str) -> str | list[str] | None:
        """Return a field's value as the core expects it."""
        if name == "tags":
            return self.tag_list()
        if name == "section":
            return (
                self.section_other or OTHER_SECTION
                if self.section == OTHER_SECTION
                else self.section
            )
        return getattr(self, name) or None

    def problems(self) -> dict[str, str]:
        """Return every invalid field with the reason."""
        problems: dict[str, str] = {}
        for name in VALIDATED_FIELDS:
            if name in BUG_FIELDS and not self.is_bug:
                continue
            check = ticket_fields.editable_field_validators()[name]
            if reason := find_problem(check, name, self.core_value(name)):
                problems[name] = error_sentence(name, reason)
        return problems | self.more_problems()

    def to_ticket_draft(self) -> TicketDraft:
        """Return the ticket to file."""
        bug_values = {name: self.core_value(name) for name in BUG_FIELDS} if self.is_bug else {}
        rate = self.reproduction_rate if self.is_bug else ""
        environment = {
            name: text for name in ENVIRONMENT_LABELS if (text := getattr(self, name).strip())
        }
        return TicketDraft(
            title=self.title,
            description=self.description,
            kind=Kind(self.kind),
            priority=Priority(self.priority),
            severity=Severity(self.severity) if self.is_bug else Severity.MINOR,
            section=self.core_value("section") or None,
            reproduction_rate=ReproductionRate(rate) if rate else None,
            environment=environment or None,
            tags=self.tag_list(),
            **bug_values,
            **self.more_values(),
        )


FIELD_LABELS: Final = {
    "title": texts.NEW_TICKET_SUBJECT_TITLE,
    "description": texts.NEW_TICKET_SUBJECT_DESCRIPTION,
    "section": texts.NEW_TICKET_FIELD_SECTION,
    "plugin_name": texts.NEW_TICKET_FIELD_PLUGIN,
    "client_version": texts.NEW_TICKET_FIELD_VERSION,
    "steps_to_reproduce": texts.NEW_TICKET_FIELD_UNNAMED,
    "expected_behavior": texts.NEW_TICKET_FIELD_UNNAMED,
    "actual_behavior": texts.NEW_TICKET_FIELD_UNNAMED,
    "tags": texts.NEW_TICKET_FIELD_TAGS,
}


def error_sentence(name: str, reason: str) -> str:
    """Return the core's reason as a sentence for the field."""
    return f"{FIELD_LABELS.get(name, texts.NEW_TICKET_FIELD_UNNAMED)} {reason}"


def with_offered_choices(
    form: RequesterTicketForm, offered_sections: Sequence[tuple[str, str]]
) -> RequesterTicketForm:
    """Return the form with a kind that the page offers, and any other section written out."""
    if form.kind not in OFFERED_KINDS:
        form = replace(form, kind=Kind.SUPPORT)
    if form.section and form.section not in dict(offered_sections):
        form = replace(form, section=OTHER_SECTION, section_other=form.section)
    return form


def format_label(word: str) -> str:
    """Return a configured word as a label."""
    text = word.replace("_", " ").strip()
    return "API" if text == "api" else text[:1].upper() + text[1:]
