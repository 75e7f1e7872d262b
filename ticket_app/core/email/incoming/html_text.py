"""Turn the HTML of messages into plain text, with quoted history and signatures marked."""

from __future__ import annotations

import html as html_entities
import re
import warnings
from collections.abc import Iterable, Mapping

import nh3
from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from markdownify import MarkdownConverter

from ticket_app.core.email.incoming.phrases import is_forward_marker

MAX_HTML_LENGTH = 1_000_000
"""Characters of HTML that are read."""
MAX_ELEMENTS = 30_000
"""Elements of HTML that is laid out; of more, only the words are taken."""
MAX_LINK_LENGTH = 500
"""Characters of an address that is shown beside the words of its link."""

HISTORY_MARK = "\ue0f0"
"""A line of the text below which all is quoted history."""
SIGNATURE_MARK = "\ue0f1"
"""Before each line of a signature."""
QUOTE_MARK = "\ue0f2"
"""Before each line of a quoted message."""

_BREAK = "\ue0f3"
"""A line break that was written as such, until the blocks around it are known."""

_QUOTES = (
    *(
        "blockquote[type=cite]",
        "blockquote[cite]",
        "blockquote[class*=quote]",
        "blockquote[id*=quote]",
    ),
    *("div[class*=yahoo_quoted]", "div[id*=yahoo_quoted]", "[class*=moz-cite-prefix]"),
    *("[id$=OLK_SRC_BODY_SECTION]", "[class*=gmail_attr]", "div[class*=protonmail_quote]"),
    *("div[id$=isReplyContent]", "includetail", "blockquote[class*=iosquote]"),
)
"""What holds quoted messages or says who wrote them; Outlook puts `x_` before names it receives."""
_HISTORY_STARTS = (
    *("[id$=divRplyFwdMsg]", "[id$=appendonsend]", "hr[id$=stopSpelling]"),
    *(
        "[id$=mail-editor-reference-message-container]",
        "[class*=ms-outlook-mobile-reference-message]",
    ),
)
"""What is at the top of the history in Outlook."""
_SIGNATURES = (
    *("[class*=gmail_signature]", "[data-smartmail=gmail_signature]", "[class*=moz-signature]"),
    *("[id$=Signature]", "[id$=ms-outlook-mobile-signature]", "[id*=AppleMailSignature]"),
    *("[class*=protonmail_signature]", "[id$=ymail_android_signature]", "[id$=composer_signature]"),
)
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_BLOCKS = ["p", "div", "table", "ul", "ol", "br", "blockquote", "pre", "h1", "h2", "h3", "hr"]
_MARKS = re.compile("[\ue0f0-\ue0ff]")
_BLOCK_END = re.compile(
    r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote|/pre|hr)\b[^>]{0,200}>", re.IGNORECASE
)

ALLOWED_TAGS = nh3.ALLOWED_TAGS | {"font", "section", "article", "main"}
ALLOWED_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "img": {"src", "alt", "title", "width", "height"},
    "font": {"color", "size"},
}


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    # A picture from elsewhere tells its server when and where the message was read.
    if tag == "img" and attribute == "src" and not value.lower().startswith("cid:"):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    attribute_filter=_allowed,
    clean_content_tags={"script", "style", "title"},
    link_rel="nofollow noopener noreferrer",
    url_schemes={"http", "https", "mailto", "tel", "cid"},
)


def clean(html: str) -> str:
    """Return HTML without scripts, styles, forms and remote pictures; pictures of the message stay.

    Their addresses are `cid:` and the content id; whoever shows the HTML replaces them.
    """
    return _CLEANER.clean(html[:MAX_HTML_LENGTH])


def image_placeholder(name: str) -> str:
    """Return what is written where a picture is shown in the text."""
    return f"[image: {name}]"


def render(html: str, image_names: Mapping[str, str]) -> str:
    """Return HTML as plain text with marks.

    `image_names` has the file names of pictures by content id; each leaves `[image: name]` in its
    place. Lines of quoted messages begin with `QUOTE_MARK`, lines of signatures with
    `SIGNATURE_MARK`; a line with `HISTORY_MARK` is above history without an end.
    """
    html = _MARKS.sub("", html[:MAX_HTML_LENGTH])
    if html.count("<") > 2 * MAX_ELEMENTS:
        return _words(html)
    try:
        soup = BeautifulSoup(html, "lxml")
        _prepare(soup)
        text = _with_line_breaks(_PlainConverter(image_names).convert_soup(soup))
    except Exception:  # noqa: BLE001 - whatever a parser makes of broken HTML, the words are kept
        return _words(html)
    return text.strip() or _words(html)


def _with_line_breaks(text: str) -> str:
    """Return a text with its marked line breaks; one at the end of a block does not add a line."""
    text = re.sub(f" *{_BREAK} *", _BREAK, text.replace("\xa0", " "))
    return re.sub(f"{_BREAK}(?=\n|$)", "", text).replace(_BREAK, "\n")


def _words(html: str) -> str:
    """Return the words of HTML of which nothing else can be told."""
    plain = nh3.clean(
        _BLOCK_END.sub("\n", html), tags=set(), clean_content_tags={"script", "style", "title"}
    )
    return html_entities.unescape(plain)


def _prepare(soup: BeautifulSoup) -> None:
    for element in soup.select("script, style, head, title, template"):
        element.decompose()
    for element in soup.find_all(style=_INVISIBLE):
        if not element.decomposed:
            element.decompose()
    for element in _outermost(soup, _QUOTES):
        if not is_forward_marker(_first_words(element)):
            element["data-part"] = "quote"
    for element in _outermost(soup, _SIGNATURES):
        element["data-part"] = element.get("data-part") or "signature"
    for element in soup.select(", ".join(_HISTORY_STARTS)):
        element.insert_before(soup.new_tag("history_start"))
    _flatten_layout_tables(soup)
    for ordered in soup.find_all("ol"):
        for number, item in enumerate(ordered.find_all("li", recursive=False), 1):
            item["data-number"] = str(number)


def _outermost(soup: BeautifulSoup, selectors: Iterable[str]) -> list[Tag]:
    """Return the elements that match and are not inside of another one that does."""
    found = soup.select(", ".join(selectors))
    matching = {id(element) for element in found}
    return [
        element
        for element in found
        if not any(id(parent) in matching for parent in element.parents)
    ]


def _first_words(element: Tag) -> str:
    return element.get_text(" ", strip=True)[:200]


def _flatten_layout_tables(soup: BeautifulSoup) -> None:
    """Turn rows that only place things on the page into blocks; rows of data stay."""
    for row in soup.find_all("tr"):
        columns = row.find_all(["td", "th"], recursive=False)
        if len(columns) < 2 or any(column.find(_BLOCKS) for column in columns):
            for element in (row, *columns):
                element.name = "div"


# Word writes HTML that calls itself XML.
warnings.filterwarnings("ignore", category=XMLParsedAsHTMLWarning)


class _PlainConverter(MarkdownConverter):
    """Writes text without any Markdown."""

    def __init__(self, image_names: Mapping[str, str]) -> None:
        super().__init__(
            escape_asterisks=False, escape_underscores=False, wrap=True, wrap_width=None
        )
        self.image_names = image_names

    def process_tag(self, node: Tag, parent_tags: set[str] | None = None) -> str:
        part = node.get("data-part")
        text = super().process_tag(node, parent_tags=parent_tags)
        if part == "quote":
            return _prefixed(text, QUOTE_MARK)
        return _prefixed(text, SIGNATURE_MARK) if part == "signature" else text

    def _block(self, text: str) -> str:
        stripped = text.strip(" \t\r\n\xa0")
        return f"\n{stripped}\n" if stripped else "\n\n"

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Put a block on lines of its own; a block with a line break only is an empty line."""
        if "_inline" in parent_tags:
            return f" {text.strip()} "
        if not text and "\xa0" in el.get_text():
            return "\n\n"
        return self._block(text) if text else ""

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Put empty lines around a paragraph, except for those that Word writes for each line."""
        if "_inline" in parent_tags or "Mso" in str(el.get("class")):
            return self.convert_div(el, text, parent_tags)
        stripped = text.strip(" \t\r\n\xa0")
        return f"\n\n{stripped}\n\n" if stripped else "\n\n"

    def convert_history_start(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Mark where the history begins."""
        return f"\n{HISTORY_MARK}\n"

    convert_article = convert_section = convert_dl = convert_div

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """End the line."""
        return " " if "_inline" in parent_tags else _BREAK

    def convert_blockquote(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write an indented block like any other; quoted messages are marked by `process_tag`."""
        return self.convert_div(el, text, parent_tags)

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write the address of a link after its words, if they do not say it."""
        address = str(el.get("href") or "").strip()
        words = text.strip()
        if (
            not address.lower().startswith(("http://", "https://"))
            or len(address) > MAX_LINK_LENGTH
        ):
            return text
        if not words or address.rstrip("/").endswith(words.rstrip("/")) or "[image: " in words:
            return text
        return f"{text.rstrip()} ({address}){' ' if text.endswith(' ') else ''}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Name a picture of the message, or write the alternative text of another one."""
        source = str(el.get("src") or "")
        name = (
            self.image_names.get(source[4:].strip("<>")) if source[:4].lower() == "cid:" else None
        )
        return image_placeholder(name) if name else str(el.get("alt") or "").strip()

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Write a bullet or the number before an item and indent its other lines."""
        number = el.get("data-number")
        bullet = f"{number}. " if number else "- "
        lines = _with_line_breaks(text).strip().split("\n")
        return (
            "\n".join([bullet + lines[0], *(" " * len(bullet) + line for line in lines[1:])]) + "\n"
        )

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Keep lines and spaces."""
        return f"\n{text.strip(chr(10))}\n" if text.strip() else ""

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        """Write a heading as a paragraph."""
        return self.convert_p(el, text, parent_tags)

    def convert_hr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Leave out a line that only divides."""
        return "\n\n"

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Divide the columns of a row."""
        return " ".join(text.split()) + " | "

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Put a row on its line."""
        return text.removesuffix(" | ").rstrip() + "\n"

    def _as_is(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text

    convert_b = convert_strong = convert_i = convert_em = convert_del = convert_s = _as_is
    convert_code = convert_kbd = convert_samp = convert_sub = convert_sup = _as_is
    convert_video = convert_dd = convert_q = _as_is


def _prefixed(text: str, prefix: str) -> str:
    lines = _with_line_breaks(text).strip("\n").split("\n")
    return "\n" + "\n".join(prefix + line for line in lines) + "\n"
