"""What both forms of a new ticket show alike: the form with its draft, or the offer to continue."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.tickets.fields import FieldType, FieldView, TicketField, fields_shown_in
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import ContinueDraftButton, DraftForm
from ticket_app.ui.field_values import choice_labels, field_label
from ticket_app.ui.pages.ticket_form import texts


def draft_form(
    state: Any, place: str, *content: rx.Component, class_name: str = "form"
) -> rx.Component:
    """Return the form of a `TicketFormState`, whose text is kept until it is submitted."""
    return DraftForm.create(
        *content,
        on_submit=state.submit,
        class_name=class_name,
        no_validate=True,
        place=place,
        on_draft=state.autosave,
        key=state.attempt,
    )


def submission_error(state: Any, text: str) -> rx.Component:
    """Return why the ticket was not opened, with `text` about what was entered."""
    return rx.cond(state.submit_error, w.callout(state.submit_error, text))


def draft_save_indicator(state: Any) -> rx.Component:
    """Show where the text of the form is saved."""
    return w.saved_indicator(state.is_saved, state.saved_at, state.saved_length)


def _template_picker(state: Any) -> rx.Component:
    """Return the choice of a template, if there are any."""
    return rx.cond(
        state.templates,
        rx.el.div(
            w.field(
                texts.TICKET_FORM_TEMPLATE,
                w.select_input(
                    "template",
                    state.templates,
                    value=state.template,
                    on_change=state.use_template,
                ),
                name="template",
                hint=texts.TICKET_FORM_TEMPLATE_HINT,
                optional=True,
            ),
            class_name="template-picker",
        ),
    )


def form_or_draft_offer(
    state: Any, place: str, form: rx.Component, about: rx.Component | None = None
) -> rx.Component:
    """Return the form, or the offer to continue the draft; `about` says more about the draft."""
    offer = rx.el.section(
        rx.el.p(texts.TICKET_FORM_DRAFT_FROM, w.time_ago(state.saved_at)),
        rx.el.strong(state.draft_title, dir="auto"),
        *([about] if about is not None else []),
        rx.cond(
            state.files,
            rx.el.span(
                texts.TICKET_FORM_DRAFT_FILES, state.files.length(), class_name="text-muted"
            ),
        ),
        rx.el.div(
            ContinueDraftButton.create(
                texts.TICKET_FORM_CONTINUE,
                place=place,
                on_click=state.continue_draft,
                type="button",
                class_name="button primary",
            ),
            w.button(texts.TICKET_FORM_DISCARD, on_click=state.discard),
            class_name="actions",
        ),
        class_name="draft-offer",
        aria_label=texts.TICKET_FORM_DRAFT,
    )
    return rx.match(
        state.stage,
        ("form", rx.fragment(_template_picker(state), form)),
        ("offer", offer),
        w.card_skeleton(3),
    )


def registry_fields(
    view: FieldView,
    values: rx.Var[dict[str, str]],
    problems: rx.Var[dict[str, str]],
    *,
    hint_aside: bool = False,
) -> list[rx.Component]:
    """Return the fields of a form by the registry, with their values and problems by name."""
    return [
        w.field(
            field_label(field),
            _control(field, values[field.name]),
            name=field.name,
            hint=HINTS.get(field.name, ""),
            error=problems[field.name],
            optional=True,
            hint_aside=hint_aside,
        )
        for field in fields_shown_in(view)
    ]


HINTS = {"category": texts.CATEGORY_HINT, "estimated_hours": texts.HOURS_HINT}


def _control(field: TicketField, value: rx.Var[str]) -> rx.Component:
    if field.has_choices:
        options = [("", texts.NOT_CHOSEN), *choice_labels(field).items()]
        return w.select_input(field.name, options, value=value)
    if field.is_long_text:
        return w.text_area(field.name, value=value, rows=3)
    mode = {"input_mode": "decimal"} if field.type is FieldType.NUMBER else {}
    return w.text_input(field.name, value=value, auto_complete="off", **mode)
