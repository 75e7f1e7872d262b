"""A requester's ticket: where it stands, what was said, what to do next."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.tickets import MOST_STARS
from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.portal.files import UPLOAD, tile
from ticket_app.ui.pages.portal.frame import portal_page
from ticket_app.ui.pages.portal.ticket.reading import Fact, Message, Step
from ticket_app.ui.pages.portal.ticket.state import TEXT_ID, PortalTicket
from ticket_app.ui.rows import FileRow


def _file(file: rx.Var[FileRow]) -> rx.Component:
    return rx.el.div(tile(file), key=file.id)


def _own_file(file: rx.Var[FileRow]) -> rx.Component:
    return rx.el.div(tile(file, PortalTicket.remove_file), key=file.id)


def _message(message: rx.Var[Message]) -> rx.Component:
    return rx.el.div(
        w.message_card(
            name=message.name,
            initials=message.initials,
            color=message.color,
            at=message.at,
            html=message.html,
            role=message.role,
            files=rx.cond(message.files, w.files(rx.foreach(message.files, _file))),
        ),
        key=message.id,
    )


def _told(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.section(rx.el.h2(fact.name), w.prose(fact.value), class_name="told", key=fact.name)


def _step(step: rx.Var[Step]) -> rx.Component:
    return rx.el.div(
        w.event_line(rx.el.b(step.who, dir="auto"), " ", step.did, at=step.at),
        key=step.id,
        role="listitem",
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return w.property_row(fact.name, w.plain_value(fact.value))


def _details() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Details"),
        w.properties(
            w.property_row("Number", w.key(PortalTicket.number, copy=True)),
            w.property_row("Type", w.plain_value(w.kind_badge(PortalTicket.kind))),
            w.property_row("Priority", w.plain_value(w.priority_badge(PortalTicket.priority))),
            w.property_row("Filed", w.plain_value(w.time_ago(PortalTicket.created_at))),
            w.property_row("Updated", w.plain_value(w.time_ago(PortalTicket.updated_at))),
            rx.cond(
                PortalTicket.tags,
                w.property_row(
                    "Tags",
                    rx.el.span(
                        rx.foreach(PortalTicket.tags, lambda word: w.tag(word)),  # noqa: PLW0108
                        class_name="tags",
                    ),
                ),
            ),
            rx.foreach(PortalTicket.facts, _fact),
        ),
        class_name="fold",
    )


def _history() -> rx.Component:
    return rx.el.details(
        rx.el.summary("What has happened ", w.count(PortalTicket.steps.length())),
        rx.el.div(rx.foreach(PortalTicket.steps, _step), class_name="steps", role="list"),
        class_name="fold",
    )


def _stars() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            rx.cond(PortalTicket.stars > 0, "Your rating", "How was our answer?"),
            id="rating-label",
        ),
        rx.el.span(
            *(
                rx.el.button(
                    rx.icon("star", size=20, stroke_width=1.5),
                    type="button",
                    on_click=PortalTicket.rate(PortalTicket.id, n),
                    aria_label=f"{n} of {MOST_STARS}",
                    aria_pressed=rx.cond(PortalTicket.stars == n, "true", "false"),
                    data_on=rx.cond(PortalTicket.stars >= n, "true", "false"),
                )
                for n in range(1, MOST_STARS + 1)
            ),
            class_name="stars",
            role="group",
            aria_labelledby="rating-label",
        ),
        class_name="rating",
    )


def _composer() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Your answer", class_name="hear"),
        rx.cond(
            PortalTicket.reply_notice != "",
            rx.el.p(PortalTicket.reply_notice, class_name="soft", role="note"),
        ),
        rx.cond(
            PortalTicket.failed,
            w.callout(PortalTicket.failed, "Nothing was sent. Your words are still here."),
        ),
        w.composer(
            on_submit=PortalTicket.send(PortalTicket.id),
            on_change=lambda words: PortalTicket.keep(PortalTicket.id, words).debounce(700),
            text=PortalTicket.draft,
            form_id="answer-form",
            text_id=TEXT_ID,
            placeholder="Write an answer",
            send=PortalTicket.send_label,
            then=(),
            notes=False,
            upload_url=UPLOAD,
            upload_fields={"place": PortalTicket.place},
            on_uploaded=PortalTicket.load_files,
            saved=w.saved_line(
                PortalTicket.draft_at != "", PortalTicket.draft_at, PortalTicket.draft_length
            ),
        ),
        rx.cond(
            PortalTicket.draft_files,
            w.files(rx.foreach(PortalTicket.draft_files, _own_file)),
        ),
        class_name="answer",
        key=PortalTicket.place,
    )


ASKED = "pending_user"
"""A ticket whose approvers wait for an answer is shown as one that waits for its requester."""


def _follow_up() -> rx.Component:
    number = PortalTicket.follow_up
    return rx.cond(
        number != "",
        w.callout(
            rx.fragment("This continues in ", number),
            rx.fragment(w.user_text(PortalTicket.follow_up_title), ". Your later reply is there."),
            tone="blue",
            action=w.button_link(rx.fragment("Open ", number), to=PortalTicket.follow_up_href),
        ),
    )


def _merged() -> rx.Component:
    number = PortalTicket.goes_on_in
    return rx.cond(
        PortalTicket.is_merged,
        rx.cond(
            number != "",
            w.callout(
                rx.fragment("This continues in ", number),
                rx.fragment(
                    w.user_text(PortalTicket.goes_on_title), ". Your messages and files are there."
                ),
                tone="blue",
                action=w.button_link(rx.fragment("Open ", number), to=PortalTicket.goes_on_href),
            ),
            w.callout(
                "This was put together with another ticket, which is gone",
                "File a new ticket to go on.",
                tone="amber",
            ),
        ),
    )


def _here() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            w.link("My tickets", to=PortalTicket.back, data_shortcut="u"),
            rx.icon("chevron-right", size=14),
            w.key(PortalTicket.number, copy=True),
            class_name="trail",
        ),
        w.page_title(PortalTicket.title),
        rx.cond(
            PortalTicket.follow_up_of != "",
            rx.el.p(
                "Follow-up to ",
                w.link(
                    PortalTicket.follow_up_of,
                    to=PortalTicket.follow_up_of_href,
                    class_name="text-link",
                ),
                class_name="soft follow-up-of",
            ),
        ),
        rx.el.div(
            w.status_line(
                rx.cond(PortalTicket.question != "", ASKED, PortalTicket.status),
                PortalTicket.standing,
                PortalTicket.hint,
            ),
            rx.cond(
                PortalTicket.question != "",
                w.callout("Before this is approved", PortalTicket.question, tone="blue"),
            ),
            rx.cond(
                PortalTicket.verdict != "",
                w.callout(PortalTicket.verdict, PortalTicket.verdict_text, tone="blue"),
            ),
            _merged(),
            _follow_up(),
            rx.cond(
                PortalTicket.can_rate,
                rx.el.div(
                    rx.cond(
                        PortalTicket.can_reopen,
                        w.button(
                            "Reopen",
                            icon="rotate-cw",
                            on_click=PortalTicket.reopen(PortalTicket.id),
                        ),
                    ),
                    _stars(),
                    class_name="after",
                ),
            ),
            class_name="standing",
        ),
        w.thread(rx.foreach(PortalTicket.messages, _message)),
        rx.cond(
            PortalTicket.told,
            rx.el.div(rx.foreach(PortalTicket.told, _told), class_name="told-all"),
        ),
        rx.cond(PortalTicket.answers_here, _composer()),
        rx.el.div(_details(), _history(), class_name="folds"),
        class_name="ticket-page",
    )


def _missing() -> rx.Component:
    return w.empty_state(
        "search-x",
        "There is no such ticket here",
        "It may have another number, or it is not one of yours.",
        w.button_link("My tickets", to=routes.PORTAL, look="primary"),
    )


TITLE = rx.cond(
    PortalTicket.stage == "here", PortalTicket.number + " " + PortalTicket.title, "Ticket"
)
"""What is open, for the window's title."""


def portal_ticket() -> rx.Component:
    """One of one's own tickets."""
    return portal_page(
        rx.match(
            PortalTicket.stage,
            ("here", _here()),
            ("missing", _missing()),
            w.thread_skeleton(),
        ),
        here="tickets",
    )
