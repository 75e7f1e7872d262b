"""Parse the file name in the headers of an uploaded part."""

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
"""Python codecs that are not character sets of file names."""


def parse_file_name(header: bytes) -> str | None:
    """Return the file name in the Content-Disposition of a part; None if the part is not a file.

    `filename*` (RFC 8187, also with RFC 2231 continuations) takes precedence over `filename`, in
    which encoded words (RFC 2047, as sent by .NET) are decoded. Text that is not UTF-8 is read as
    Latin-1.
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
    """Starlette's parser, which reads only `filename`, extended to all forms of file names."""

    def on_headers_finished(self) -> None:
        """Start a field, or a file if the header has a file name in any form."""
        part = self._current_part
        header = part.content_disposition
        name = parse_file_name(header) if header else None
        if header and name is not None and _file_names(header)[0] is None:
            part.content_disposition = header + b'; filename="file"'
        super().on_headers_finished()
        if part.file is not None and name is not None:
            part.file.filename = name
