"""The file types that may be attached, recognised by content and name.

The limits are those of Centcom, "File Upload Limits".
"""

from __future__ import annotations

import codecs
import re
import secrets
import string
import unicodedata
import zipfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal

import orjson
import puremagic
from pathvalidate import sanitize_filename

from ticket_app.core.platform.errors import FileRejected

HEAD_BYTES = 4096
"""How much of a file's beginning the signature checks read."""
NAME_BYTES = 255
"""A display name is at most this long in UTF-8, the limit of common file systems."""
EXTENSION_BYTES = 20
"""A longer suffix is part of the name, not an extension."""
JSON_PARSED_BYTES = 2 * 1024 * 1024
"""Up to this size JSON is parsed; above, parsing would cost more memory than it proves."""
STRAY_CONTROLS = 1000
"""Text may contain one control character in this many characters (logs do), but no NUL."""
RANDOM_LETTERS = 8
"""Random part of a stored name."""

Family = Literal["image", "video", "document"]


@dataclass(frozen=True, slots=True)
class FileType:
    """An accepted type: `extension` is the usual one, without a dot."""

    mime: str
    extension: str
    family: Family
    label: str

    @property
    def shown_inline(self) -> bool:
        """Whether a browser may show it in place: raster images only, the rest is downloaded."""
        return self.family == "image"

    @property
    def is_text(self) -> bool:
        """Whether the content is characters."""
        return self in (TEXT, CSV, JSON)


JPEG = FileType("image/jpeg", "jpg", "image", "JPEG image")
PNG = FileType("image/png", "png", "image", "PNG image")
GIF = FileType("image/gif", "gif", "image", "GIF image")
WEBP = FileType("image/webp", "webp", "image", "WebP image")
MP4 = FileType("video/mp4", "mp4", "video", "MP4 video")
WEBM = FileType("video/webm", "webm", "video", "WebM video")
PDF = FileType("application/pdf", "pdf", "document", "PDF document")
TEXT = FileType("text/plain", "txt", "document", "text file")
CSV = FileType("text/csv", "csv", "document", "CSV file")
JSON = FileType("application/json", "json", "document", "JSON file")
ZIP = FileType("application/zip", "zip", "document", "ZIP archive")

BY_EXTENSION: dict[str, FileType] = {
    "jpg": JPEG,
    "jpeg": JPEG,
    "jfif": JPEG,
    "png": PNG,
    "gif": GIF,
    "webp": WEBP,
    "mp4": MP4,
    "webm": WEBM,
    "pdf": PDF,
    "txt": TEXT,
    "log": TEXT,
    "md": TEXT,
    "csv": CSV,
    "json": JSON,
    "zip": ZIP,
}
"""Every accepted extension, in lower case."""

BY_MIME: dict[str, FileType] = {kind.mime: kind for kind in BY_EXTENSION.values()}
"""The type for each stored MIME type."""

ALLOWED = "JPEG, PNG, GIF and WebP images, MP4 and WebM videos, PDF, TXT, CSV, JSON and ZIP files"
"""The accepted types, for messages."""


_INVISIBLE = {"Cc", "Cf", "Cs"}
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800\u034f"


def display_name(raw: str) -> str:
    """Return the name that a file is shown and downloaded under, safe on any system.

    Takes whatever a client sent as the file name; returns 1 to 255 bytes of it.
    """
    seen = (
        " " if character.isspace() else character
        for character in raw
        if character.isspace()
        or (unicodedata.category(character) not in _INVISIBLE and character not in _BLANK_LETTERS)
    )
    name = unicodedata.normalize("NFC", "".join(seen))
    name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = sanitize_filename(
        _shorten_file_name(" ".join(name.split()).strip(". ")),
        "_",
        platform="universal",
        reserved_name_handler=lambda error: f"_{error.reserved_name}",
        additional_reserved_names=["CONIN$", "CONOUT$"],
    )
    return _shorten_file_name(name.strip(". ")) or "file"


def _shorten_file_name(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > EXTENSION_BYTES:
        stem, dot, ending = name, "", ""
    room = NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + ending


def extension_of(name: str) -> str:
    """Return the extension of a file name, in lower case without its dot; "" if it has none."""
    stem, dot, ending = display_name(name).rpartition(".")
    return ending.lower() if dot and stem else ""


def stored_name(now: datetime, extension: str) -> str:
    """Return a name for the stored file, such as `1640123456_abc123xy.png`."""
    letters = string.ascii_lowercase + string.digits
    random = "".join(secrets.choice(letters) for _ in range(RANDOM_LETTERS))
    return f"{int(now.timestamp())}_{random}.{extension}"


def recognise(name: str, head: bytes, whole: BinaryIO | Path) -> FileType:
    """Return the type of a file whose name and content agree on an accepted one.

    `head` is the first `HEAD_BYTES` of the file (or all, if shorter), `whole` is the file.
    Raises `FileRejected` (Centcom, "File Upload Limits").
    """
    shown = display_name(name)
    kind = BY_EXTENSION.get(extension_of(shown))
    if kind is None:
        raise FileRejected(f"{shown} cannot be attached. Allowed are {ALLOWED}.")
    if not head:
        raise FileRejected(f"{shown} is empty.")
    if not _CHECKS[kind](head, whole):
        raise FileRejected(f"{shown} is not a {kind.label}{_actual_type(head, kind)}.")
    return kind


def _actual_type(head: bytes, claimed: FileType) -> str:
    """Return what the content looks like instead, for the message; "" if it is unknown."""
    try:
        guess = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    ending = guess.extension.lstrip(".").lower()
    if not re.fullmatch(r"[a-z0-9]{1,8}", ending) or BY_EXTENSION.get(ending) is claimed:
        return ""
    return f"; its content looks like .{ending}"


@contextmanager
def _reading(whole: BinaryIO | Path) -> Generator[BinaryIO]:
    """Open a file at its start; a stream that was passed in keeps its position."""
    if isinstance(whole, Path):
        with whole.open("rb") as stream:
            yield stream
        return
    position = whole.tell()
    whole.seek(0)
    try:
        yield whole
    finally:
        whole.seek(position)


def _size(whole: BinaryIO | Path) -> int:
    with _reading(whole) as stream:
        return stream.seek(0, 2)


def _is_jpeg(head: bytes, _: BinaryIO | Path) -> bool:
    return head[:3] == b"\xff\xd8\xff" and len(head) > 3 and 0xC0 <= head[3] <= 0xFE


def _is_png(head: bytes, _: BinaryIO | Path) -> bool:
    return head[:16] == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" and len(head) >= 33


def _is_gif(head: bytes, _: BinaryIO | Path) -> bool:
    return head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 13


def _is_webp(head: bytes, whole: BinaryIO | Path) -> bool:
    return (
        head[:4] == b"RIFF"
        and head[8:12] == b"WEBP"
        and head[12:16] in (b"VP8 ", b"VP8L", b"VP8X")
        and int.from_bytes(head[4:8], "little") + 8 <= _size(whole) + 1
    )


_WEBM = re.compile(rb"\x1a\x45\xdf\xa3.{1,60}?\x42\x82\x84webm", re.DOTALL)
_MP4_BRANDS = re.compile(rb"iso[m2-9a-c]|mp4[1-2]|avc1|dash|msdh|M4V[ HP]|MSNV|f4v |cmfc|hvc1|av01")
_OTHER_BRANDS = {
    b"qt  ",
    b"M4A ",
    b"M4B ",
    b"heic",
    b"heix",
    b"hevc",
    b"mif1",
    b"msf1",
    b"avif",
}


def _is_mp4(head: bytes, _: BinaryIO | Path) -> bool:
    length = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or not 16 <= length <= HEAD_BYTES or length % 4:
        return False
    major, minor = head[8:12], head[16:length]
    brands = [major, *(minor[at : at + 4] for at in range(0, len(minor), 4))]
    return major not in _OTHER_BRANDS and any(_MP4_BRANDS.fullmatch(brand) for brand in brands)


def _is_webm(head: bytes, _: BinaryIO | Path) -> bool:
    """An EBML header of document type webm; Matroska has the same signature and is not accepted."""
    return _WEBM.match(head) is not None


def _is_pdf(head: bytes, _: BinaryIO | Path) -> bool:
    return re.match(rb"%PDF-[12]\.\d", head) is not None


def _is_zip(head: bytes, whole: BinaryIO | Path) -> bool:
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return False
    with _reading(whole) as stream:
        return zipfile.is_zipfile(stream)


_BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = "".join(
    chr(code) for code in [*range(32), 127] if chr(code) not in "\a\b\t\n\v\f\r\x1b"
)
_CONTROL = re.compile(f"[{re.escape(_CONTROLS)}]")


def encoding_of(head: bytes) -> str:
    """Return the encoding that a text's byte order mark announces; UTF-8 without one."""
    return next(
        (encoding for mark, encoding in _BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8"
    )


def _is_text(head: bytes, whole: BinaryIO | Path) -> bool:
    """Accept UTF-8, UTF-16/32 with a byte order mark, or Latin-1, with few control characters."""
    encoding = encoding_of(head)
    return _is_text_in_encoding(encoding, whole) or (
        encoding == "utf-8" and _is_text_in_encoding("latin-1", whole)
    )


def _is_text_in_encoding(encoding: str, whole: BinaryIO | Path) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    strays = characters = 0
    with _reading(whole) as stream:
        try:
            while chunk := stream.read(256 * 1024):
                text = decoder.decode(chunk)
                if "\0" in text:
                    return False
                strays += len(_CONTROL.findall(text))
                characters += len(text)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return strays <= characters // STRAY_CONTROLS


def _is_json(head: bytes, whole: BinaryIO | Path) -> bool:
    if not _is_text(head, whole):
        return False
    if _size(whole) > JSON_PARSED_BYTES:
        return head.decode(encoding_of(head), errors="ignore").lstrip()[:1] in tuple('[{"')
    with _reading(whole) as stream:
        content = stream.read(JSON_PARSED_BYTES)
    try:
        orjson.loads(content.decode(encoding_of(content)))
    except ValueError:
        return False
    return True


_CHECKS: dict[FileType, Callable[[bytes, BinaryIO | Path], bool]] = {
    JPEG: _is_jpeg,
    PNG: _is_png,
    GIF: _is_gif,
    WEBP: _is_webp,
    MP4: _is_mp4,
    WEBM: _is_webm,
    PDF: _is_pdf,
    TEXT: _is_text,
    CSV: _is_text,
    JSON: _is_json,
    ZIP: _is_zip,
}
