"""The details of a ticket as its requester sees them: facts and long texts."""

from __future__ import annotations

from dataclasses import dataclass

from ticket_app.core.platform import markup, text_formats
from ticket_app.core.tickets.fields import FieldView, fields_shown_in
from ticket_app.core.tickets.rows import TicketRow
from ticket_app.ui.field_values import field_label, format_value
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.new_ticket.form import ENVIRONMENT_LABELS, format_label


@dataclass(frozen=True)
class Fact:
    """A detail: name and value."""

    name: str
    value: str


def detail_facts(row: TicketRow) -> list[Fact]:
    environment = row.environment or {}
    facts = {
        texts.TICKET_SECTION: format_label(row.section),
        **{
            field_label(field): format_value(field, getattr(row, field.column))
            for field in fields_shown_in(FieldView.REQUESTER_DETAILS)
        },
        texts.TICKET_REPRODUCTION_RATE: format_label(row.reproduction_rate or ""),
        texts.TICKET_DEPARTMENT: row.department_name,
        **{
            ENVIRONMENT_LABELS.get(name) or format_label(str(name)): str(value)
            for name, value in environment.items()
            if isinstance(value, str | int | float)
        },
    }
    return [Fact(name, value) for name, value in facts.items() if value]


def rendered_long_texts(row: TicketRow) -> list[Fact]:
    rendered = {
        texts.TICKET_STEPS: render_text(row, "steps_to_reproduce"),
        texts.TICKET_EXPECTED: render_text(row, "expected_behavior"),
        texts.TICKET_ACTUAL: render_text(row, "actual_behavior"),
        texts.TICKET_NOTE: render_text(row, "public_notes") or render_text(row, "admin_feedback"),
    }
    return [Fact(name, text) for name, text in rendered.items() if text]


def render_text(row: TicketRow, name: str) -> str:
    """Render one of the ticket's texts as HTML."""
    text_format = text_formats.get_format(row, name)
    return markup.render(getattr(row, name) or "", text_format=text_format)
