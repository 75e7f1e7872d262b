"""Render the texts of tickets as safe HTML: Markdown as people type it, plain text as written.

Markdown is CommonMark with one difference: what looks like a path, an expression or an
identifier stays as written (`core.platform.markdown_escapes`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import nh3
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, linkify
from markdown_it.token import Token

from ticket_app.core.platform import markdown_escapes, plain_text
from ticket_app.core.platform.ticket_numbers import parse_reference
from ticket_app.core.platform.vocabulary import TextFormat

MAX_MARKDOWN_LENGTH = 50_000
"""Characters of one text that are read as Markdown; a longer one is shown as plain text."""
MAX_NESTING = 20
"""Levels of quotes in lists in quotes, and of brackets in brackets, that are parsed."""
MAX_LINKED_KEYS = 200
"""Different ticket keys of one text that become links."""
MAX_URL_LENGTH = 2_000
"""A longer address does not become a link."""
RENDER_CACHE_SIZE = 512
"""Rendered texts kept in the cache."""
PREVIEW_LENGTH = 140
"""Characters of a preview."""
MAX_PREVIEW_SOURCE_LENGTH = 2_000
"""Characters of Markdown that a preview is taken from."""

ALLOWED_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre"),
    *("blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a", "img"),
}
"""The only tags of the output."""
ALLOWED_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "code": {"class"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
}
ALLOWED_SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow noopener noreferrer ugc"
OWN_IMAGE_PATHS = ("/files/", "/api/")
"""Pictures are shown from these paths of this site; any other becomes a link."""

_KEY = re.compile(r"(?<![\w/#&=?.-])[A-Z]{1,5}(?:-\d{1,12}){1,2}(?![\w-])")
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,30}")
_LONG_WORD = re.compile(rf"\S{{{MAX_URL_LENGTH + 1},}}")
_DIRECTION = re.compile("[\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
"""Characters that make an address look like another one."""
_SCHEME = re.compile(r"(?:https?://[^/\s]|mailto:[^\s])", re.IGNORECASE)
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters that mark ticket keys between parsing and output; no text may hold them."""
_MARKED = re.compile(f"{_OPEN}([A-Z0-9-]{{1,40}}){_CLOSE}")
_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def render(
    text: str,
    link_key: Callable[[str], str | None] | None = None,
    text_format: TextFormat = TextFormat.MARKDOWN,
) -> str:
    """Return a text as safe HTML; `link_key` returns the address of a ticket key, or None."""
    rendered = _rendered(text) if text_format is TextFormat.MARKDOWN else _rendered_plain(text)
    addresses: dict[str, str | None] = {}

    def shown(marked: re.Match[str]) -> str:
        key = marked[1]
        if link_key is not None and key not in addresses and len(addresses) < MAX_LINKED_KEYS:
            # UTF-8 and COVID-19 look like keys, but no ticket is ever called so.
            addresses[key] = link_key(key) if parse_reference(key) else None
        address = addresses.get(key)
        return (
            f'<a href="{html.escape(address)}">{key}</a>' if address and _is_safe(address) else key
        )

    return _MARKED.sub(shown, rendered)


@lru_cache(maxsize=RENDER_CACHE_SIZE)
def _rendered(markdown: str) -> str:
    """Return safe HTML with the ticket keys still marked."""
    text = _without_key_marks(markdown)
    if len(text) > MAX_MARKDOWN_LENGTH:
        return _render_escaped_lines(text)
    try:
        return _CLEANER.clean(_PARSER.render(text))
    except RecursionError:
        return _render_escaped_lines(text)


def _without_key_marks(text: str) -> str:
    """Return the text without lone surrogates and without the characters that mark keys."""
    text = text.encode(errors="replace").decode()
    return text.translate({ord(_OPEN): None, ord(_CLOSE): None})


def _render_escaped_lines(text: str) -> str:
    return f"<p>{'<br>'.join(html.escape(line) for line in text.splitlines())}</p>"


@lru_cache(maxsize=RENDER_CACHE_SIZE)
def _rendered_plain(text: str) -> str:
    """Return plain text as safe HTML with the ticket keys still marked."""
    return plain_text.render_html(_without_key_marks(text), _plain_line)


def _plain_line(text: str) -> str:
    """Return escaped text with its addresses as links and its ticket keys marked."""
    parts: list[str] = []
    done = 0
    for link in _WEB_AND_MAIL.match(text):
        if not _is_safe(link.url):
            continue
        target = html.escape(_PARSER.normalizeLink(link.url))
        parts += [
            _marked_plain(text[done : link.index]),
            f'<a href="{target}" target="_blank" rel="{LINK_REL}">{html.escape(link.text)}</a>',
        ]
        done = link.last_index
    return "".join([*parts, _marked_plain(text[done:])])


def _marked_plain(text: str) -> str:
    return _mark_keys(html.escape(text))


@lru_cache(maxsize=4 * RENDER_CACHE_SIZE)
def render_preview(
    text: str, length: int = PREVIEW_LENGTH, text_format: TextFormat = TextFormat.MARKDOWN
) -> str:
    """Return one line of a text without formatting, cut between words at `length` characters.

    It is text, not HTML: escape it where it is shown.
    """
    if text_format is TextFormat.PLAIN:
        return _cut(text[:MAX_PREVIEW_SOURCE_LENGTH], length)
    try:
        tokens = _PARSER.parse(text[:MAX_PREVIEW_SOURCE_LENGTH])
    except RecursionError:
        return _cut(text[:MAX_PREVIEW_SOURCE_LENGTH], length)
    words = " ".join(_words(tokens)).replace(_OPEN, "").replace(_CLOSE, "")
    return _cut(words, length)


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "inline":
            yield "".join(
                " " if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
            )


def _cut(text: str, length: int) -> str:
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    head = line[: max(length - 1, 0)]
    whole = head if line[len(head)] == " " else head.rpartition(" ")[0]
    return (whole or head).rstrip(" ,;:.") + "…"


def _is_safe(address: str) -> bool:
    """Return whether a link may lead there: the web, mail, or a page of this site."""
    if len(address) > MAX_URL_LENGTH or "\\" in address:
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    return _SCHEME.match(address) is not None


def _is_own_image(address: str) -> bool:
    return (
        address.startswith(OWN_IMAGE_PATHS)
        and not re.search(r"//|\\|\.\.|%2e|%2f|%5c", address, re.IGNORECASE)
        and len(address) <= MAX_URL_LENGTH
    )


def _after_parsing(state: StateCore) -> None:
    """Mark ticket keys, draw task lists, check pictures and translate alignment."""
    in_list_item = False
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            style = str(token.attrs.pop("style", ""))
            if style:
                token.attrs["align"] = style.removeprefix("text-align:")
        if token.type == "inline":
            token.children = list(_finish_children(token.children or [], in_list_item))
        if token.type != "paragraph_open":
            in_list_item = token.type == "list_item_open"


def _finish_children(children: list[Token], is_item: bool) -> Iterator[Token]:
    links = 0
    for place, token in enumerate(children):
        links += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "image":
            yield from _image_tokens(token, inside_link=links > 0)
        elif token.type == "text":
            if is_item and not place and token.content[:4] in _BOXES:
                token.content = _BOXES[token.content[:4]] + token.content[4:]
            yield token if links else _text(_mark_keys(token.content))
        else:
            yield token


def _image_tokens(token: Token, *, inside_link: bool) -> Iterator[Token]:
    address = str(token.attrs.get("src", ""))
    if _is_own_image(address):
        token.attrs["loading"] = "lazy"
        yield token
        return
    label = token.content or address
    yield from [_text(label)] if inside_link or not _is_safe(address) else _link(address, label)


def _mark_keys(text: str) -> str:
    return _KEY.sub(lambda key: f"{_OPEN}{key[0]}{_CLOSE}", text)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(address: str, label: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs={"href": _PARSER.normalizeLink(address)})
    yield _text(label)
    yield Token("link_close", "a", -1)


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """Return the value of an attribute that the cleaner keeps, or None."""
    if tag == "img" and attribute == "src":
        return value if _is_own_image(value) else None
    if tag == "a" and attribute == "href":
        return value if _is_safe(value) else None
    if attribute == "class":
        return value if _LANGUAGE.fullmatch(value) else None
    if attribute == "align":
        return value if value in ("left", "center", "right") else None
    return value


class _BareLinks(LinkifyIt):
    """Finds bare addresses in a text, but not within words so long that the search gets slow."""

    def __init__(self, *, mail: bool) -> None:
        super().__init__(options={"fuzzy_link": False, "fuzzy_email": mail})
        for schema in ("ftp:", "//", *(() if mail else ("mailto:",))):
            self.add(schema, None)

    def test(self, text: str) -> bool:
        """Return True always: `match` takes no longer to find out."""
        return True

    def match(self, text: str) -> list[Match]:
        """Return the addresses with their positions."""
        found = super().match(_LONG_WORD.sub(lambda word: " " * len(word[0]), text))
        return [link for link in found or () if not _DIRECTION.search(link.url)]


_WEB_AND_MAIL = _BareLinks(mail=True)


def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "breaks": True, "maxNesting": MAX_NESTING, "linkify": True}
    ).enable(["table", "strikethrough"])
    parser.disable("reference")  # a log line such as `[error]: refused` would vanish
    parser.validateLink = _is_safe  # type: ignore[method-assign]
    markdown_escapes.install(parser)
    parser.linkify = _BareLinks(mail=False)
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    parser.core.ruler.push("bare_links", linkify)
    parser.core.ruler.push("ticket_markup", _after_parsing)
    return parser


_PARSER = _parser()
_CLEANER = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    attribute_filter=_allowed,
    clean_content_tags={"script", "style"},
    link_rel=LINK_REL,
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes=ALLOWED_SCHEMES,
)
