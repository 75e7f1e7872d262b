"""The new ticket form in one column, with a hint at each field."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.attachments.uploading import MAX_FILE_BYTES, MAX_FILE_SIZE
from ticket_app.core.platform import validators
from ticket_app.core.platform.vocabulary import Kind, ReproductionRate, Severity
from ticket_app.core.tickets.fields import FieldView
from ticket_app.core.timeline import drafts
from ticket_app.ui import widgets as w
from ticket_app.ui.components.browser_facts import BrowserFacts
from ticket_app.ui.pages.files import ALLOWED_EXTENSIONS, UPLOAD_URL, file_tiles
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.layout import portal_page
from ticket_app.ui.pages.portal.new_ticket.form import (
    ENVIRONMENT_LABELS,
    OFFERED_KINDS,
    OTHER_SECTION,
)
from ticket_app.ui.pages.portal.new_ticket.state import NewTicket
from ticket_app.ui.pages.portal.similar_tickets import similar_list
from ticket_app.ui.pages.ticket_form.view import (
    draft_form,
    draft_save_indicator,
    form_or_draft_offer,
    registry_fields,
    submission_error,
)

SEVERITY_LABELS = {
    Severity.CRITICAL: texts.NEW_TICKET_SEVERITY_CRITICAL,
    Severity.MAJOR: texts.NEW_TICKET_SEVERITY_MAJOR,
    Severity.MINOR: texts.NEW_TICKET_SEVERITY_MINOR,
    Severity.COSMETIC: texts.NEW_TICKET_SEVERITY_COSMETIC,
}
RATE_LABELS = {
    ReproductionRate.ALWAYS: texts.NEW_TICKET_RATE_ALWAYS,
    ReproductionRate.SOMETIMES: texts.NEW_TICKET_RATE_SOMETIMES,
    ReproductionRate.RARELY: texts.NEW_TICKET_RATE_RARELY,
    ReproductionRate.ONCE: texts.NEW_TICKET_RATE_ONCE,
}


def _initial_value(name: str) -> rx.Var[str]:
    return getattr(NewTicket.initial_form, name)


def _error(name: str) -> rx.Var[str]:
    return NewTicket.errors[name]


def _title_field() -> rx.Component:
    return rx.el.div(
        w.field(
            texts.NEW_TICKET_TITLE,
            w.text_input(
                "title",
                value=_initial_value("title"),
                auto_complete="off",
                placeholder=texts.NEW_TICKET_TITLE_EXAMPLE,
            ),
            name="title",
            hint=texts.NEW_TICKET_TITLE_HINT,
            error=_error("title"),
            required=True,
            max_length=validators.MAX_TITLE_LENGTH,
            hint_aside=True,
        ),
        rx.el.div(
            similar_list(
                NewTicket.similar_tickets,
                rx.el.span(texts.NEW_TICKET_SIMILAR, class_name="text-muted"),
            ),
            role="status",
        ),
    )


def _section_field() -> rx.Component:
    return rx.el.div(
        w.field(
            texts.NEW_TICKET_SECTION,
            rx.el.div(
                rx.el.select(
                    rx.el.option(texts.NEW_TICKET_SECTION_CHOOSE, value=""),
                    rx.foreach(
                        NewTicket.sections, lambda word: rx.el.option(word[1], value=word[0])
                    ),
                    name="section",
                    default_value=_initial_value("section"),
                    on_change=NewTicket.choose_section,
                    class_name="input",
                    dir="auto",
                    custom_attrs={"id": "section", "data-control": "true"},
                ),
                rx.el.input(
                    name="section_other",
                    default_value=_initial_value("section_other"),
                    placeholder=texts.NEW_TICKET_SECTION_OTHER,
                    hidden=NewTicket.section != OTHER_SECTION,
                    class_name="input",
                    dir="auto",
                    auto_complete="off",
                    custom_attrs={
                        "id": "section_other",
                        "aria-label": texts.NEW_TICKET_SECTION_OTHER_LABEL,
                    },
                ),
                class_name="stack",
            ),
            name="section",
            hint=texts.NEW_TICKET_SECTION_HINT,
            error=_error("section"),
            optional=True,
            hint_aside=True,
        ),
    )


def _text_field(name: str, label: str, hint: str, placeholder: str, rows: int = 3) -> rx.Component:
    return w.field(
        label,
        w.text_area(name, value=_initial_value(name), rows=rows, placeholder=placeholder),
        name=name,
        hint=hint,
        error=_error(name),
        optional=True,
        hint_aside=True,
    )


def _bug_fields() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(texts.NEW_TICKET_BUG, class_name="visually-hidden"),
        _text_field(
            "steps_to_reproduce",
            texts.NEW_TICKET_STEPS,
            texts.NEW_TICKET_STEPS_HINT,
            texts.NEW_TICKET_STEPS_EXAMPLE,
        ),
        _text_field(
            "expected_behavior", texts.NEW_TICKET_EXPECTED, "", texts.NEW_TICKET_EXPECTED_EXAMPLE, 2
        ),
        _text_field(
            "actual_behavior", texts.NEW_TICKET_ACTUAL, "", texts.NEW_TICKET_ACTUAL_EXAMPLE, 2
        ),
        w.field(
            texts.NEW_TICKET_REPRODUCTION_RATE,
            w.select_input(
                "reproduction_rate",
                [
                    ("", texts.NEW_TICKET_RATE_UNKNOWN),
                    *((word.value, label) for word, label in RATE_LABELS.items()),
                ],
                value=_initial_value("reproduction_rate"),
            ),
            name="reproduction_rate",
            optional=True,
            hint_aside=True,
        ),
        w.field(
            texts.NEW_TICKET_SEVERITY,
            w.select_input(
                "severity",
                [(word.value, label) for word, label in SEVERITY_LABELS.items()],
                value=_initial_value("severity"),
            ),
            name="severity",
            hint=texts.NEW_TICKET_SEVERITY_HINT,
            hint_aside=True,
        ),
        rx.el.div(
            w.field(
                texts.NEW_TICKET_PLUGIN,
                w.text_input(
                    "plugin_name", value=_initial_value("plugin_name"), auto_complete="off"
                ),
                name="plugin_name",
                error=_error("plugin_name"),
                optional=True,
            ),
            w.field(
                texts.NEW_TICKET_VERSION,
                w.text_input(
                    "client_version",
                    value=_initial_value("client_version"),
                    auto_complete="off",
                    placeholder="1.4.2",
                ),
                name="client_version",
                error=_error("client_version"),
                optional=True,
            ),
            class_name="two-columns",
        ),
        class_name="form",
        custom_attrs={"hidden": NewTicket.kind != Kind.BUG.value},
    )


def _files_field() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            texts.NEW_TICKET_FILES,
            rx.el.span(texts.NEW_TICKET_OPTIONAL, class_name="optional-mark"),
            class_name="field-label",
        ),
        w.drop_zone(
            upload_url=UPLOAD_URL,
            on_uploaded=NewTicket.reload_files,
            fields={"place": drafts.NEW_TICKET_PLACE},
            extensions=ALLOWED_EXTENSIONS,
            max_bytes=MAX_FILE_BYTES,
            limits_text=texts.new_ticket_files_limits(MAX_FILE_SIZE),
            tiles=file_tiles(NewTicket.files, NewTicket.remove_file),
        ),
        class_name="field",
    )


def _environment_fields() -> rx.Component:
    return BrowserFacts.create(
        rx.el.summary(texts.NEW_TICKET_ENVIRONMENT),
        rx.el.p(
            texts.NEW_TICKET_ENVIRONMENT_HINT,
            class_name="field-help",
        ),
        rx.el.div(
            *(
                rx.el.label(
                    label,
                    rx.el.input(
                        name=name,
                        default_value=_initial_value(name),
                        class_name="input",
                        dir="auto",
                        auto_complete="off",
                        max_length=200,
                    ),
                )
                for name, label in ENVIRONMENT_LABELS.items()
            ),
            class_name="environment-fields",
        ),
        w.button(texts.NEW_TICKET_ENVIRONMENT_CLEAR, variant="quiet", data_clear="true"),
        class_name="disclosure",
        is_filled=NewTicket.fills_environment,
    )


def _form() -> rx.Component:
    return draft_form(
        NewTicket,
        drafts.NEW_TICKET_PLACE,
        rx.el.div(
            rx.el.div(texts.NEW_TICKET_KIND, class_name="field-label", aria_hidden="true"),
            w.kind_choice(
                kinds=[kind.value for kind in OFFERED_KINDS],
                value=_initial_value("kind"),
                on_change=NewTicket.choose_kind,
            ),
            class_name="field kind-field",
        ),
        _title_field(),
        w.field(
            texts.NEW_TICKET_DESCRIPTION,
            w.markdown_input(
                "description",
                value=_initial_value("description"),
                placeholder=texts.NEW_TICKET_DESCRIPTION_EXAMPLE,
                preview=w.prose(NewTicket.preview),
                on_preview=NewTicket.show_preview,
            ),
            name="description",
            error=_error("description"),
            required=True,
            max_length=validators.MAX_TEXT_LENGTH,
        ),
        _bug_fields(),
        _files_field(),
        rx.el.div(
            rx.el.div(texts.NEW_TICKET_PRIORITY, class_name="field-label", aria_hidden="true"),
            w.priority_choice(value=_initial_value("priority")),
            class_name="field",
        ),
        *registry_fields(
            FieldView.REQUESTER_FORM,
            NewTicket.initial_form.more,
            NewTicket.errors,
            hint_aside=True,
        ),
        _section_field(),
        w.field(
            texts.NEW_TICKET_TAGS,
            w.tag_input("tags", value=_initial_value("tags"), suggestions=NewTicket.suggestions),
            name="tags",
            hint=texts.NEW_TICKET_TAGS_HINT,
            error=_error("tags"),
            optional=True,
            hint_aside=True,
        ),
        _environment_fields(),
        submission_error(NewTicket, texts.NEW_TICKET_NOT_SUBMITTED),
        rx.el.div(
            w.button(texts.NEW_TICKET_SUBMIT, variant="primary", submit=True),
            draft_save_indicator(NewTicket),
            class_name="form-footer",
        ),
        class_name="form new-ticket-form",
    )


def new_ticket_page() -> rx.Component:
    return portal_page(
        w.page_heading(texts.NEW_TICKET, texts.NEW_TICKET_LEAD),
        form_or_draft_offer(NewTicket, drafts.NEW_TICKET_PLACE, _form()),
        current_page="new_ticket",
    )
