"""Subjects and introductions of emails: the default ones, or an administrator's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from jinja2 import Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import bindparam, select

from ticket_app.core.email.outgoing import texts
from ticket_app.core.platform import markdown_escapes, markup
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import email_template_table

VARIABLES: Mapping[str, Mapping[str, str]] = {
    "ticket": {"key": "BUG-15", "title": "The lamp flickers", "status": "open"},
    "recipient": {"name": "Uma Perera"},
    "actor": {"name": "Sam Okafor"},
}
"""The variables of a template, with examples; the others of `EXAMPLES` are texts."""
EXAMPLES: Mapping[str, object] = {
    **VARIABLES,
    "message": "Sam Okafor replied to BUG-15",
    "link": "https://desk.example.com/portal/tickets/BUG-15",
    "help_desk": "Acme Support",
}


@dataclass(frozen=True, slots=True)
class EmailTemplateText:
    """The subject and the introduction (Markdown) of one kind of email."""

    subject: str
    body: str


_ALLOWED_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const),
    *(nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Filter, nodes.Test, nodes.Keyword),
)
"""What a template may consist of: variables, conditions and filters. Nothing repeats, computes or
calls, so that no template takes long or becomes large."""
_ALLOWED_FILTERS = frozenset(
    {"capitalize", "d", "default", "length", "lower", "striptags", "title", "trim", "upper"}
)


class SandboxedTexts(ImmutableSandboxedEnvironment):
    """Renders what administrators write: variables, conditions and a few filters."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        for node in parsed.find_all(nodes.Node):
            if not isinstance(node, _ALLOWED_NODES):
                word = type(node).__name__.lower()
                raise TemplateSyntaxError(f"{word} is not possible here", node.lineno)
            if isinstance(node, nodes.Filter) and node.name not in _ALLOWED_FILTERS:
                raise TemplateSyntaxError(f"the filter {node.name} does not exist", node.lineno)
        return parsed


_OUR_WORDS = frozenset({"key", "status", "link"})
"""Variables that nobody writes, which conditions may compare."""
_environment = SandboxedTexts(autoescape=False)
_SELECT_TEMPLATE = select(email_template_table.c.subject, email_template_table.c.body).where(
    email_template_table.c.kind == bindparam("wanted_kind")
)


def default_template(kind: str) -> EmailTemplateText:
    """Return the texts of a kind of email as they are without an administrator's own."""
    return EmailTemplateText(
        texts.SUBJECTS.get(kind, texts.TICKET_SUBJECT), texts.INTRODUCTIONS[kind]
    )


def get_template(uow: UnitOfWork, kind: str) -> EmailTemplateText:
    """Return the texts of a kind of email: an administrator's own, or else the default."""
    row = uow.first_row(_SELECT_TEMPLATE, {"wanted_kind": kind}, of=EmailTemplateText)
    return EmailTemplateText(row.subject, row.body) if row else default_template(kind)


@lru_cache(maxsize=256)
def _compile(text: str) -> Template:
    return _environment.from_string(text)


def fill(text: str, variables: Mapping[str, object]) -> str:
    """Return a template with its variables filled in. Raises `Invalid`."""
    try:
        return _compile(text).render(variables)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise Invalid("template", f"cannot be filled in: {error}") from None


def fill_or_default(text: str, default: str, variables: Mapping[str, object]) -> str:
    """Return an administrator's own text filled in, or the default one if it cannot be."""
    try:
        return fill(text, variables)
    except Invalid:
        return fill(default, variables)


def render_introduction(introduction: str) -> str:
    """Return a filled introduction (Markdown) as safe HTML."""
    return markup.render(introduction)


def as_words(variables: Mapping[str, object]) -> dict[str, object]:
    """Return variables for a text in Markdown, in which titles and names are words, not markup."""
    return {name: _escape_markdown(name, value) for name, value in variables.items()}


def _escape_markdown(name: str, value: object) -> object:
    if isinstance(value, dict):
        return as_words(cast("dict[str, object]", value))
    if isinstance(value, str) and name not in _OUR_WORDS:
        return markdown_escapes.escape(value)
    return value
