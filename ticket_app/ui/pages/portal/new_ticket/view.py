"""The new ticket form in one column, with a hint at each field."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform import validators
from ticket_app.core.platform.vocabulary import Kind, ReproductionRate, Severity
from ticket_app.core.timeline import drafts
from ticket_app.ui import widgets as w
from ticket_app.ui.components.browser_facts import BrowserFacts
from ticket_app.ui.components.draft_form import ContinueDraftButton, DraftForm
from ticket_app.ui.pages.portal.files import ALLOWED_EXTENSIONS, UPLOAD_URL, file_tile
from ticket_app.ui.pages.portal.layout import portal_page
from ticket_app.ui.pages.portal.new_ticket.form import ENVIRONMENT_LABELS, OTHER_SECTION
from ticket_app.ui.pages.portal.new_ticket.state import NewTicket, SimilarTicket
from ticket_app.ui.rows import FileRow

OFFERED_KINDS = (
    Kind.BUG,
    Kind.FEATURE_REQUEST,
    Kind.IMPROVEMENT,
    Kind.SUPPORT,
    Kind.INCIDENT,
    Kind.OTHER,
)
SEVERITY_LABELS = {
    Severity.CRITICAL: "Critical: data is lost or nothing works",
    Severity.MAJOR: "Major: an important function does not work",
    Severity.MINOR: "Minor: it works in another way",
    Severity.COSMETIC: "Cosmetic: it only looks wrong",
}
RATE_LABELS = {
    ReproductionRate.ALWAYS: "Every time",
    ReproductionRate.SOMETIMES: "Sometimes",
    ReproductionRate.RARELY: "Rarely",
    ReproductionRate.ONCE: "It happened once",
}


def _initial_value(name: str) -> rx.Var[str]:
    return getattr(NewTicket.initial_form, name)


def _error(name: str) -> rx.Var[str]:
    return NewTicket.errors[name]


def _similar_ticket(ticket: rx.Var[SimilarTicket]) -> rx.Component:
    return w.related_ticket(ticket.number, ticket.title, to=ticket.href, status=ticket.status)


def _title_field() -> rx.Component:
    return rx.el.div(
        w.field(
            "Title",
            w.text_input(
                "title",
                value=_initial_value("title"),
                auto_complete="off",
                placeholder="Export to PDF cuts off the last column",
            ),
            name="title",
            hint="One line that says what is wrong or wanted.",
            error=_error("title"),
            required=True,
            max_length=validators.MAX_TITLE_LENGTH,
            hint_aside=True,
        ),
        rx.el.div(
            rx.cond(
                NewTicket.similar_tickets,
                rx.el.div(
                    rx.el.span("You have asked something like this:", class_name="soft"),
                    rx.foreach(NewTicket.similar_tickets, _similar_ticket),
                    class_name="alike",
                ),
            ),
            role="status",
        ),
    )


def _section_field() -> rx.Component:
    return rx.el.div(
        w.field(
            "Section",
            rx.el.div(
                rx.el.select(
                    rx.el.option("Choose a section", value=""),
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
                    placeholder="Which one?",
                    hidden=NewTicket.section != OTHER_SECTION,
                    class_name="input",
                    dir="auto",
                    auto_complete="off",
                    custom_attrs={"id": "section_other", "aria-label": "Another section"},
                ),
                class_name="stack",
            ),
            name="section",
            hint="The part of the application it is about, so that the right team gets the ticket.",
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
        rx.el.legend("About the bug", class_name="hear"),
        _text_field(
            "steps_to_reproduce",
            "Steps to reproduce",
            "What we have to do to see it, one step a line.",
            "1. Open the report\n2. Choose Export to PDF",
        ),
        _text_field("expected_behavior", "What you expected", "", "All columns are there", 2),
        _text_field("actual_behavior", "What happened instead", "", "The last one is cut off", 2),
        w.field(
            "How often",
            w.select_input(
                "reproduction_rate",
                [("", "I cannot say"), *((word.value, said) for word, said in RATE_LABELS.items())],
                value=_initial_value("reproduction_rate"),
            ),
            name="reproduction_rate",
            optional=True,
            hint_aside=True,
        ),
        w.field(
            "Severity",
            w.select_input(
                "severity",
                [(word.value, said) for word, said in SEVERITY_LABELS.items()],
                value=_initial_value("severity"),
            ),
            name="severity",
            hint="How bad the effect is. Priority says how soon.",
            hint_aside=True,
        ),
        rx.el.div(
            w.field(
                "Plugin",
                w.text_input(
                    "plugin_name", value=_initial_value("plugin_name"), auto_complete="off"
                ),
                name="plugin_name",
                error=_error("plugin_name"),
                optional=True,
            ),
            w.field(
                "Version",
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
            class_name="two",
        ),
        class_name="form",
        custom_attrs={"hidden": NewTicket.kind != Kind.BUG.value},
    )


def _file_tile(file: rx.Var[FileRow]) -> rx.Component:
    return rx.el.div(file_tile(file, NewTicket.remove_file), key=file.id)


def _files_field() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            "Files ", rx.el.span("optional", class_name="optional"), class_name="field-label"
        ),
        w.drop_zone(
            upload_url=UPLOAD_URL,
            on_uploaded=NewTicket.reload_files,
            fields={"place": drafts.NEW_TICKET_PLACE},
            extensions=ALLOWED_EXTENSIONS,
            limits_text="Screenshots, videos, logs and documents up to 10 MB each",
            tiles=w.files(rx.foreach(NewTicket.files, _file_tile)),
        ),
        class_name="field",
    )


def _environment_fields() -> rx.Component:
    return BrowserFacts.create(
        rx.el.summary("What we add about your machine"),
        rx.el.p(
            "It helps us to see what you see. Change or empty whatever you like.",
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
            class_name="facts",
        ),
        w.button("Add nothing", variant="quiet", data_clear="true"),
        class_name="fold",
        is_filled=NewTicket.fills_environment,
    )


def _form() -> rx.Component:
    return DraftForm.create(
        rx.el.div(
            rx.el.div("What is it?", class_name="field-label", aria_hidden="true"),
            w.kind_choice(
                kinds=[kind.value for kind in OFFERED_KINDS],
                value=_initial_value("kind"),
                on_change=NewTicket.choose_kind,
            ),
            class_name="field kinds",
        ),
        _title_field(),
        w.field(
            "Description",
            w.markdown_input(
                "description",
                value=_initial_value("description"),
                placeholder="Tell it as you would tell a colleague. "
                "Markdown works: **bold**, `code`, lists, ``` for blocks of code.",
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
            rx.el.div("How soon?", class_name="field-label", aria_hidden="true"),
            w.priority_choice(value=_initial_value("priority")),
            class_name="field",
        ),
        _section_field(),
        w.field(
            "Tags",
            w.tag_input("tags", value=_initial_value("tags"), suggestions=NewTicket.suggestions),
            name="tags",
            hint="Words to find it by. Enter or a comma ends a tag.",
            error=_error("tags"),
            optional=True,
            hint_aside=True,
        ),
        _environment_fields(),
        rx.cond(
            NewTicket.filing_error,
            w.callout(
                NewTicket.filing_error,
                "The ticket was not filed. Nothing is lost: all you wrote is still here.",
            ),
        ),
        rx.el.div(
            w.button("File ticket", variant="primary", submit=True),
            w.saved_indicator(NewTicket.is_saved, NewTicket.saved_at, NewTicket.saved_length),
            class_name="form-foot",
        ),
        on_submit=NewTicket.submit,
        class_name="form filing",
        no_validate=True,
        place=drafts.NEW_TICKET_PLACE,
        on_draft=NewTicket.autosave,
        key=NewTicket.attempt,
    )


def _draft_offer() -> rx.Component:
    return rx.el.section(
        rx.el.p("You have a draft from ", w.time_ago(NewTicket.saved_at)),
        rx.el.strong(NewTicket.draft_title, dir="auto"),
        rx.cond(
            NewTicket.files,
            rx.el.span(NewTicket.files.length(), " files are with it", class_name="soft"),
        ),
        rx.el.div(
            ContinueDraftButton.create(
                "Continue",
                place=drafts.NEW_TICKET_PLACE,
                on_click=NewTicket.continue_draft,
                type="button",
                class_name="button primary",
            ),
            w.button("Discard", on_click=NewTicket.discard),
            class_name="do",
        ),
        class_name="draft-offer",
        aria_label="Your draft",
    )


def _skeleton() -> rx.Component:
    return w.card_skeleton(3)


def new_ticket_page() -> rx.Component:
    return portal_page(
        w.page_heading("New ticket", "Tell us what happened or what you need. We answer here."),
        rx.match(NewTicket.stage, ("form", _form()), ("offer", _draft_offer()), _skeleton()),
        current_page="new",
    )
