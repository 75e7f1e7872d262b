"""The file name in the header of an upload's part, however the client wrote it."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from starlette.formparsers import MultiPartParser

_ENCODED_WORD_PATTERN = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
_EXCLUDED_CODECS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"}
)
"""Codecs that are no charset of a file name."""


def parse_file_name(header: bytes) -> str | None:
    """Return the file name in the Content-Disposition of a part; None if the part is no file.

    `filename*` (RFC 8187, also continued as RFC 2231 has it) counts before `filename`, in which
    encoded words (RFC 2047, as .NET sends them) are decoded. Text that is not UTF-8 is Latin-1.
    """
    plain, extended = _file_names(header)
    decoded = _decode_extended_value(*extended) if extended else None
    if decoded:
        return decoded
    if plain is None:
        return extended[1] if extended else None
    return _decode_encoded_words(plain)


def _file_names(header: bytes) -> tuple[str | None, tuple[str, str] | None]:
    """Return the plain name, and the extended one as its charset and its bytes as Latin-1."""
    message = Message()
    try:
        message["Content-Disposition"] = header.decode("utf-8")
    except UnicodeDecodeError:
        message["Content-Disposition"] = header.decode("latin-1")
    plain, extended = None, None
    for name, value in message.get_params([], "Content-Disposition")[1:]:
        if name == "filename" and isinstance(value, tuple):
            extended = (value[0] or "utf-8", value[2])
        elif name == "filename":
            plain = value
    return plain, extended


def _decode_extended_value(charset: str, value: str) -> str | None:
    try:
        codec = codecs.lookup(charset).name
        if codec.replace("_", "-") in _EXCLUDED_CODECS:
            return None
        return value.encode("latin-1").decode(codec)
    except (LookupError, ValueError):
        return None


def _decode_encoded_words(value: str) -> str:
    if not _ENCODED_WORD_PATTERN.search(value):
        return value
    try:
        return "".join(
            part if isinstance(part, str) else part.decode(charset or "latin-1")
            for part, charset in decode_header(value)
        )
    except (HeaderParseError, LookupError, ValueError):
        return value


class FileNameMultiPartParser(MultiPartParser):
    """Starlette's parser, which reads `filename` only, with every way to name a file."""

    def on_headers_finished(self) -> None:
        """Begin a field or, if its header names one in any way, a file."""
        part = self._current_part
        header = part.content_disposition
        name = parse_file_name(header) if header else None
        if header and name is not None and _file_names(header)[0] is None:
            part.content_disposition = header + b'; filename="file"'
        super().on_headers_finished()
        if part.file is not None and name is not None:
            part.file.filename = name
