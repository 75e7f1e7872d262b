"""Administrators' own subjects and introductions of emails: list, check, save, reset, preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jinja2 import StrictUndefined, TemplateError
from sqlalchemy import bindparam, delete, select, update

from ticket_app.core.email.outgoing import templates, texts
from ticket_app.core.email.outgoing.conversation import Message
from ticket_app.core.email.outgoing.messages import Content, FooterLine, TicketNews, render_bodies
from ticket_app.core.email.outgoing.templates import (
    EXAMPLES,
    EmailTemplateText,
    SandboxedTexts,
    default_template,
)
from ticket_app.core.notifications.preferences import read_preferences
from ticket_app.core.platform import audit_log, page_links, validators
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.row_inserts import insert_missing
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.tables import email_template_table

MAX_SUBJECT_LENGTH: Final = 500
MAX_BODY_LENGTH: Final = 10_000


@dataclass(frozen=True, slots=True)
class TemplateOverview:
    """The texts of one kind of email; `updated_at` is None for the default ones."""

    kind: str
    subject: str
    body: str
    updated_at: datetime | None

    @property
    def is_own(self) -> bool:
        """Whether an administrator wrote it."""
        return self.updated_at is not None


class _TemplateRow:
    kind: str
    subject: str
    body: str
    updated_at: datetime


_checked = SandboxedTexts(autoescape=False, undefined=StrictUndefined)
"""Fails on unknown variables; the same limits as `templates.fill` otherwise."""
_SELECT_OWN = select(
    email_template_table.c.kind,
    email_template_table.c.subject,
    email_template_table.c.body,
    email_template_table.c.updated_at,
)
_IS_KIND = email_template_table.c.kind == bindparam("wanted_kind")
_UPDATE = update(email_template_table).where(_IS_KIND)
_DELETE = delete(email_template_table).where(_IS_KIND)


def list_kinds() -> Sequence[str]:
    """Return the kinds of email that have a template."""
    return list(texts.INTRODUCTIONS)


def list_templates(uow: UnitOfWork) -> Sequence[TemplateOverview]:
    """Return the texts of every kind of email. Raises `Forbidden`."""
    _ensure_administrator(uow)
    own = {row.kind: row for row in uow.all_rows(_SELECT_OWN, of=_TemplateRow)}
    return [_overview(kind, own) for kind in list_kinds()]


def _overview(kind: str, own: Mapping[str, _TemplateRow]) -> TemplateOverview:
    row = own.get(kind)
    if row is not None:
        return TemplateOverview(kind, row.subject, row.body, row.updated_at)
    text = default_template(kind)
    return TemplateOverview(kind, text.subject, text.body, None)


def get_overview(uow: UnitOfWork, kind: str) -> TemplateOverview:
    """Return the texts of one kind of email. Raises `Forbidden`, `NotFound`."""
    for template in list_templates(uow):
        if template.kind == kind:
            return template
    raise NotFound("Template")


def check(subject: str, body: str) -> EmailTemplateText:
    """Return the texts if they can be filled in. Raises `Invalid` naming what is wrong."""
    checked = EmailTemplateText(
        validators.required_line("subject", subject, MAX_SUBJECT_LENGTH),
        validators.required_text("body", body, MAX_BODY_LENGTH),
    )
    for field, text in (("subject", checked.subject), ("body", checked.body)):
        try:
            _checked.from_string(text).render(EXAMPLES)
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise Invalid(field, f"cannot be filled in: {error}") from None
    return checked


def save_template(uow: UnitOfWork, kind: str, subject: str, body: str) -> None:
    """Use these texts for a kind of email. Raises `Forbidden`, `NotFound`, `Invalid`."""
    before = get_overview(uow, kind)
    text = check(subject, body)
    values: dict[str, object] = {
        "subject": text.subject,
        "body": text.body,
        "updated_by_id": uow.actor.id,
        "updated_at": uow.now,
    }
    if not uow.connection.execute(_UPDATE.values(values), {"wanted_kind": kind}).rowcount:
        insert_missing(uow, email_template_table, [{"kind": kind, **values}])
    _record(uow, kind, AuditAction.CHANGED, before.subject, text.subject)


def reset_template(uow: UnitOfWork, kind: str) -> None:
    """Use the default texts for a kind of email again. Raises `Forbidden`, `NotFound`."""
    before = get_overview(uow, kind)
    if uow.connection.execute(_DELETE, {"wanted_kind": kind}).rowcount:
        default = default_template(kind)
        _record(uow, kind, AuditAction.CHANGED, before.subject, default.subject)


def render_preview(
    uow: UnitOfWork, kind: str, subject: str | None = None, body: str | None = None
) -> tuple[str, str]:
    """Return an example email with these texts, or with the saved ones: plain text and HTML.

    Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    saved = get_overview(uow, kind)
    text = check(subject or saved.subject, body or saved.body)
    is_digest = kind == texts.DIGEST
    examples = {**EXAMPLES, "message": texts.digest_message(1, 0)} if is_digest else EXAMPLES
    subject_line = templates.fill(text.subject, examples)
    introduction = templates.fill(text.body, examples).strip()
    preferences = read_preferences({}, is_staff=False)
    is_about_ticket = not is_digest and kind not in texts.BUTTONS
    ticket_url = page_links.ticket_link("BUG-15", is_staff=False)
    content = Content(
        subject=subject_line,
        introduction_text=introduction,
        introduction_html=templates.render_introduction(introduction),
        heading="BUG-15" if is_about_ticket else "",
        title="The lamp flickers" if is_about_ticket else subject_line,
        button_label=texts.BUTTONS.get(kind, texts.OPEN_TICKET),
        button_url="" if is_digest else ticket_url,
        reply_marker=texts.REPLY_MARKER if is_about_ticket else "",
        messages=_example_messages(uow) if is_about_ticket else (),
        news=_example_news(uow, ticket_url) if is_digest else (),
        footer=[
            FooterLine(
                "", page_links.absolute_link("/settings/notifications"), texts.FOOTER_PREFERENCES
            )
        ],
    )
    return render_bodies(content, preferences)


def _example_messages(uow: UnitOfWork) -> list[Message]:
    return [
        Message(
            author=author,
            at=uow.now,
            text=words,
            html=templates.render_introduction(words),
            is_internal=False,
            files=(),
        )
        for author, words in texts.PREVIEW_MESSAGES
    ]


def _example_news(uow: UnitOfWork, ticket_url: str) -> list[TicketNews]:
    sentence = f"{EXAMPLES['message']}."
    messages = _example_messages(uow)[:1]
    return [TicketNews("BUG-15", "The lamp flickers", ticket_url, [sentence], messages)]


def _ensure_administrator(uow: UnitOfWork) -> None:
    uow.actor.require("set_up", "manage email templates")


def _record(uow: UnitOfWork, kind: str, action: AuditAction, old: str, new: str) -> None:
    audit_log.record(
        uow,
        AuditKind.SETTING,
        action,
        subject_type="email_template",
        subject_name=kind.replace("_", " "),
        field="subject",
        old=old,
        new=new,
    )
