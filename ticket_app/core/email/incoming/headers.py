"""Read headers: encoded words, addresses, message ids, dates and parameters, also broken ones."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from ticket_app.core.email.incoming import charsets
from ticket_app.core.platform.email_addresses import MAX_EMAIL_LENGTH

MAX_STRUCTURED_LENGTH = 8_000
"""Characters of a header that says how a part is encoded; the rest is cut off."""
MAX_HEADER_LENGTH = 100_000
"""Characters of any other header."""
MAX_ADDRESSES = 1_000
"""Addresses of one header."""
MAX_MESSAGE_IDS = 500
"""Message ids of one header."""
MAX_MESSAGE_ID_LENGTH = 498
"""Characters between the brackets of a message id."""
MAX_NAME_LENGTH = 200
MAX_SUBJECT_LENGTH = 500

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
_BARE_ADDRESS = re.compile(r"[^\s<>\"'(),:;@\[\]]{1,64}@[^\s<>\"'(),:;@\[\]]{1,253}")


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: the name as it is shown, which may be empty, and the address as written."""

    name: str
    address: str


class SourcePolicy(EmailPolicy):
    """The modern policy of Python's email package, for headers of any length and form."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a header, cut at the limit."""
        name, value = super().header_source_parse(sourcelines)
        is_structured = name.lower().startswith("content-")
        return name, value[: MAX_STRUCTURED_LENGTH if is_structured else MAX_HEADER_LENGTH]

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return the value of a header, parsed unless it is too broken for that."""
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # noqa: BLE001 - hostile headers break the parser in many ways
            return one_line(value)


def raw_values(message: EmailMessage, name: str) -> list[str]:
    """Return all values of a header on one line each, as sent but with its bytes decoded."""
    folded = name.lower()
    return [
        re.sub(r"\r?\n[ \t]*|\r", " ", _decode_bytes(str(value))).strip()
        for key, value in message.raw_items()
        if key.lower() == folded
    ]


def raw_value(message: EmailMessage, name: str) -> str | None:
    """Return the first value of a header, or None."""
    return next(iter(raw_values(message, name)), None)


def text_value(message: EmailMessage, name: str) -> str:
    """Return the first value of a header as text on one line; "" without one."""
    return one_line(decode_words(raw_value(message, name) or ""))


def one_line(text: str) -> str:
    """Return a text without line breaks and invisible control characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = (
        " " if character.isspace() else character
        for character in text
        if character.isspace() or _is_shown(character)
    )
    return " ".join("".join(seen).split())


def _is_shown(character: str) -> bool:
    category = unicodedata.category(character)
    # Joiners belong to emoji and to the scripts of Persia and India; other format characters hide.
    return category not in ("Cc", "Cs", "Cf") or character in "\u200c\u200d"


def _decode_bytes(value: str) -> str:
    """Return a header whose bytes beyond ASCII were kept as surrogates."""
    if value.isascii():
        return value
    return charsets.decode_undeclared(value.encode("utf-8", errors="surrogateescape"))


def decode_words(value: str) -> str:
    """Return a header with its encoded words (RFC 2047) decoded; broken ones stay as they are."""
    if "=?" not in value:
        return value
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    parts: list[str] = []
    pending: tuple[str, bytes] | None = None
    done = 0
    for word in _ENCODED_WORD.finditer(joined):
        between = joined[done : word.start()]
        charset = word[1].partition("*")[0]
        content = _decode_word(word[2].lower(), word[3])
        if pending and not between and pending[0].lower() == charset.lower():
            # A character may be split over two words.
            pending = (pending[0], pending[1] + content)
        else:
            if pending:
                parts.append(charsets.decode(pending[1], pending[0]))
            pending = (charset, content)
            parts.append(between)
        done = word.end()
    if pending:
        parts.append(charsets.decode(pending[1], pending[0]))
    return "".join([*parts, joined[done:]])


def _decode_word(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", errors="surrogateescape")
    if encoding == "q":
        return quopri.decodestring(raw.replace(b"_", b" "), header=False)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return raw


def addresses(message: EmailMessage, name: str) -> list[Address]:
    """Return the addresses of all headers of a name, in their order."""
    found: list[Address] = []
    for value in raw_values(message, name):
        found += parse_addresses(value)
    return found[:MAX_ADDRESSES]


def parse_addresses(value: str) -> list[Address]:
    """Return the addresses of a header's value; what is no address is left out."""
    words: list[str] = []

    def set_aside(word: re.Match[str]) -> str:
        # Encoded words may hold what divides addresses.
        words.append(word[0])
        return f"\ue0f8{len(words) - 1}\ue0f9"

    def put_back(text: str) -> str:
        return re.sub("\ue0f8(\\d+)\ue0f9", lambda found: words[int(found[1])], text)

    plain = _ENCODED_WORD.sub(set_aside, re.sub("[\ue0f8\ue0f9]", "", value))
    try:
        pairs = getaddresses([plain])
    except (ValueError, IndexError, TypeError, RecursionError):
        pairs = []
    found = [
        Address(one_line(decode_words(put_back(label)))[:MAX_NAME_LENGTH], cleaned)
        for label, address in pairs
        if (cleaned := clean_address(put_back(address)))
    ]
    if found or "@" not in value:
        return found[:MAX_ADDRESSES]
    bare = _BARE_ADDRESS.findall(decode_words(value))
    return [
        Address("", cleaned) for text in bare[:MAX_ADDRESSES] if (cleaned := clean_address(text))
    ]


def clean_address(text: str) -> str:
    """Return an address without line breaks, spaces and control characters; "" if it is none."""
    address = one_line(decode_words(text)).replace(" ", "").strip("<>\"'.,;")
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or len(address) > MAX_EMAIL_LENGTH:
        return ""
    return "" if re.search(r"[<>,;:\\\"()\[\]]", address) else address


def message_ids(values: Iterable[str]) -> list[str]:
    """Return the message ids of header values with their brackets, each once."""
    found: dict[str, None] = {}
    for value in values:
        # Python's own email package writes long ids as encoded words.
        for match in _MESSAGE_ID.finditer(decode_words(value)):
            # A client that folds a long id puts a blank into it.
            inner = re.sub(r"\s+", "", one_line(match[1]))
            if "@" in inner and len(inner) <= MAX_MESSAGE_ID_LENGTH:
                found[f"<{inner}>"] = None
    return list(found)[-MAX_MESSAGE_IDS:]


def message_id(message: EmailMessage) -> str | None:
    """Return the id of a message as it was sent, or None."""
    value = raw_value(message, "Message-ID")
    if not value:
        return None
    value = decode_words(value)
    found = _MESSAGE_ID.search(value)
    inner = re.sub(r"\s+", "", one_line(found[1] if found else value.strip("<>")))
    return f"<{inner[:MAX_MESSAGE_ID_LENGTH]}>" if inner else None


def sent_at(message: EmailMessage) -> datetime | None:
    """Return when the sender says that the message was sent, in UTC, or None."""
    value = raw_value(message, "Date")
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value[:200])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parameter(message: EmailMessage, header: str, name: str) -> str:
    """Return a parameter of a header (RFC 2231, and the ways in which clients break it); or ""."""
    value = raw_value(message, header)
    if not value or name not in value.lower():
        return ""
    plain: str | None = None
    pieces: dict[int, tuple[str, bool]] = {}
    for key, text in _split_parameters(value):
        base, star, rest = key.partition("*")
        if base != name:
            continue
        if not star:
            plain = text if plain is None else plain
        elif rest == "":
            pieces.setdefault(0, (text, True))
        else:
            number, is_encoded = rest.rstrip("*"), rest.endswith("*")
            if number.isdecimal() and len(number) < 5:
                pieces.setdefault(int(number), (text, is_encoded))
    if pieces:
        return one_line(decode_words(_join_pieces(pieces)))
    return one_line(_percent_decoded(decode_words(plain or "")))


def _split_parameters(value: str) -> list[tuple[str, str]]:
    """Return the parameters after the first semicolon; quotes may hold semicolons."""
    found: list[tuple[str, str]] = []
    pattern = r";\s*([\w*!#$&+.^`{}~-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)(?:\"|$)|([^;]*))"
    for match in re.finditer(pattern, value):
        quoted, bare = match[2], match[3]
        text = re.sub(r"\\([\"\\])", r"\1", quoted) if quoted is not None else bare.strip()
        found.append((match[1].lower(), text))
    return found


def _join_pieces(pieces: dict[int, tuple[str, bool]]) -> str:
    """Return a value in continuations; its first piece names the charset."""
    charset = ""
    content = b""
    for number in sorted(pieces):
        text, is_encoded = pieces[number]
        if is_encoded and number == min(pieces) and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        content += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "surrogateescape")
    return charsets.decode(content, charset or None)


def _percent_decoded(name: str) -> str:
    """Return a name that a client has written as a URL although it is not marked so."""
    if re.search(r"%[89A-Fa-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]", name):
        try:
            return unquote_to_bytes(name).decode()
        except UnicodeDecodeError:
            return name
    return name
