"""The file name in the header of an upload's part, however the client wrote it."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header
from urllib.parse import unquote_to_bytes

from starlette.formparsers import MultiPartParser

_PARAMETER = re.compile(r""";\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))""", re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
_CONTINUED = re.compile(r"filename\*(\d{1,2})(\*?)")
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}
)
"""Codecs that are no charset of a file name."""


def file_name(header: bytes) -> str | None:
    """The file name in the Content-Disposition of a part; None if the part is no file.

    `filename*` (RFC 8187, also continued as RFC 2231 has it) counts before `filename`, in which
    encoded words (RFC 2047, as .NET sends them) are decoded. Text that is not UTF-8 is Latin-1.
    """
    parameters = dict(_parameters(_text(header)))
    extended = parameters.get("filename*")
    if extended is None:
        extended = _continued(parameters)
    plain = parameters.get("filename")
    decoded = None if extended is None else _decoded(extended)
    if decoded:
        return decoded
    if plain is None:
        return extended
    return _without_encoded_words(plain)


def _text(header: bytes) -> str:
    try:
        return header.decode("utf-8")
    except UnicodeDecodeError:
        return header.decode("latin-1")


def _parameters(header: str) -> list[tuple[str, str]]:
    found = []
    for match in _PARAMETER.finditer(header):
        name, quoted, bare = match.groups()
        # Browsers send a backslash as it is, programs escape it: only quotes and backslashes
        # can have been escaped.
        value = bare.strip() if quoted is None else _ESCAPED.sub(r"\1", quoted)
        found.append((name.lower(), value))
    return found


def _continued(parameters: dict[str, str]) -> str | None:
    pieces = {
        int(match.group(1)): (value, bool(match.group(2)))
        for name, value in parameters.items()
        if (match := _CONTINUED.fullmatch(name))
    }
    if 0 not in pieces:
        return None
    in_order = [pieces[n] for n in range(len(pieces)) if n in pieces]
    first, is_encoded = in_order[0]
    charset = "" if is_encoded else "utf-8''"
    return charset + first + "".join(value for value, _ in in_order[1:])


def _decoded(value: str) -> str | None:
    """The text of `charset'language'percent-encoded`; None if it is not well formed."""
    charset, quote, rest = value.partition("'")
    _, second_quote, encoded = rest.partition("'")
    if not quote or not second_quote:
        return None
    try:
        codec = codecs.lookup(charset or "utf-8").name
        if codec.replace("_", "-") in _NO_CHARSETS:
            return None
        return unquote_to_bytes(encoded).decode(codec)
    except (LookupError, ValueError):
        return None


def _without_encoded_words(value: str) -> str:
    if not _ENCODED_WORD.search(value):
        return value
    try:
        return "".join(
            part if isinstance(part, str) else part.decode(charset or "latin-1")
            for part, charset in decode_header(value)
        )
    except (HeaderParseError, LookupError, ValueError):
        return value


class NamedPartParser(MultiPartParser):
    """Starlette's parser, which reads `filename` only, with every way to name a file."""

    def on_headers_finished(self) -> None:
        """Begin a field or, if its header names one in any way, a file."""
        part = self._current_part
        header = part.content_disposition
        name = file_name(header) if header else None
        if header and name is not None and not _names_plainly(header):
            part.content_disposition = header + b'; filename="file"'
        super().on_headers_finished()
        if part.file is not None and name is not None:
            part.file.filename = name


def _names_plainly(header: bytes) -> bool:
    return any(name == "filename" for name, _ in _parameters(_text(header)))
