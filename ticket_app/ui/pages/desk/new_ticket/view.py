"""The page on which staff submit a ticket for a requester."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform import validators
from ticket_app.core.tickets.fields import (
    COMPANY,
    CONTACT,
    DEPARTMENT,
    TEAM,
    FieldView,
    TicketField,
)
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.field_values import CHANNEL_LABELS, field_label
from ticket_app.ui.pages.composer.mentions import TAGS_URL
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.pages.desk.lookup import extra_option, lookup_kind_of, lookup_menu, search_label
from ticket_app.ui.pages.desk.new_ticket.form import DRAFT_PLACE
from ticket_app.ui.pages.desk.new_ticket.state import NewTicket
from ticket_app.ui.pages.desk.ticket.rows import RelatedTicket
from ticket_app.ui.pages.files import UPLOAD_URL, file_tiles
from ticket_app.ui.pages.ticket_form.view import (
    draft_form,
    draft_save_indicator,
    form_or_draft_offer,
    registry_fields,
    submission_error,
)


def _initial_value(name: str) -> rx.Var[str]:
    return getattr(NewTicket.initial_form, name)


def _similar_ticket(ticket: rx.Var[RelatedTicket]) -> rx.Component:
    return w.related_ticket(ticket.number, ticket.title, to=ticket.href, status=ticket.status)


def _requester_field() -> rx.Component:
    shown = rx.cond(
        NewTicket.requester.value != "",
        rx.el.span(
            w.user_text(NewTicket.requester.label),
            rx.el.span(" ", w.user_text(NewTicket.requester.detail), class_name="text-muted"),
            class_name="truncate",
        ),
        rx.cond(
            NewTicket.is_new_person,
            texts.NEW_TICKET_NEW_PERSON,
            rx.el.span(texts.NEW_TICKET_SEARCH_PEOPLE, class_name="text-muted"),
        ),
    )
    return w.field(
        texts.DESK_REQUESTER,
        lookup_menu(
            rx.el.button(
                shown,
                rx.icon("chevron-down", size=14),
                type="button",
                class_name="input picker-button",
                aria_label=texts.DESK_REQUESTER,
                custom_attrs={"id": "requester", "data-control": "true"},
            ),
            "requester",
            texts.NEW_TICKET_PERSON_PLACEHOLDER,
            lambda entry: NewTicket.choose_requester(entry.value, entry.label, entry.detail),
            extra_option(
                texts.NEW_TICKET_NEW_PERSON, NewTicket.choose_new_person, icon="user-plus"
            ),
        ),
        name="requester",
        error=NewTicket.problems["requester"],
        required=True,
    )


def _new_person_fields() -> rx.Component:
    return rx.cond(
        NewTicket.is_new_person,
        rx.el.div(
            w.field(
                texts.NEW_TICKET_PERSON_NAME,
                w.text_input("name", value=_initial_value("name"), auto_complete="off"),
                name="name",
                error=NewTicket.problems["name"],
            ),
            w.field(
                texts.NEW_TICKET_PERSON_EMAIL,
                w.text_input(
                    "email", value=_initial_value("email"), input_type="email", auto_complete="off"
                ),
                name="email",
                error=NewTicket.problems["email"],
                required=True,
            ),
            class_name="two-columns",
        ),
    )


def _reference_field(field: TicketField) -> rx.Component:
    """Return a field whose value is chosen from a lookup, such as the company."""
    chosen = NewTicket.references[field.name]
    label = field_label(field)
    return w.field(
        label,
        lookup_menu(
            rx.el.button(
                rx.cond(
                    chosen.label != "",
                    rx.el.span(chosen.label, class_name="truncate", dir="auto"),
                    rx.el.span(texts.NEW_TICKET_NO_SECTION, class_name="text-muted"),
                ),
                rx.icon("chevron-down", size=14),
                type="button",
                class_name="input picker-button",
                aria_label=label,
                custom_attrs={"id": field.name, "data-control": "true"},
            ),
            lookup_kind_of(field),
            search_label(field),
            lambda entry: NewTicket.choose_reference(field.name, entry.value, entry.label),
            extra_option(
                texts.no_value(field.label), NewTicket.choose_reference(field.name, "", "")
            ),
            company_id=NewTicket.company_id if field is CONTACT else 0,
        ),
        name=field.name,
        error=NewTicket.problems[field.name],
        optional=True,
    )


def _channel_field() -> rx.Component:
    return w.field(
        texts.NEW_TICKET_CHANNEL,
        w.select_input(
            "channel",
            [("", texts.NEW_TICKET_NO_SECTION), *CHANNEL_LABELS.items()],
            value=_initial_value("channel"),
        ),
        name="channel",
        optional=True,
    )


def _form() -> rx.Component:
    return draft_form(
        NewTicket,
        DRAFT_PLACE,
        rx.el.div(
            rx.el.div(_requester_field(), class_name="two-of-three"),
            _channel_field(),
            _new_person_fields(),
            _reference_field(COMPANY),
            _reference_field(CONTACT),
            w.field(
                texts.DESK_SECTION,
                w.select_input("section", NewTicket.sections, value=_initial_value("section")),
                name="section",
                error=NewTicket.problems["section"],
                optional=True,
            ),
            w.field(
                texts.DESK_KIND,
                w.select_input(
                    "kind",
                    [(word, look.word) for word, look in theme.KIND_LOOKS.items()],
                    value=_initial_value("kind"),
                ),
                name="kind",
            ),
            w.field(
                texts.DESK_PRIORITY,
                w.select_input(
                    "priority",
                    [(word, look.word) for word, look in theme.PRIORITY_LOOKS.items()],
                    value=_initial_value("priority"),
                ),
                name="priority",
            ),
            *registry_fields(FieldView.STAFF_FORM, NewTicket.initial_form.more, NewTicket.problems),
            _reference_field(DEPARTMENT),
            _reference_field(TEAM),
            class_name="two-columns three-columns",
        ),
        w.field(
            texts.NEW_TICKET_TITLE,
            w.text_input("title", value=_initial_value("title"), auto_complete="off"),
            name="title",
            error=NewTicket.problems["title"],
            required=True,
            max_length=validators.MAX_TITLE_LENGTH,
        ),
        rx.el.div(
            rx.cond(
                NewTicket.similar_tickets.length() > 0,
                rx.el.div(
                    rx.el.span(texts.NEW_TICKET_SIMILAR, class_name="text-muted"),
                    rx.foreach(NewTicket.similar_tickets, _similar_ticket),
                    class_name="similar-tickets",
                ),
            ),
            role="status",
        ),
        w.field(
            texts.NEW_TICKET_DESCRIPTION,
            w.markdown_input(
                "description",
                value=_initial_value("description"),
                upload_url=UPLOAD_URL,
                upload_fields={"place": DRAFT_PLACE},
                on_uploaded=NewTicket.reload_files,
                on_preview=NewTicket.show_preview,
                preview=w.prose(NewTicket.preview),
            ),
            name="description",
            error=NewTicket.problems["description"],
            required=True,
        ),
        rx.cond(
            NewTicket.files.length() > 0,
            file_tiles(NewTicket.files, NewTicket.remove_file),
        ),
        w.field(
            texts.DESK_TAGS,
            w.tag_input(
                "tags",
                value=_initial_value("tags"),
                suggestions=NewTicket.suggestions,
                search_url=TAGS_URL,
            ),
            name="tags",
            error=NewTicket.problems["tags"],
            optional=True,
        ),
        submission_error(NewTicket, texts.NEW_TICKET_FAILED),
        rx.el.div(
            rx.el.label(
                rx.el.input(
                    type="checkbox", name="mine", default_checked=_initial_value("mine") != ""
                ),
                texts.NEW_TICKET_ASSIGN_TO_ME,
                class_name="checkbox-line",
            ),
            rx.el.div(
                draft_save_indicator(NewTicket),
                w.button(texts.NEW_TICKET_SUBMIT, variant="primary", submit=True, size="large"),
                class_name="form-actions",
            ),
            class_name="form-bottom-row",
        ),
    )


def _draft_requester() -> rx.Component:
    return rx.cond(
        NewTicket.requester.label != "",
        rx.el.span(
            texts.NEW_TICKET_DRAFT_FOR,
            w.user_text(NewTicket.requester.label),
            class_name="text-muted",
        ),
    )


def new_ticket_page() -> rx.Component:
    """Return the page: the form, or the offer to continue a draft."""
    shown = form_or_draft_offer(NewTicket, DRAFT_PLACE, _form(), _draft_requester())
    return desk_page(
        w.desk_header(texts.LAYOUT_NEW_TICKET), w.padded_column(shown), current_page="new_ticket"
    )
